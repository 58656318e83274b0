"""Waits that are not over, and those of a run that is, in the Traffic panel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from spawnscope.core.analysis.waits.split import Balance
from spawnscope.core.store.objects import ObjectTable
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.events import (
    Doing,
    OperationCount,
    ProcessDoing,
    ProcessExited,
    ProcessStarted,
    Role,
)
from spawnscope.gui.panels.traffic.columns import LOST, NAME
from spawnscope.gui.panels.traffic.detail_frame import LINES, PROCESSES
from spawnscope.gui.panels.traffic.panel import TrafficPanel
from spawnscope.gui.panels.traffic.shares import GET_WAIT, PUT_WAIT, WAITED

SECOND = 1_000_000_000
Feed = Callable[..., None]


def waits(process: int, operation: str, since_ns: int) -> ProcessDoing:
    """A process that has been in an operation on object 1 for a while."""
    return ProcessDoing(process, (Doing("MainThread", operation, 1, since_ns, "/a/hang.py:4", ""),))


def test_who_waits_now_has_a_share_and_so_has_the_line(
    panel: TrafficPanel, feed: Feed, source: Any, make: Any, objects: ObjectTable,
    processes: ProcessTable,
) -> None:  # fmt: skip
    feed(make.created(1, "Queue", "jobs"))
    now_ns = objects.clock.now_ns()
    for event in (waits(1, "put", now_ns - 90 * SECOND), waits(2, "get", now_ns - 30 * SECOND)):
        processes.apply(event)
    source.totals = [(1, OperationCount("put", 9, 0, 0, 0, 0, 0))]
    panel.select(1)
    panel.detail.tabs.setCurrentIndex(PROCESSES)
    users = panel.detail.users
    rows = {users.row_at(place).process: place for place in range(users.rowCount())}
    assert users.index(rows[1], PUT_WAIT).data().startswith("1:3")
    assert users.row_at(rows[1]).waited_share == pytest.approx(0.75, abs=0.01)
    assert users.index(rows[2], GET_WAIT).data().startswith("30 s")
    panel.detail.tabs.setCurrentIndex(LINES)
    sites = panel.detail.sites
    texts = {sites.row_at(place).operation: sites.index(place, WAITED).data()
             for place in range(sites.rowCount())}  # fmt: skip
    assert "75 %" in texts["put"]
    assert "25 %" in texts["get"]


def test_once_the_run_is_over_the_panel_tells_of_all_of_it(
    panel: TrafficPanel, feed: Feed, make: Any, store: SessionStore
) -> None:
    """The session goes on, and other runs may; nobody waits any more in the last minute."""
    creator = make.created(1).process
    store.objects.apply(
        ProcessStarted(creator, 7, 1, 1, None, 1, 1, "w", Role.WORKER, None, ("python",))
    )
    feed(make.created(1, "Queue", "jobs", 5), make.state(1, puts=9, waited=20.0))
    panel.select(1)
    store.tick()
    panel.look_now()
    split = panel.detail.strip.split
    assert split is not None
    assert split.balance is Balance.NOBODY_WAITS, "in the last minute"
    assert panel.model.index_of(1, LOST).data() == ""
    end = ProcessExited(creator, 7, store.objects[1].state_ns + SECOND, 0, None, "Ended.", (), ())
    store.objects.apply(end)
    store.tick()
    panel.look_now()
    split = panel.detail.strip.split
    assert split is not None
    assert split.balance is Balance.PRODUCERS_WAIT
    assert "Producers wait in all." in panel.detail.strip.accessibleDescription()
    assert panel.model.index_of(1, LOST).data() == "20 s"


def test_the_tooltip_of_a_name_has_what_is_waited_now(
    panel: TrafficPanel, feed: Feed, make: Any, objects: ObjectTable
) -> None:
    feed(make.created(1, "Lock", "door"))
    objects.apply(waits(3, "acquire", make._now - 12 * SECOND))
    feed(make.state(1, depth=None, waiters=((3, "MainThread"),)))
    told = panel.model.index_of(1, NAME).data(3)  # ToolTipRole
    assert "1 thread waits now. In all:" in told
    assert "Waited to put, or for the lock: " in told
    assert "for the lock: never" not in told
