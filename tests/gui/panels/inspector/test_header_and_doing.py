"""What the Inspector says of processes that it knows little of, and of how old they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.events import Event, ProcessStarted, ProcessWatched, Role, Sample
from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.panels.inspector.panel import InspectorPanel

SECOND = 1_000_000_000
Show = Callable[..., InspectorPanel]


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[Show]:
    """Shows a process with a command line that has lived for 32 s, and further events of it."""
    store = SessionStore()
    selection = Selection()
    panel = InspectorPanel(store, selection)
    qtbot.addWidget(panel)
    panel.resize(1100, 700)
    with qtbot.waitExposed(panel):
        panel.show()

    def show(cmdline: tuple[str, ...], *events: Event) -> InspectorPanel:
        began = store.objects.clock.now_ns() - 32 * SECOND
        start = ProcessStarted(2, 7, 1, began, None, 1, 1, "it", Role.WORKER, None, cmdline)
        store.apply([start, *events])
        selection.select_processes(frozenset({2}))
        panel.look_now()
        return panel

    yield show
    panel.hide()


@pytest.mark.parametrize("cmdline", [("/bin/sh", "run.sh"), ("gcc", "-c", "python.c"), ()])
def test_what_is_no_python_has_no_python_stack(show: Show, cmdline: tuple[str, ...]) -> None:
    doing = show(cmdline).doing
    assert "It does not look like Python" in doing.text.markup
    assert not doing.button.isVisible()


def test_python_has_one(show: Show) -> None:
    doing = show(("/usr/bin/python3.12", "app.py")).doing
    assert "it runs code of its own" in doing.text.markup
    assert doing.button.isVisible()


def test_what_carries_a_recorder_is_python_whatever_it_calls_itself(show: Show) -> None:
    doing = show(("shop: worker",), ProcessWatched(2, 5, True, "")).doing
    assert "it runs code of its own" in doing.text.markup
    assert doing.button.isVisible()


def test_the_age_of_a_process_is_not_told_as_that_of_its_state(show: Show) -> None:
    """It may have been suspended a moment ago."""
    panel = show(("python",), Sample(2, 7, 2**61, 0.0, 1, 1, 1, "stopped"))
    assert panel.header.state.text() == "suspended"
    assert panel.header.lifetime.text().startswith("alive for 3")
