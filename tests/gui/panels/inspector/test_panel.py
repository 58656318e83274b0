"""The Inspector of real processes: what it says, its links, its stack, and what it costs unseen."""

from __future__ import annotations

import re
import threading
import time

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from stuck import StuckPeople

from spawnscope.core.observe.stacks import StackError, StackReader, Stacks
from spawnscope.core.vocabulary.events import ProcessChanged
from spawnscope.gui.kit.rich_label import RichLabel
from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.panels.inspector.card import Card
from spawnscope.gui.panels.inspector.panel import InspectorPanel


def said(card: Card) -> str:
    """All that a card says, without its markup."""
    texts = [label.markup for label in card.findChildren(RichLabel)]
    words = re.sub(r"<[^>]+>", " ", " ".join(texts)).replace("&nbsp;", " ")
    return " ".join(words.split())


def choose(selection: Selection, people: StuckPeople, *names: str) -> None:
    selection.select_processes(frozenset(map(people.number, names)))


def test_without_exactly_one_process_it_says_what_to_do(
    panel: InspectorPanel, selection: Selection, people: StuckPeople
) -> None:
    assert panel._hint.title == "No process is selected"
    assert not panel.page.isVisible()
    choose(selection, people, "alice", "bob")
    assert panel._hint.title == "2 processes are selected"
    choose(selection, people, "alice")
    assert not panel._hint.isVisible()
    assert panel.page.isVisible()


def test_a_deadlock_is_told_with_its_circle(
    panel: InspectorPanel, selection: Selection, people: StuckPeople
) -> None:
    choose(selection, people, "alice")
    assert panel.header.name.text() == "alice"
    assert panel.header.state.text() == "stuck"
    text = said(panel.waits)
    assert "acquire lock south" in text
    assert "Deadlock: alice" in text
    assert "waits itself, as above" in text
    assert "lock north" in said(panel.holds)
    assert "wait for it" in said(panel.holds) or "waits for it" in said(panel.holds)
    assert "MainThread" in said(panel.doing)
    assert "stuck_people.py:" in said(panel.doing)
    assert "by fork" in said(panel.story) or "from stuck_people.py" in said(panel.story)


def test_one_that_was_killed_tells_its_end(
    panel: InspectorPanel, selection: Selection, people: StuckPeople
) -> None:
    choose(selection, people, "clerk")
    assert panel.header.state.text() == "killed by SIGKILL"
    assert panel.story.title == "How it started and ended"
    assert "Killed by SIGKILL" in said(panel.story)
    assert "It held lock ledger , which nobody can give back." in said(panel.story)
    assert panel.doing.title == "What it was in at its end"
    assert not panel.doing.button.isVisible()
    assert not panel.waits.isVisible()


def test_counters_are_a_table(
    panel: InspectorPanel, selection: Selection, people: StuckPeople
) -> None:
    choose(selection, people, "consumer")
    assert "jobs Queue get 6" in said(panel.uses)
    assert not panel.holds.isVisible()


def test_links_lead_to_processes_and_objects(
    panel: InspectorPanel, selection: Selection, people: StuckPeople, qtbot: QtBot
) -> None:
    choose(selection, people, "teller")
    label = panel.waits.blocks[0].text
    targets = re.findall(r'href="([^"]+)"', label.markup)
    ledger = next(row.number for row in people.objects if row.name == "ledger")
    assert targets == [f"object:{ledger}", f"process:{people.number('clerk')}"]
    with qtbot.waitSignal(panel.object_activated) as caught:
        label.linkActivated.emit(targets[0])
    assert caught.args == [ledger]
    with qtbot.waitSignal(panel.process_activated) as caught:
        label.linkActivated.emit(targets[1])
    assert caught.args == [people.number("clerk")]
    choose(selection, people, "stuck_people.py")
    targets = re.findall(r'href="([^"]+)"', panel.waits.blocks[0].text.markup)
    assert targets[0] == f"process:{people.number('idler')}"  # what a join waits for is a process


def test_a_link_is_followed_with_the_pointer(
    panel: InspectorPanel, selection: Selection, people: StuckPeople, qtbot: QtBot
) -> None:
    choose(selection, people, "teller")
    label = panel.waits.blocks[0].text
    x = label.fontMetrics().horizontalAdvance("acquire lo")
    with qtbot.waitSignal(panel.object_activated):
        qtbot.mouseClick(label, Qt.MouseButton.LeftButton, pos=QPoint(x, 12))


