"""What the Inspector says of a process that is not instrumented: why, and what is known of it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.events import (
    ProcessExited,
    ProcessStarted,
    ProcessWatched,
    Role,
    Unwatched,
)
from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.panels.inspector.panel import InspectorPanel


@pytest.fixture
def sleeper() -> Iterator[int]:
    code = "import time; time.sleep(600)"
    with subprocess.Popen([sys.executable, "-I", "-c", code]) as process:
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

    def says(text: str) -> bool:
        panel.look_now()
        return text in panel.doing.text.markup

    qtbot.waitUntil(lambda: says("sleeps"), timeout=20_000)
    assert "of CPU time" in panel.doing.text.markup
    assert "Not instrumented: it runs with -I" in panel.doing.text.markup
    assert "Known from outside: " in panel.doing.text.markup
    assert "it shares is not recorded" in panel.uses.text.markup
    store.apply([ProcessExited(2, sleeper, now_ns + 1, 0, None, "Ended.")])
    panel.look_now()
    assert "sleeps" not in panel.doing.text.markup
    panel.hide()
