"""Processes that crashed in a call to an object of a manager, since that had ended before them.

who made the manager comes to its end --> so does the manager --> calls of others fail
"""

from __future__ import annotations

from typing import NamedTuple

from ...sentences.duration import duration
from ...store.object_row import ObjectRow
from ...store.process_row import ProcessRow
from ...translation import tr
from ..waits.parties import servers_of
from ..waits.situation import how_it_ended, who
from .records import FAILED, count_of, last_records
from .view import View

_CONNECTION = frozenset((
    "FileNotFoundError", "ConnectionRefusedError", "ConnectionResetError", "BrokenPipeError",
    "EOFError",
))  # fmt: skip
_TOGETHER_NS = 200_000_000  # ends are seen in any order that are so close to each other


class GoneManager(NamedTuple):
    """What a process called in vain. `maker`: who had made the manager, where that is known."""

    manager: ProcessRow
    maker: ProcessRow | None
    called: ObjectRow


def gone_manager(view: View, row: ProcessRow) -> GoneManager | None:
    """The manager that had ended before a process crashed where it called it; None where it
    crashed by something else. Raises SessionError."""
    raised = row.raised
    if raised is None or raised.type not in _CONNECTION or not raised.place:
        return None
    for each in view.objects:
        if not count_of(each, "call")[1]:
            continue
        calls = view.situation.users(each.number, "call").get(row.number)
        servers = [view.row(server.process) for server in servers_of(view.situation, each)]
        before = [server for server in servers if _ended_before(server, row)]
        if calls is None or not calls.errors or not before or before != servers:
            continue
        failed = last_records(view, each.number, "call", (row.number,), outcome=FAILED)
        if any(one.process == row.number and one.site == raised.place for one in failed):
            manager = max(before, key=lambda server: server.ended_ns or 0)
            return GoneManager(manager, view.store.processes.get(manager.parent or 0), each)
    return None


def _ended_before(server: ProcessRow, row: ProcessRow) -> bool:
    same = server.worker == row.worker and not server.is_live
    return same and (server.ended_ns or 0) <= (row.ended_ns or 0) + _TOGETHER_NS


def gone_story(gone: GoneManager, row: ProcessRow) -> str:
    """What had become of the manager before the process crashed."""
    manager, maker, called = gone
    told = tr(
        "{manager}, the manager of {object}, had ended {time} before {process} crashed in a call "
        "to it.",
        manager=who(manager, manager.number), object=called.phrase,
        time=duration(max(0, (row.ended_ns or 0) - (manager.ended_ns or 0)) / 1e9),
        process=row.label,
    )  # fmt: skip
    if _was_killed(manager):
        how = tr("It {ended}.", ended=how_it_ended(manager))
    elif maker is not None:
        how = tr(
            "A manager ends with whoever made it, here {maker}: as that comes to its end, leaves "
            "the `with` block of the manager, or calls shutdown().",
            maker=who(maker, maker.number),
        )  # fmt: skip
    else:
        return told
    return f"{told} {how}"


def gone_advice(gone: GoneManager) -> str:
    """What to do so that it outlives who uses it."""
    if _was_killed(gone.manager):
        return tr(
            "See why the manager ended: what it kept is lost, and every call to it fails since. "
            "End no manager that others use."
        )
    return tr(
        "Let the manager outlive all who use it: join these processes before whoever made it comes "
        "to its end, or leaves its `with` block."
    )


def _was_killed(manager: ProcessRow) -> bool:
    """Whether it came to its end by other ways than that of a manager."""
    return manager.has_failed and manager.terminated_by is None
