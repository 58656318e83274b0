"""Copying, saving, and the detail of one message."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from spawnscope.core.session.message_query import MessageFilter
from spawnscope.core.session.reader import SessionReader
from spawnscope.core.vocabulary.events import Stream
from spawnscope.core.vocabulary.message import CONTINUES, REWRITTEN, UNTERMINATED
from spawnscope.gui.panels.messages.panel import MessagesPanel

if TYPE_CHECKING:
    from .conftest import Session


def reader_of(panel: MessagesPanel) -> SessionReader:
    assert panel.source.reader is not None
    return panel.source.reader


def save(panel: MessagesPanel, wanted: MessageFilter | None, path: Path, qtbot: QtBot) -> None:
    panel.saving.save(reader_of(panel), wanted, str(path))
    qtbot.waitUntil(lambda: not panel.saving.busy)


def test_all_messages_are_saved_as_text(
    panel: MessagesPanel, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    session.fill(20_000)
    session.open_in(panel, qtbot)
    target = tmp_path / "all.txt"
    save(panel, None, target, qtbot)
    expected = "".join(f"line {number}\n" for number in range(1, 20_001))
    assert target.read_text() == expected
    assert panel.saving.strip.text == f"Saved 20,000 messages to {target}."


def test_the_session_that_is_shown_is_never_saved_over(
    panel: MessagesPanel, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    session.say("one")
    session.open_in(panel, qtbot)
    for name in (session.path, f"{session.path}-wal"):
        panel.saving.save(session.path, None, name)
        assert panel.saving.strip.text == (
            f"The file {name} cannot be written: it is a session that is open here; "
            "choose another name."
        )
    session.say("two")
    qtbot.waitUntil(lambda: not panel.saving.busy)
    assert panel.source.reader is not None
    assert panel.source.reader.messages.last_id() == 2


def test_what_is_saved_is_for_its_owner_only(
    panel: MessagesPanel, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    session.say("one")
    session.open_in(panel, qtbot)
    new, old = tmp_path / "new.txt", tmp_path / "old.txt"
    old.touch()
    old.chmod(0o644)
    for path in (new, old):
        save(panel, None, path, qtbot)
    assert [path.stat().st_mode & 0o777 for path in (new, old)] == [0o600, 0o644]


def test_what_the_filter_shows_is_saved_with_time_and_process(
    panel: MessagesPanel, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    session.say("one", "two", process=1)
    session.say("\x1b[31mthree\x1b[0m", process=2, stream=Stream.STDERR)
    session.open_in(panel, qtbot)
    target = tmp_path / "some.log"
    save(panel, MessageFilter(processes=frozenset({2})), target, qtbot)
    (line,) = target.read_text().splitlines()
    assert line.endswith("  worker-2(1002)  stderr  three")


def test_json_lines_have_the_fields_of_an_export(
    panel: MessagesPanel, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    session.say(b"odd \xff", process=3)
    session.say("cut", flags=CONTINUES)
    session.say("off", flags=UNTERMINATED)
    session.say("50 %", flags=REWRITTEN)
    session.open_in(panel, qtbot)
    target = tmp_path / "some.jsonl"
    save(panel, None, target, qtbot)
    line, *others = target.read_text().splitlines()
    flags = ("continues", "unterminated", "rewritten")
    for flag, text in zip(flags, others, strict=True):
        decoded = msgspec.json.decode(text)
        assert [name for name in flags if name in decoded] == [flag]
    event = msgspec.json.decode(line)
    assert event.pop("time_ns") > 0
    assert event == {
        "kind": "message",
        "process": 3,
        "pid": 1003,
        "stream": "stdout",
        "text": "odd \\xff",
        "raw_base64": "b2RkIP8=",
    }


def test_the_pieces_of_a_long_line_become_one_line_again(
    panel: MessagesPanel, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    session.say("before")
    session.say("abc", flags=CONTINUES)
    session.say("def", flags=CONTINUES)
    session.say("ghi")
    session.say("after")
    session.open_in(panel, qtbot)
    target = tmp_path / "joined.txt"
    save(panel, None, target, qtbot)
    assert target.read_text() == "before\nabcdefghi\nafter\n"


def test_a_cancelled_save_leaves_nothing_behind(
    panel: MessagesPanel, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    session.fill(100_000)
    session.open_in(panel, qtbot)
    folder = tmp_path / "out"
    folder.mkdir()
    panel.saving.save(reader_of(panel), None, str(folder / "all.txt"))
    assert panel.saving.busy
    with qtbot.waitSignal(panel.saving._export.progressed):  # type: ignore[union-attr]
        pass
    panel.saving.strip.cancel_clicked.emit()
    assert not panel.saving.busy
    assert list(folder.iterdir()) == []
    assert panel.saving.strip.text == "Saving was cancelled."


def test_a_file_that_cannot_be_written_is_explained(
    panel: MessagesPanel, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    session.fill(10)
    session.open_in(panel, qtbot)
    panel.saving.save(reader_of(panel), None, str(tmp_path / "missing" / "all.txt"))
    assert "No such file or directory" in panel.saving.strip.text


def test_a_file_that_exists_is_replaced_only_when_the_save_is_complete(
    panel: MessagesPanel, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    session.fill(100_000)
    session.open_in(panel, qtbot)
    target = tmp_path / "kept.txt"
    target.write_text("precious")
    panel.saving.save(reader_of(panel), None, str(target))
    panel.saving.cancel()
    assert target.read_text() == "precious"
    save(panel, None, target, qtbot)
    assert target.read_text().startswith("line 1\n")


def test_a_copy_with_time_and_process_names_them(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.say("hello", process=2)
    session.open_in(panel, qtbot)
    panel.log.rows.select_all()
    panel.copy_selected(with_origin=True)
    qtbot.waitUntil(lambda: not panel.saving.busy)
    assert QGuiApplication.clipboard().text().endswith("worker-2(1002)  stdout  hello")


def test_a_line_still_being_written_can_be_copied(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.fill(3)
    session.write_open_line("Password: ")
    session.open_in(panel, qtbot)
    panel.log.rows.choose_row(3, extend=False)
    panel.copy_selected()
    assert QGuiApplication.clipboard().text() == "Password: "


def test_the_detail_shows_the_whole_line_and_where_it_comes_from(
    panel: MessagesPanel, session: Session, qtbot: QtBot
) -> None:
    session.say("begin of a line, ", process=2, flags=CONTINUES)
    session.say("another process", process=3)
    session.say("m" * 5_000, process=2, flags=CONTINUES)
    session.say(" and its end", process=2, flags=UNTERMINATED)
    session.open_in(panel, qtbot)
    panel.log.rows.message_activated.emit(panel.log.model.rows[2].message)
    detail = panel._detail
    assert detail is not None
    assert detail.isVisible()
    assert detail.text == "begin of a line, " + "m" * 5_000 + " and its end"
    assert "worker-2 (1002)" in detail.facts
    assert "stdout" in detail.facts
    assert detail.notes == ""
    panel.show_detail(panel.log.model.rows[3].message)
    assert "before it finished this line" in detail.notes
    detail.close()
