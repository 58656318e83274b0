"""Which processes have a lane."""

from __future__ import annotations

from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.vocabulary.events import ProcessStarted, Role
from spawnscope.gui.panels.timeline.lanes import LaneList


def test_helpers_have_no_lane_and_leave_no_step() -> None:
    people = ProcessTable()
    for number, (parent, role) in enumerate(
        (
            (None, Role.SUPERVISOR), (1, Role.WORKER), (2, Role.FORKSERVER),
            (2, Role.RESOURCE_TRACKER), (2, Role.CHILD), (3, Role.OTHER),
        ),
        1,
    ):  # fmt: skip
        people.apply(
            ProcessStarted(number, 1000 + number, 1, number, parent, 1, None, "", role, None, ())
        )
    lanes = LaneList()
    lanes.rebuild(people, None)
    assert [(lane.process.number, lane.depth) for lane in lanes] == [(2, 0), (6, 1), (5, 1)]
