"""The moment of a recorded session: the whole window goes there, and back to the end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from panel_places import INSPECTOR, MESSAGES, TIMELINE, TRAFFIC, WIRING
from pytestqt.qtbot import QtBot
from recording import record

from spawnscope.core.session.reader import SessionReader
from spawnscope.core.vocabulary.operation import Operation
from spawnscope.gui.shell.session_view import SessionView

PROGRAM = """
import multiprocessing as mp, time
def early(jobs):
    jobs.put("early")
def late(jobs, done):
    done.put(jobs.get())
    time.sleep(0.2)
if __name__ == "__main__":
    mp.set_start_method("fork")
    jobs, done = mp.Queue(), mp.Queue()
    waiting = mp.Process(target=late, args=(jobs, done), name="late")
    waiting.start()
    time.sleep(0.4)
    first = mp.Process(target=early, args=(jobs,), name="early")
    first.start()
    done.get()
    waiting.join()
    first.join()
"""


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("moment")
    (folder / "program.py").write_text(PROGRAM)
    path = folder / "s.spawnscope"
    assert record("--quiet", "-o", path, folder / "program.py").returncode == 0
    return str(path)


@pytest.fixture
def view(qtbot: QtBot, session: str) -> Iterator[SessionView]:
    view = SessionView()
    qtbot.addWidget(view)
    view.resize(1200, 800)
    with qtbot.waitExposed(view):
        view.show()
    view.show_recorded(session)
    for place in (MESSAGES, TRAFFIC, WIRING, INSPECTOR, TIMELINE):
        view.tabs.show_place(place)
    yield view
    view.close_session()


def the_wait(session: str) -> Operation:
    """The get of the process `late`, which waited for the item of `early`."""
    reader = SessionReader(session)
    try:
        gets = [one for _, one in reader.operations.page() if one.operation == "get"]
    finally:
        reader.close()
    return max((one for one in gets if one.preview == "'early'"), key=lambda one: one.waited_ns)


def names(view: SessionView) -> dict[str, str]:
    """The names that the tree shows, and their states."""
    shown = {}
    for row in view.processes.store.processes:
        if view.processes.model.index_of(row.number).isValid():
            shown[row.name] = row.status
    return shown


def test_the_window_goes_to_a_moment_and_back(view: SessionView, session: str) -> None:
    at_end = {row.number: row for row in view.store.processes}
    get = the_wait(session)
    moment = get.start_ns + 100_000_000
    view.made["timeline"].moment_chosen.emit(moment)
    shown = names(view)
    assert "late" in shown
    assert shown["late"] != "ended"
    assert "early" not in shown
    then = view.processes.store.processes
    assert then.live_count == len(shown), "what has not started yet does not live"
    late = next(row for row in then if row.name == "late")
    assert late.elapsed_ns(view.processes.model.now_ns()) == moment - late.started_ns
    assert [(deed.operation, deed.since_ns) for deed in late.doing] == [("get", get.start_ns)]
    view.made["timeline"].moment_chosen.emit(None)
    assert names(view)["early"] == "ended"
    assert {row.number: row for row in view.processes.store.processes} == at_end


def test_what_is_selected_in_one_panel_is_selected_in_all(view: SessionView) -> None:
    late = next(row.number for row in view.store.processes if row.name == "late")
    view.selection.select_processes(frozenset({late}))
    assert view.processes.selected() == {late}
    early = next(row.number for row in view.store.processes if row.name == "early")
    view.processes.select(early)
    assert view.selection.processes == {early}
