"""The panel as the main window sees it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from panel_store import committed, store_of
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QLineEdit
from pytestqt.qtbot import QtBot

from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.panels.messages.panel import MessagesPanel

if TYPE_CHECKING:
    from .conftest import Session


def test_a_file_that_is_no_session_is_reported_in_a_sentence(
    panel: MessagesPanel, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "nonsense"
    path.write_bytes(b"not a session at all" * 100)
    with qtbot.waitSignal(panel.problem_occurred) as problem:
        store_of(panel).open(str(path))
    assert str(path) in problem.args[0]
    qtbot.waitUntil(lambda: panel.hint.title == "The session cannot be read")


def test_another_session_takes_the_place_of_the_first(
    panel: MessagesPanel, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    session.fill(1_000)
    store_of(panel).open(session.path)
    qtbot.waitUntil(lambda: panel.log.total == 1_000)
    panel.log.scroll_to(3)
    panel.log.rows.choose_row(0, extend=False)
    from spawnscope.core.session.writer import SessionWriter

    other = tmp_path / "other.session"
    writer = SessionWriter(other, about={})
    writer.close()
    store_of(panel).open(str(other))
    qtbot.waitUntil(lambda: panel.log.total == 0)
    assert panel.log.following
    assert not panel.log.selection
    assert panel.log.model.rowCount() == 0


def test_a_session_whose_file_is_gone_goes_on_being_shown_or_is_reported(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    last = session.fill(1_000)
    store_of(panel).open(session.path)
    qtbot.waitUntil(lambda: panel.log.total == 1_000)
    os.remove(session.path)
    committed(panel, last)
    panel.log.scroll_to(0)
    assert panel.log.model.rows[0].text == "line 1"


def test_the_state_is_saved_and_restored(panel: MessagesPanel, qtbot: QtBot) -> None:
    header = panel.log.table.horizontalHeader()
    header.resizeSection(1, 321)
    panel.bar.time.setChecked(True)
    panel.filtering.follow_tree(False)
    state = panel.saveState()
    other = MessagesPanel(store_of(panel), Selection())
    qtbot.addWidget(other)
    assert other.restoreState(state)
    assert other.log.table.horizontalHeader().sectionSize(1) == 321
    assert other.bar.time.isChecked()
    assert not other.filtering.follows_tree


@pytest.mark.parametrize("state", [b"", b"{}", b"[]", b"\xff", b'{"header": 3}', b"null"])
def test_a_state_that_is_none_is_refused(state: bytes, panel: MessagesPanel) -> None:
    assert not panel.restoreState(QByteArray(state))


def test_relative_times_count_from_the_beginning_of_the_session(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.fill(10)
    store_of(panel).open(session.path)
    qtbot.waitUntil(lambda: panel.log.total == 10)
    panel.bar.time.setChecked(True)
    assert panel.log.model.index(0, 0).data().startswith("+0:0")


def test_every_control_has_a_name_and_a_tooltip_or_a_text(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.fill(10)
    store_of(panel).open(session.path)
    qtbot.waitUntil(lambda: panel.log.total == 10)
    panel.finding.open()
    panel.selection.select_processes(frozenset({1}))
    panel.saving.strip.show_progress("Saving", 0.5)
    for button in panel.findChildren(QAbstractButton):
        if button.isVisible() and not isinstance(button.parent(), QLineEdit):
            assert button.accessibleName() or button.text(), button
            assert button.toolTip() or button.text(), button
    for field in panel.findChildren(QLineEdit):
        assert field.accessibleName()


def test_a_screen_reader_can_read_the_rows(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.say("hello from the worker", process=2)
    store_of(panel).open(session.path)
    qtbot.waitUntil(lambda: panel.log.total == 1)
    interface = QAccessible.queryAccessibleInterface(panel.log.table)
    assert interface.text(QAccessible.Text.Name) == "Messages"
    assert interface.role() is QAccessible.Role.Table
    said = [
        interface.child(place).text(QAccessible.Text.Name)
        for place in range(interface.childCount())
    ]
    assert said[1:5] == ["Time", "Process", "Stream", "Message"]
    assert said[-3:] == ["worker-2 (1002)", "stdout", "hello from the worker"]


def test_the_menu_of_a_message_leads_to_its_process(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.fill(100)
    store_of(panel).open(session.path)
    qtbot.waitUntil(lambda: panel.log.total == 100)
    panel.log.rows._on_menu_wished(0, panel.mapToGlobal(panel.rect().center()))
    menu = panel._menu
    process = panel.log.model.rows[0].message.process
    with qtbot.waitSignal(panel.process_activated) as asked:
        menu._on_reveal()
    assert asked.args == [process]
    menu._on_only_process()
    assert panel.filtering.processes == {process}
