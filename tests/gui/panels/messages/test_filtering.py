"""What the filter lets through."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from panel_store import committed, store_of
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from spawnscope.core.session.message_query import MessageFilter, MessageQuery
from spawnscope.core.session.reader import SessionReader
from spawnscope.core.vocabulary.events import ProcessChanged, Role, Stream
from spawnscope.gui.panels.messages.panel import MessagesPanel

if TYPE_CHECKING:
    from .conftest import Session

Texts = Callable[[], list[str]]


def look_for(panel: MessagesPanel, text: str, qtbot: QtBot, *, regex: bool = False) -> None:
    """Type into the filter, and wait until the session was looked through."""
    panel.bar._regex.setChecked(regex)
    panel.bar.field.setText(text)
    qtbot.keyClick(panel.bar.field, Qt.Key.Key_Return)
    settle(panel, qtbot)


def settle(panel: MessagesPanel, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not panel.filtering.searching)
    panel.log.refresh()


def test_only_messages_with_the_text_are_shown(
    panel: MessagesPanel, session: Session, texts: Texts, qtbot: QtBot
) -> None:
    session.fill(20_000)
    session.open_in(panel, qtbot)
    look_for(panel, "LINE 1234", qtbot)
    assert texts() == ["line 1234", *(f"line {number}" for number in range(12_340, 12_350))]
    assert panel.filtering.strip._label.text() == "11 matches"


def test_a_regular_expression_filters(
    panel: MessagesPanel, session: Session, texts: Texts, qtbot: QtBot
) -> None:
    session.fill(2_000)
    session.open_in(panel, qtbot)
    look_for(panel, "^line (7|77|777)$", qtbot, regex=True)
    assert texts() == ["line 7", "line 77", "line 777"]


def test_a_bad_regular_expression_is_explained_and_the_filter_before_stays(
    panel: MessagesPanel, session: Session, texts: Texts, qtbot: QtBot
) -> None:
    session.fill(2_000)
    session.open_in(panel, qtbot)
    look_for(panel, "line 777", qtbot)
    look_for(panel, "(never closed", qtbot, regex=True)
    assert texts() == ["line 777"]
    assert panel.bar.field.property("fault")
    assert "regular expression" in panel.filtering.strip._label.text()
    look_for(panel, "line 778", qtbot)
    assert texts() == ["line 778"]
    assert not panel.bar.field.property("fault")


def test_the_filter_by_process_follows_the_selection_in_the_tree(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.fill(1_000)
    session.open_in(panel, qtbot)
    panel.selection.select_processes(frozenset({2, 3}))
    settle(panel, qtbot)
    assert panel.log.total == 500
    panel.log.scroll_to(40)
    assert {row.message.process for row in panel.log.model.rows} == {2, 3}
    chip = panel.filtering.strip._chip
    assert chip.isVisible()
    assert chip.text() == "worker-2 (1002), worker-3 (1003)"
    helper = ProcessChanged(4, 9, 1, "worker-4", Role.FORKSERVER, None, ())
    panel.filtering._store.processes.apply(helper)
    panel.selection.select_processes(frozenset({2, 3, 4}))
    settle(panel, qtbot)
    assert chip.text() == "worker-2 (1002), worker-3 (1003)", "as many by any start method"
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert panel.filtering.processes is None
    panel.log.refresh()
    assert panel.log.total == 1_000


def test_the_selection_in_the_tree_can_be_ignored(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.fill(1_000)
    session.open_in(panel, qtbot)
    panel.filtering.follow_tree(False)
    panel.selection.select_processes(frozenset({2}))
    assert panel.filtering.processes is None
    panel.filtering.follow_tree(True)
    assert panel.filtering.processes == {2}


def test_reveal_shows_all_messages_of_one_process(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.fill(1_000)
    session.open_in(panel, qtbot)
    look_for(panel, "nothing has this", qtbot)
    panel.reveal(4)
    settle(panel, qtbot)
    assert panel.bar.text == ""
    assert panel.log.total == 250
    assert {row.message.process for row in panel.log.model.rows} == {4}


def test_streams_filter_and_their_lines_still_being_written_too(
    panel: MessagesPanel, session: Session, texts: Texts, qtbot: QtBot
) -> None:
    session.say("out 1", "out 2")
    session.say("err 1", stream=Stream.STDERR)
    session.write_open_line("writing")
    session.open_in(panel, qtbot)
    panel.bar.show_streams(frozenset((Stream.STDERR,)))
    settle(panel, qtbot)
    assert texts() == ["err 1"]
    panel.bar.show_streams(frozenset((Stream.STDOUT,)))
    settle(panel, qtbot)
    assert texts() == ["out 1", "out 2", "writing"]


def test_processes_are_ticked_in_the_picker(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.fill(1_000)
    session.open_in(panel, qtbot)
    panel.filtering._on_picker_requested()
    picker = panel.filtering._picker
    assert picker is not None
    items = picker.findChild(QListWidget)
    assert [items.item(place).text() for place in range(items.count())][-1].startswith("worker-1")
    items.item(0).setCheckState(Qt.CheckState.Checked)
    assert panel.filtering.processes == {4}
    items.item(1).setCheckState(Qt.CheckState.Checked)
    assert panel.filtering.processes == {4, 3}
    everyone = picker.findChild(QPushButton)
    qtbot.mouseClick(everyone, Qt.MouseButton.LeftButton)
    assert panel.filtering.processes is None
    picker.close()
    picker.open_at(QPoint(0, 0), frozenset({1}))
    assert items.item(items.count() - 1).checkState() is Qt.CheckState.Checked
    picker.close()


def test_new_messages_that_pass_appear_and_others_do_not(
    panel: MessagesPanel, session: Session, texts: Texts, qtbot: QtBot
) -> None:
    session.fill(100)
    session.open_in(panel, qtbot)
    look_for(panel, "wanted", qtbot)
    assert texts() == []
    committed(panel, session.say("not this", "this is wanted"))
    qtbot.waitUntil(lambda: texts() == ["this is wanted"])


def test_a_page_of_a_filtered_session_is_what_the_query_holds(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.fill(20_000)
    session.open_in(panel, qtbot)
    look_for(panel, "7", qtbot)
    reader = SessionReader(session.path)
    try:
        query = MessageQuery(reader.messages, MessageFilter(text="7"))
        while query.advance(1):
            pass
        for top in (0, 100, 3_000, query.count - 100):
            panel.log.scroll_to(top)
            shown = [row.message for row in panel.log.model.rows]
            assert shown == query.page(top, len(shown))
    finally:
        reader.close()


def test_the_place_is_kept_when_the_filter_changes(
    panel: MessagesPanel, session: Session, texts: Texts, qtbot: QtBot
) -> None:
    session.fill(5_000)
    session.open_in(panel, qtbot)
    panel.log.scroll_to(2_399)
    look_for(panel, "line 2", qtbot)
    assert texts()[0] == "line 2400"
    look_for(panel, "", qtbot)
    assert texts()[0] == "line 2400"


def test_an_empty_log_says_what_to_do(panel: MessagesPanel, session: Session, qtbot: QtBot) -> None:
    session.writer.flush()
    store_of(panel).open(session.path)
    qtbot.waitUntil(panel.hint.isVisible)
    assert panel.hint.title == "Nothing written yet"
    look_for(panel, "nobody says this", qtbot)
    assert panel.hint.title == "Nothing written yet", "it is not the filter's fault"
    look_for(panel, "", qtbot)
    committed(panel, session.say("hello"))
    qtbot.waitUntil(lambda: not panel.hint.isVisible())
    look_for(panel, "nobody says this", qtbot)
    assert panel.hint.title == "No message passes the filter"
    assert panel.hint._clear.isVisible()
    qtbot.mouseClick(panel.hint._clear, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.log.total == 1)
    assert not panel.hint.isVisible()


def test_looking_through_the_session_can_be_stopped_and_resumed(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.fill(300_000)
    session.open_in(panel, qtbot)
    panel.bar._regex.setChecked(True)
    panel.bar.field.setText("(line) 29999[0-9]$")
    panel.filtering.apply()
    assert panel.filtering.searching
    panel.filtering._on_stop_clicked()
    assert not panel.filtering.searching
    assert panel.source.progress < 1
    assert "stopped" in panel.filtering.strip._label.text()
    committed(panel, session.say("more"))
    assert not panel.filtering.searching  # nor is it resumed by what comes
    panel.filtering.strip.go_on_clicked.emit()
    settle(panel, qtbot)
    assert panel.log.total == 10


def test_nothing_is_looked_through_while_hidden(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.fill(300_000)
    session.open_in(panel, qtbot)
    panel.bar._regex.setChecked(True)
    panel.bar.field.setText("(line) 29999[0-9]$")
    panel.filtering.apply()
    panel.hide()
    before = panel.source.progress
    qtbot.wait(100)
    assert panel.source.progress == before < 1
    panel.show()
    settle(panel, qtbot)
    assert panel.log.total == 10


def test_what_the_filter_found_is_marked_in_the_rows(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.say("a cat and a \x1b[31mCat\x1b[0m")
    session.open_in(panel, qtbot)
    look_for(panel, "cat", qtbot)
    row = panel.log.model.rows[0]
    assert row.marks(panel.log.look.pattern) == ((2, 5), (12, 15))


def test_the_picker_lists_some_of_thousands_and_finds_all_of_them(
    panel: MessagesPanel, start_workers: Callable[..., None], qtbot: QtBot
) -> None:
    start_workers(store_of(panel).processes, 3_000, "worker-{}")
    panel.filtering._on_picker_requested()
    picker = panel.filtering._picker
    assert picker is not None
    items = picker.findChild(QListWidget)
    assert items.count() == 201
    assert items.item(200).text() == "2,800 more: type a name or a PID"
    items.item(0).setCheckState(Qt.CheckState.Checked)
    first = panel.filtering.processes or frozenset()
    assert len(first) == 1
    picker._search.setText("worker-77 ")
    assert items.count() == 1
    items.item(0).setCheckState(Qt.CheckState.Checked)
    assert panel.filtering.processes == first | {77}
    picker.close()
