"""The find bar."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from spawnscope.gui.panels.messages.panel import MessagesPanel
from spawnscope.gui.panels.messages.text_finding import TextFinding

if TYPE_CHECKING:
    from .conftest import Session

Texts = Callable[[], list[str]]


def find(panel: MessagesPanel, text: str, qtbot: QtBot) -> TextFinding:
    """Type into the find bar and wait for the first hit."""
    finding = panel.finding
    finding.open()
    with qtbot.waitSignal(finding.finder.found):
        finding.bar.field.setText(text)
        qtbot.keyClick(finding.bar.field, Qt.Key.Key_Return)
    return finding


def step(finding: TextFinding, qtbot: QtBot, key: str) -> int:
    """Go to another hit; returns its id."""
    with qtbot.waitSignal(finding.finder.found) as found:
        modifier = Qt.KeyboardModifier.NoModifier
        if key == "previous":
            modifier = Qt.KeyboardModifier.ShiftModifier
        qtbot.keyClick(finding.bar.field, Qt.Key.Key_Return, modifier)
    return int(found.args[0])


def test_ctrl_f_opens_the_bar(panel: MessagesPanel, session: Session, qtbot: QtBot) -> None:
    session.fill(10)
    session.open_in(panel, qtbot)
    panel.activateWindow()
    panel.log.table.setFocus()
    qtbot.keyClick(panel.log.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert panel.finding.bar.isVisible()
    qtbot.keyClick(panel.finding.bar, Qt.Key.Key_Escape)
    assert not panel.finding.bar.isVisible()


def test_the_hit_is_selected_and_brought_into_view(
    panel: MessagesPanel, session: Session, texts: Texts, qtbot: QtBot
) -> None:
    session.fill(100_000)
    session.open_in(panel, qtbot)
    panel.log.scroll_to(0)
    find(panel, "line 77777", qtbot)
    assert panel.log.selection.current == 77_777
    assert "line 77777" in texts()
    assert not panel.log.following


def test_next_and_previous_go_through_all_hits_and_around(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.fill(100_000)
    session.open_in(panel, qtbot)
    panel.log.scroll_to(0)
    finding = find(panel, "line 5000", qtbot)
    expected = [5_000, *range(50_000, 50_010)]
    assert panel.log.selection.current == expected[0]
    assert [step(finding, qtbot, "next") for _ in range(10)] == expected[1:]
    assert step(finding, qtbot, "next") == expected[0]
    assert "from the other end" in finding.bar.status
    assert step(finding, qtbot, "previous") == expected[-1]
    assert step(finding, qtbot, "previous") == expected[-2]


def test_the_hits_are_counted(panel: MessagesPanel, session: Session, qtbot: QtBot) -> None:
    session.fill(100_000)
    session.open_in(panel, qtbot)
    panel.log.scroll_to(0)
    finding = find(panel, "line 5000", qtbot)
    step(finding, qtbot, "next")
    qtbot.waitUntil(lambda: finding.bar.status == "2 of 11")


def test_a_text_that_is_nowhere_is_said_to_be(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.fill(1_000)
    session.open_in(panel, qtbot)
    finding = panel.finding
    finding.open()
    with qtbot.waitSignal(finding.finder.missed):
        finding.bar.field.setText("nowhere")
        qtbot.keyClick(finding.bar.field, Qt.Key.Key_Return)
    assert finding.bar.status == "No hit"


def test_hits_pass_the_filter_of_the_log_too(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.fill(10_000)
    session.open_in(panel, qtbot)
    panel.bar.field.setText("7")
    panel.selection.select_processes(frozenset({2}))
    panel.filtering.apply()
    qtbot.waitUntil(lambda: not panel.filtering.searching)
    panel.log.scroll_to(0)
    finding = find(panel, "line 9", qtbot)
    hits = [panel.log.selection.current] + [step(finding, qtbot, "next") for _ in range(4)]
    for hit in hits:
        assert "7" in str(hit)
        assert str(hit).startswith("9")
        assert hit // 50 % 4 == 1


def test_a_bad_regular_expression_is_said_at_the_field(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.fill(100)
    session.open_in(panel, qtbot)
    finding = panel.finding
    finding.open()
    finding.bar._regex.setChecked(True)
    finding.bar.field.setText("(never closed")
    qtbot.keyClick(finding.bar.field, Qt.Key.Key_Return)
    assert finding.bar.field.property("fault")
    assert "regular expression" in finding.bar.field.toolTip()


def test_closing_the_bar_ends_the_search_and_its_marks(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.fill(100_000)
    session.open_in(panel, qtbot)
    finding = find(panel, "line 1", qtbot)
    assert panel.log.look.pattern is not None
    qtbot.keyClick(finding.bar, Qt.Key.Key_Escape)
    assert panel.log.look.pattern is None
    assert not finding.finder.work.running
