"""The log: paging, following, keys and pointer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from panel_store import committed
from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent, QWheelEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from spawnscope.core.session.reader import SessionReader
from spawnscope.core.vocabulary.events import Stream
from spawnscope.core.vocabulary.message import CONTINUES
from spawnscope.gui.panels.messages.panel import MessagesPanel

if TYPE_CHECKING:
    from .conftest import Session

Texts = Callable[[], list[str]]


@pytest.fixture(autouse=True)
def model_tester(panel: MessagesPanel) -> QAbstractItemModelTester:
    mode = QAbstractItemModelTester.FailureReportingMode.Fatal
    return QAbstractItemModelTester(panel.log.model, mode)


def commit(panel: MessagesPanel, last_id: int, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.log.refreshed):
        committed(panel, last_id)


def turn_wheel(panel: MessagesPanel, notches: int) -> None:
    """Turn the wheel over the log; up for positive numbers."""
    viewport = panel.log.table.viewport()
    place = QPointF(viewport.rect().center())
    event = QWheelEvent(
        place,
        viewport.mapToGlobal(place),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def drag(panel: MessagesPanel, kind: QEvent.Type, y: int) -> None:
    viewport = panel.log.table.viewport()
    place = QPointF(400, y)
    buttons = Qt.MouseButton.NoButton
    if kind is not QEvent.Type.MouseButtonRelease:
        buttons = Qt.MouseButton.LeftButton
    event = QMouseEvent(
        kind,
        place,
        viewport.mapToGlobal(place),
        Qt.MouseButton.LeftButton,
        buttons,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(viewport, event)


def test_the_model_holds_no_more_than_the_rows_in_view(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.fill(20_000)
    session.open_in(panel, qtbot)
    assert 5 < panel.log.model.rowCount() <= panel.log.rows_that_fit + 1 < 60


def test_the_page_is_what_the_session_holds_at_any_position(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.fill(20_000)
    session.open_in(panel, qtbot)
    reader = SessionReader(session.path)
    try:
        for top in (0, 1, 777, 9_999, 13_331, 19_950, 123, 19_999):
            panel.log.scroll_to(top)
            shown = [row.message for row in panel.log.model.rows]
            assert shown == reader.messages.page(panel.log.top + 1, len(shown))
            assert panel.log.top == min(top, 20_000 - panel.log.rows_that_fit)
    finally:
        reader.close()


def test_new_messages_come_into_view_at_the_tail(
    panel: MessagesPanel, session: Session, texts: Texts, qtbot: QtBot
) -> None:
    session.fill(500)
    session.open_in(panel, qtbot)
    assert texts()[-1] == "line 500"
    commit(panel, session.say("the newest"), qtbot)
    assert texts()[-1] == "the newest"


def test_scrolling_up_leaves_the_tail_and_the_page_stays_where_it_is(
    panel: MessagesPanel, session: Session, texts: Texts, qtbot: QtBot
) -> None:
    session.fill(500)
    session.open_in(panel, qtbot)
    turn_wheel(panel, 2)
    assert not panel.log.following
    assert not panel.bar.follow.isChecked()
    before = texts()[: panel.log.rows_that_fit]
    commit(panel, session.fill(300, start=501), qtbot)
    assert texts()[: panel.log.rows_that_fit] == before
    assert panel.log.unseen == 300
    assert panel.newest.isVisible()
    assert "300" in panel.newest.text()


def test_scrolling_back_down_follows_again(
    panel: MessagesPanel, session: Session, texts: Texts, qtbot: QtBot
) -> None:
    session.fill(500)
    session.open_in(panel, qtbot)
    turn_wheel(panel, 3)
    turn_wheel(panel, -3)
    assert panel.log.following
    commit(panel, session.say("the newest"), qtbot)
    assert texts()[-1] == "the newest"


def test_the_button_with_the_count_goes_to_the_newest_messages(
    panel: MessagesPanel, session: Session, texts: Texts, qtbot: QtBot
) -> None:
    session.fill(500)
    session.open_in(panel, qtbot)
    panel.log.scroll_to(0)
    commit(panel, session.say("the newest"), qtbot)
    qtbot.mouseClick(panel.newest, Qt.MouseButton.LeftButton)
    assert texts()[-1] == "the newest"
    assert panel.log.following
    assert not panel.newest.isVisible()


def test_home_and_end_go_to_the_edges(
    panel: MessagesPanel, session: Session, texts: Texts, qtbot: QtBot
) -> None:
    session.fill(500)
    session.open_in(panel, qtbot)
    table = panel.log.table
    qtbot.keyClick(table, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert texts()[0] == "line 1"
    assert not panel.log.following
    qtbot.keyClick(table, Qt.Key.Key_PageDown)
    assert texts()[0] == f"line {panel.log.rows_that_fit}"
    qtbot.keyClick(table, Qt.Key.Key_End)
    assert texts()[-1] == "line 500"
    assert panel.log.following


def test_arrows_move_the_current_message_and_the_page_goes_along(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.fill(500)
    session.open_in(panel, qtbot)
    panel.log.scroll_to(0)
    fit = panel.log.rows_that_fit
    for _ in range(fit + 5):
        qtbot.keyClick(panel.log.table, Qt.Key.Key_Down)
    assert panel.log.selection.current == fit + 5
    assert panel.log.top == 5
    index = panel.log.table.currentIndex()  # what a screen reader is told
    assert index.siblingAtColumn(3).data() == f"line {fit + 5}"


def test_a_selection_over_pages_is_copied_whole(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.fill(500)
    session.open_in(panel, qtbot)
    panel.log.scroll_to(10)
    panel.log.rows.choose_row(0, extend=False)
    panel.log.scroll_to(200)
    panel.log.rows.choose_row(0, extend=True)
    panel.copy_selected()
    qtbot.waitUntil(lambda: not panel.saving.busy)
    expected = [f"line {number}" for number in range(11, 202)]
    assert QGuiApplication.clipboard().text().split("\n") == expected


def test_select_all_copies_everything_that_passes(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.fill(3_000)
    session.open_in(panel, qtbot)
    panel.log.table.setFocus()
    qtbot.keyClick(panel.log.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    panel.copy_selected()
    qtbot.waitUntil(lambda: not panel.saving.busy)
    assert len(QGuiApplication.clipboard().text().split("\n")) == 3_000


def test_the_selection_stays_with_its_messages_while_others_arrive(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.fill(500)
    session.open_in(panel, qtbot)
    panel.log.rows.choose_row(4, extend=False)
    chosen = panel.log.model.rows[4].message
    commit(panel, session.say("one more", "and one"), qtbot)
    assert [row.message for row in panel.log.model.rows if row.selected] == [chosen]
    rows = panel.log.table.selectionModel().selectedRows()
    assert [index.row() for index in rows] == [2]


def test_dragging_beyond_the_page_selects_what_comes_into_view(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.fill(500)
    session.open_in(panel, qtbot)
    panel.log.scroll_to(300)
    drag(panel, QEvent.Type.MouseButtonPress, 5)
    drag(panel, QEvent.Type.MouseMove, -30)
    qtbot.waitUntil(lambda: panel.log.top < 280)
    drag(panel, QEvent.Type.MouseButtonRelease, -30)
    assert panel.log.selection.last == 301
    assert panel.log.selection.first == panel.log.top + 1


def test_nothing_slides_away_under_a_pressed_pointer(
    panel: MessagesPanel, session: Session, texts: Texts, qtbot: QtBot
) -> None:
    session.fill(500)
    session.open_in(panel, qtbot)
    drag(panel, QEvent.Type.MouseButtonPress, 5)
    before = texts()[:5]
    commit(panel, session.fill(100, start=501), qtbot)
    assert texts()[:5] == before
    drag(panel, QEvent.Type.MouseButtonRelease, 5)
    qtbot.waitUntil(lambda: texts()[-1] == "line 600")


def test_a_line_still_being_written_is_one_row_that_changes_in_place(
    panel: MessagesPanel, session: Session, texts: Texts, qtbot: QtBot
) -> None:
    last = session.fill(10)
    session.open_in(panel, qtbot)
    inserted: list[QAbstractItemModel] = []
    for percent in (1, 50, 99):
        session.write_open_line(f"{percent} %")
        commit(panel, last, qtbot)
        assert texts()[-1] == f"{percent} %"
        assert len(texts()) == 11
        if percent == 1:
            panel.log.model.rowsInserted.connect(inserted.append)
    assert not inserted
    session.write_open_line("")
    commit(panel, session.say("100 %"), qtbot)
    assert texts()[-2:] == ["line 10", "100 %"]


def test_lines_still_being_written_stand_after_the_last_message(
    panel: MessagesPanel, session: Session, texts: Texts, qtbot: QtBot
) -> None:
    session.fill(300)
    session.write_open_line("Continue? ", process=2)
    session.write_open_line("40 %", process=1)
    session.open_in(panel, qtbot)
    assert texts()[-3:] == ["line 300", "40 %", "Continue? "]
    panel.log.scroll_to(0)
    assert "40 %" not in texts()


def test_an_unchanged_page_is_not_announced_as_changed(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    last = session.fill(300)
    session.open_in(panel, qtbot)
    changes: list[QModelIndex] = []
    panel.log.model.dataChanged.connect(lambda *change: changes.append(change[0]))
    commit(panel, last, qtbot)
    assert not changes


def test_a_click_on_a_process_with_ctrl_asks_for_it_in_the_tree(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.fill(300)
    session.open_in(panel, qtbot)
    panel.log.scroll_to(0)
    table = panel.log.table
    place = table.visualRect(panel.log.model.index(2, 1)).center()
    with qtbot.waitSignal(panel.process_activated) as asked:
        qtbot.mouseClick(
            table.viewport(),
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.ControlModifier,
            place,
        )
    assert asked.args == [panel.log.model.rows[2].message.process]


def test_nothing_is_read_while_hidden_and_all_is_caught_up_when_shown(
    panel: MessagesPanel, session: Session, texts: Texts, qtbot: QtBot
) -> None:
    session.fill(100)
    session.open_in(panel, qtbot)
    panel.hide()
    refreshes: list[bool] = []
    panel.log.refreshed.connect(lambda: refreshes.append(True))
    committed(panel, session.say("while nobody looked"))
    qtbot.wait(150)
    panel.log.refresh()
    assert not refreshes
    panel.show()
    qtbot.waitUntil(lambda: texts()[-1] == "while nobody looked")


@pytest.mark.parametrize(
    "raw",
    [
        b"\xff\xfe\x00\x01 odd",
        "日本語 🎉 שלום مرحبا".encode(),
        b"\x1b[31m" + "красный \U0001f468\u200d\U0001f469\u200d\U0001f467".encode() + b"\x1b[0m x",
        b"x" * 300_000,
        "é".encode() * 100_000,
        b"\t" * 100,
        b"".join(b"\x1b[%dm*" % (31 + n % 6) for n in range(3_000)),
    ],
    ids=["bytes", "scripts", "colours", "long", "long and wide", "tabs", "rainbow"],
)
def test_odd_lines_are_painted_without_an_error(
    raw: bytes, panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.say(raw, b"ERROR: " + raw)
    session.open_in(panel, qtbot)
    panel.log.scroll_aside(30)
    assert not panel.grab().isNull()


def test_a_line_of_100_mb_in_pieces_is_shown_piece_by_piece(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    piece = b"z" * 1_000_000
    for _ in range(100):
        session.writer.messages(1, Stream.STDOUT, piece, 1, 1, CONTINUES)
    session.writer.flush()
    session.say("the end")
    session.open_in(panel, qtbot)
    panel.log.scroll_to(0)
    row = panel.log.model.rows[0]
    assert row.continues
    assert len(row.text) < 2_100
    panel.show_detail(row.message)
    detail = panel._detail
    assert detail is not None
    assert 100_000 < len(detail.text) <= 200_000
    assert "longer than what is shown" in detail.notes
    detail.close()


def test_only_what_came_later_than_what_was_seen_is_called_new(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.fill(2000)
    session.open_in(panel, qtbot)
    turn_wheel(panel, 2)
    assert panel.log.unseen == 0
    panel.filtering.choose_processes(frozenset({2}))  # others pass: nothing has come
    qtbot.waitUntil(lambda: not panel.filtering.searching and panel.source.count == 500)
    panel.log.refresh()
    assert panel.log.unseen == 0
    session.say(*["another's"] * 7, process=3)
    commit(panel, session.say(*["new"] * 41, process=2), qtbot)
    qtbot.waitUntil(lambda: not panel.filtering.searching and panel.source.count == 541)
    panel.log.refresh()
    assert panel.log.unseen == 41
    panel.filtering.choose_processes(None)
    panel.log.refresh()
    assert panel.log.unseen == 48
    panel.log.scroll_to(2000 + 10 - panel.log.rows_that_fit)  # the first ten come into view
    assert panel.log.unseen == 38
