"""The kinds of findings about runs in which nothing can go on: by what the root of it waits in.

root group --operation, type--> starved-consumers, event-never-set, barrier-short ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .barrier_short import too_few
from .cause import Cause, Words
from .closed_group import ClosedGroup, root_groups
from .event_never_set import never_notified, never_set
from .forgotten_task_done import never_done
from .semaphore_exhausted import exhausted
from .starved_consumers import nothing_comes, nothing_goes, nothing_leaves
from .until_ctrl_c import unless_meant
from .view import View

_KINDS: dict[tuple[str, str], tuple[str, Callable[[ClosedGroup], Words]]] = {
    ("wait", "Event"): ("event-never-set", never_set),
    ("wait", "Condition"): ("event-never-set", never_notified),
    ("wait", "Barrier"): ("barrier-short", too_few),
    ("acquire", ""): ("semaphore-exhausted", exhausted),
    ("join", ""): ("forgotten-task-done", never_done),
    ("get", ""): ("starved-consumers", nothing_comes),
    ("put", ""): ("starved-consumers", nothing_goes),
    ("flush", ""): ("starved-consumers", nothing_leaves),
}
"""By operation, and type where that matters."""


def proved_causes(view: View) -> Iterator[Cause]:
    """Those that are sure to be roots, although a circle may lead through them."""
    for group in root_groups(view, proved=True):
        yield from _cause(view, group)


def closed_causes(view: View) -> Iterator[Cause]:
    """One for each run that is stuck for good, and that nothing has explained yet."""
    for group in root_groups(view):
        yield from _cause(view, group)


def _cause(view: View, group: ClosedGroup) -> Iterator[Cause]:
    operation = group.deed.operation
    found = _KINDS.get((operation, group.row.type)) or _KINDS.get((operation, ""))
    if found is not None:
        code, words = found
        cause = group.cause(view, code, words)
        yield cause if _is_sure(group) else unless_meant(view, cause)


def _is_sure(group: ClosedGroup) -> bool:
    """Whether nobody means to wait so: there is something that ought to have been done before."""
    kept = group.deed.operation == "acquire" and group.rank == 0
    return kept or group.deed.operation in ("join", "put", "flush")
