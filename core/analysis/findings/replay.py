"""A task that failed, as what can be done about a finding: it is run alone, to see it again."""

from __future__ import annotations

from ...translation import tr
from ...vocabulary.findings import Cure, Remedy
from .view import View

_MOST = 3


def replays(
    view: View, process: int, pool: int | None = None, number: int | None = None
) -> tuple[Cure, ...]:
    """The tasks that are kept of a process which ended in them, or that of this number, which
    raised; of one pool, if it is named."""
    return tuple(
        Cure(Remedy.RUN_ALONE, process, task.object, str(task.task))
        for task in view.store.session.kept.of_process(process)
        if task.kept
        and pool in (None, task.object)
        and (not task.error if number is None else task.number == number)
    )[:_MOST]


def replay_advice(cures: tuple[Cure, ...]) -> str:
    """A sentence on what that is good for, or on how to have it the next time."""
    if any(cure.remedy is Remedy.RUN_ALONE for cure in cures):
        return tr("Its task was kept: run it alone, and see where it fails.")
    return tr("With `--keep-failed-tasks`, its task is kept and can be run alone.")
