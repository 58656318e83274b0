"""What the Inspector says of a process that is not instrumented: why, and what is known of it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.codes import Unwatched
from spawnscope.core.vocabulary.events import ProcessExited, ProcessStarted, ProcessWatched, Role
from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.panels.inspector.panel import InspectorPanel


@pytest.fixture
def sleeper() -> Iterator[int]:
    code = "import time; print('up', flush=True); time.sleep(600)"
    command = [sys.executable, "-I", "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        yield process.pid
        process.kill()


def test_the_reason_and_what_the_kernel_says(qtbot: QtBot, sleeper: int) -> None:
    store, selection = SessionStore(), Selection()
    panel = InspectorPanel(store, selection)
    qtbot.addWidget(panel)
    panel.resize(1100, 700)
    with qtbot.waitExposed(panel):
        panel.show()
    now_ns = time.time_ns()
    command = (sys.executable, "-I", "a.py")
    store.apply(
        [
            ProcessStarted(2, sleeper, 1, now_ns, None, 1, 1, "it", Role.OTHER, None, command),
            ProcessWatched(2, now_ns, False, code=Unwatched.ISOLATED),
        ]
    )
    selection.select_processes(frozenset({2}))

    def says_what_it_is_in() -> None:
        panel.look_now()
        assert "sleeps" in panel.doing.text.markup

    qtbot.waitUntil(says_what_it_is_in, timeout=20_000)
    assert "of CPU time" in panel.doing.text.markup
    assert "Not instrumented: it runs with -I" in panel.doing.text.markup
    assert "Known from outside: " in panel.doing.text.markup
    assert "it shares is not recorded" in panel.uses.text.markup
    store.apply([ProcessExited(2, sleeper, now_ns + 1, 0, None, "Ended.")])
    panel.look_now()
    assert "sleeps" not in panel.doing.text.markup
    panel.hide()