def test_the_stack_is_shown_on_demand(
    panel: InspectorPanel, selection: Selection, people: StuckPeople, qtbot: QtBot
) -> None:
    choose(selection, people, "alice")
    qtbot.mouseClick(panel.doing.button, Qt.MouseButton.LeftButton)
    assert panel.doing.button.text() == "Cancel"
    qtbot.waitUntil(lambda: bool(panel.doing.stack.threads))
    (thread,) = panel.doing.stack.threads
    assert thread.button.text() == "MainThread"
    assert "<b>cross</b>" in thread.frames.markup
    assert thread.frames.isVisible()
    qtbot.mouseClick(thread.button, Qt.MouseButton.LeftButton)
    assert not thread.frames.isVisible()
    assert thread.button.text() == "MainThread   in cross"
    assert panel.doing.button.text() == "Show the Python stack"
    panel.look_now()
    assert panel.doing.stack.threads == [thread]  # it stays while the page is updated
    choose(selection, people, "bob")
    assert panel.doing.stack.threads == []


def test_a_slow_stack_can_be_cancelled_and_a_failed_one_says_why(
    qtbot: QtBot, people: StuckPeople, selection: Selection
) -> None:
    class Slow:
        answers = 0

        def read(self, pid: int, started_ns: int, cancel: threading.Event) -> Stacks:
            self.answers += 1
            if self.answers > 1:
                raise StackError("py-spy is not installed.")
            assert cancel.wait(10)
            raise StackError("too late")

    people.store.open(people.live.path)
    panel = InspectorPanel(people.store, selection, stacks=StackReader([Slow()]))
    qtbot.addWidget(panel)
    panel.show()
    choose(selection, people, "alice")
    panel.doing.button.click()
    assert panel.doing.stack.sentence.markup.endswith("Reading the stack …</span>")
    panel.doing.button.click()
    assert not panel.stacks.running
    assert not panel.doing.stack.isVisible()
    panel.doing.button.click()
    qtbot.waitUntil(lambda: "not installed" in panel.doing.stack.sentence.markup)
    assert panel.doing.button.text() == "Show the Python stack"
    panel.hide()
    panel.close_session()
    panel.leave()
    people.close()


def test_a_hidden_panel_reads_nothing_and_catches_up(
    hidden_panel: InspectorPanel,
    selection: Selection,
    people: StuckPeople,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    panel = hidden_panel
    choose(selection, people, "alice")
    read: list[str] = []
    lend = people.store.lend
    monkeypatch.setattr(people.store, "lend", lambda: (read.append("file"), lend())[1])
    alice = people.processes[people.number("alice")]
    again = ProcessChanged(
        alice.number, 2**62, alice.ppid, "ann", alice.role, alice.start_method, alice.cmdline
    )
    people.store.apply([again])
    assert people.processes[alice.number].name == "ann", "so that there is something to tell"
    people.store.apply([msgspec.structs.replace(again, name="alice")])
    assert not panel.is_beating
    assert not panel._soon.isActive()
    assert not read
    with qtbot.waitExposed(panel):
        panel.show()
    assert panel.header.name.text() == "alice"
    assert panel.is_beating
    assert read
    panel.hide()
    assert not panel.is_beating


def test_a_moment_of_the_past_is_shown_as_it_was(
    panel: InspectorPanel, selection: Selection, people: StuckPeople
) -> None:
    choose(selection, people, "clerk")
    moment = people.processes[people.number("clerk")].started_ns + 1
    panel.show_store(people.store.at(moment))
    panel.look_now()
    assert panel.header.state.text() == "started", "nobody had measured it yet"
    assert panel.story.title == "How it started"
    assert not panel.is_beating
    choose(selection, people, "teller")
    assert panel._hint.title == "It had not started yet"
    panel.show_store(people.store.at(None))
    panel.look_now()
    assert panel.header.name.text() == "teller"


def test_the_page_has_one_column_where_there_is_little_room(
    panel: InspectorPanel, selection: Selection, people: StuckPeople, qtbot: QtBot
) -> None:
    choose(selection, people, "alice")
    assert panel.page.is_wide
    panel.resize(600, 700)
    qtbot.waitUntil(lambda: not panel.page.is_wide)
    qtbot.waitUntil(lambda: panel.holds.x() == panel.waits.x())
    assert panel.page.horizontalScrollBar().maximum() == 0


def test_the_command_line_is_copied(
    panel: InspectorPanel, selection: Selection, people: StuckPeople, qtbot: QtBot
) -> None:
    choose(selection, people, "alice")
    qtbot.mouseClick(panel.header.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text().endswith("stuck_people.py")


def test_text_that_is_selected_stays(
    panel: InspectorPanel, selection: Selection, people: StuckPeople
) -> None:
    choose(selection, people, "alice")
    label = panel.waits.blocks[0].text
    before = label.text()
    label.setSelection(0, 5)
    label.tell("something else")
    assert label.text() == before
    assert label.markup == "something else"


def test_a_look_is_quick(panel: InspectorPanel, selection: Selection, people: StuckPeople) -> None:
    choose(selection, people, "alice")
    spans = []
    for _ in range(5):
        begin = time.perf_counter()
        panel.look_now()
        spans.append(time.perf_counter() - begin)
    assert min(spans) < 0.05
