"""The last messages of a process in a recorded session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from live import Live
from pytestqt.qtbot import QtBot
from recording import record

from spawnscope.core.session.reader import SessionReader
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind
from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.kit.style import theme
from spawnscope.gui.panels.inspector.panel import InspectorPanel

PROGRAM = """
import subprocess, sys, time
if len(sys.argv) > 1:
    for number in range(80):
        print("line", number, flush=True)
        if number == 9:
            time.sleep(0.1)  # so that what follows is read later
    print("it went wrong", file=sys.stderr, flush=True)
    sys.exit(3)
subprocess.run([sys.executable, __file__, "child"])
print("only the parent", flush=True)
"""


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("inspector")
    (folder / "talks.py").write_text(PROGRAM)
    done = record("--quiet", "-o", folder / "s.spawnscope", folder / "talks.py")
    assert done.returncode == 0
    return str(folder / "s.spawnscope")


@pytest.fixture
def panel(qtbot: QtBot, session: str) -> Iterator[InspectorPanel]:
    """A panel on the recorded session, its child selected."""
    store = SessionStore()
    store.load(session)
    selection = Selection()
    panel = InspectorPanel(store, selection)
    qtbot.addWidget(panel)
    panel.resize(1000, 700)
    child = max(row.number for row in store.processes)
    selection.select_processes(frozenset((child,)))
    with qtbot.waitExposed(panel):
        panel.show()
    qtbot.waitUntil(lambda: not panel.tail.running and panel.messages.log.isVisible())
    yield panel
    panel.hide()
    panel.close_session()
    store.close()


def test_the_last_fifty_are_shown_with_errors_in_red(panel: InspectorPanel) -> None:
    lines = panel.messages.log.toPlainText().splitlines()
    assert len(lines) == 50
    texts = [line.split("  ", 1)[1] for line in lines]
    assert texts[-2:] == ["line 79", "it went wrong"]
    assert "only the parent" not in texts
    block = panel.messages.log.document().lastBlock()
    formats = block.textFormats()
    ink = formats[-1].format.foreground().color().name()
    assert ink == theme.current().bad
    assert panel.header.state.text() == "exit code 3"


def test_all_of_them_can_be_asked_for(panel: InspectorPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.messages_requested) as caught:
        panel.messages.button.click()
    assert caught.args == [panel.process]


def test_a_moment_hides_what_came_later(panel: InspectorPanel, qtbot: QtBot, session: str) -> None:
    reader = SessionReader(session)
    tenth = next(each for each in reader.messages.page(1, 100) if each.text == "line 9")
    reader.close()
    panel.show_store(panel.store.session.at(tenth.time_ns))
    qtbot.waitUntil(lambda: "line 79" not in panel.messages.log.toPlainText())
    qtbot.waitUntil(lambda: panel.messages.log.toPlainText().endswith("line 9"))
    assert len(panel.messages.log.toPlainText().splitlines()) == 10


def test_state_is_taken_back(panel: InspectorPanel) -> None:
    assert panel.restoreState(panel.saveState())
    assert not panel.restoreState(panel.saveState().left(1))


def test_new_messages_of_a_living_process_are_added(qtbot: QtBot, tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        store = SessionStore()
        speaker = tmp_path / "speaker.py"
        speaker.write_text(
            "import os, time\n"
            "os.mkfifo('more')\n"
            "print('first', flush=True)\n"
            "open('more').read()\n"
            "print('second', flush=True)\n"
            "time.sleep(60)\n"
        )
        spec = LaunchSpec(kind=TargetKind.SCRIPT, target=str(speaker), cwd=str(tmp_path))
        (number,) = live.launch(spec)
        live.says(number, "first")
        store.apply(live.events)
        selection = Selection()
        panel = InspectorPanel(store, selection)
        store.open(live.path)
        qtbot.addWidget(panel)
        selection.select_processes(frozenset((number,)))
        panel.show()
        log = panel.messages.log
        qtbot.waitUntil(lambda: log.toPlainText().endswith("first"))
        (tmp_path / "more").write_text("")
        qtbot.waitUntil(lambda: log.toPlainText().endswith("second"))
        assert len(log.toPlainText().splitlines()) == 2
        panel.hide()
        panel.close_session()
        store.close()
