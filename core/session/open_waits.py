"""Waits that are not over. A counter grows when a call is over, and so does the list of operations;
but whoever hangs waits all the same. Whatever adds up waiting takes it from here.

    what threads are in, until now or until their end --waits_in--> OpenWait --.
    rows of calls that were over later than a moment -------------> Span ------+--> totals with them
    totals of the calls that are over -----------------------------------------'
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol, TypeVar

from msgspec.structs import replace

from ..vocabulary.events import OperationCount
from ..vocabulary.kinds import WORKING

CounterKey = tuple[int, int, str]
"""(object, process, operation); a process of 0 stands for all of them."""
CounterRows = list[tuple[int, int, OperationCount]]
"""(object, process, totals of one operation)."""
SiteRows = list[tuple[str, str, int, int]]
"""(site, operation, how many calls, how long they waited in all, ns)."""
_NOTHING_DONE = (0, 0, 0, 0, 0, 0)
_LARGEST = 1 << 62  # of a sum: a file may come from anybody


class InCall(Protocol):
    """A call that a thread is in: a Doing or a Deed."""

    @property
    def thread(self) -> str: ...
    @property
    def operation(self) -> str: ...
    @property
    def object(self) -> int | None: ...
    @property
    def since_ns(self) -> int: ...
    @property
    def site(self) -> str: ...


C = TypeVar("C", bound=InCall)


class OpenWait(NamedTuple):
    """A thread has waited from `since_ns` to `until_ns` (Unix time) in a call that was not over by
    then: that is now, or the end of its process."""

    object: int
    process: int
    operation: str
    site: str
    since_ns: int
    until_ns: int

    @property
    def waited_ns(self) -> int:
        """For how long."""
        return max(0, self.until_ns - self.since_ns)


class Span(NamedTuple):
    """A call that was over at `end_ns` and had waited `waited_ns`; waiting comes first."""

    key: CounterKey
    start_ns: int
    end_ns: int
    waited_ns: int


def innermost(calls: Iterable[C]) -> dict[str, C]:
    """What each thread is in, the innermost where calls lie within one another: a worker's whole
    life is a call, and so is the task within it."""
    found: dict[str, C] = {}
    for call in calls:
        known = found.get(call.thread)
        if known is None or call.since_ns > known.since_ns:
            found[call.thread] = call
    return found


def waits_in(process: int, calls: Iterable[InCall], until_ns: int) -> list[OpenWait]:
    """The waits among what the threads of a process are in at `until_ns`, or were when it ended; as
    far as they had begun."""
    return [
        OpenWait(call.object, process, call.operation, call.site, call.since_ns, until_ns)
        for call in innermost(calls).values()
        if call.object is not None and call.operation not in WORKING and call.since_ns < until_ns
    ]


def counts_with(
    counts: tuple[OperationCount, ...], waits: Iterable[OpenWait]
) -> tuple[OperationCount, ...]:
    """The totals of one object, with these waits on it."""
    found = {count.operation: count for count in counts}
    for wait in waits:
        found[wait.operation] = _longer(found.get(wait.operation), wait)
    return tuple(found.values())


def rows_with(rows: CounterRows, waits: Iterable[OpenWait]) -> CounterRows:
    """The totals of processes, with these waits."""
    found: dict[CounterKey, OperationCount] = {
        (number, process, count.operation): count for number, process, count in rows
    }
    for wait in waits:
        key = (wait.object, wait.process, wait.operation)
        found[key] = _longer(found.get(key), wait)
    return [(number, process, count) for (number, process, _), count in found.items()]


def sites_with(sites: SiteRows, waits: Iterable[OpenWait]) -> SiteRows:
    """The totals of lines of code, with the waits on that object."""
    found = {(site, operation): (count, waited) for site, operation, count, waited in sites}
    for wait in waits:
        count, waited = found.get((wait.site, wait.operation), (0, 0))
        found[wait.site, wait.operation] = count, min(waited + wait.waited_ns, _LARGEST)
    return [(*key, *totals) for key, totals in found.items()]


def as_of(
    time_ns: int,
    looks: Iterable[Mapping[CounterKey, tuple[int, OperationCount]]],
    spans: Iterable[Span],
) -> dict[CounterKey, OperationCount]:
    """The totals at a moment, with the waits that went on then.

    `looks`: what had been counted by then, as (when that was noted, totals), the latest look first.
    It is noted up to a second after it happened, and a moment may lie in between. So each look is
    brought up to the moment by the `spans` that were over after it; none can tell too much, and the
    one that tells most is right.
    """
    latest, *others = looks
    found = {key: count for key, (_, count) in latest.items()}
    by_key: dict[CounterKey, list[Span]] = {}
    for span in spans:
        if span.start_ns < time_ns:
            by_key.setdefault(span.key, []).append(span)
    for key, several in by_key.items():
        best = (0, 0)
        for look in (latest, *others):
            noted_ns, count = look.get(key, (0, None))
            late = [span for span in several if span.end_ns > noted_ns]
            more = sum(min(span.waited_ns, time_ns - span.start_ns) for span in late)
            before = (count.waited_ns, count.waits) if count is not None else (0, 0)
            best = max(best, (before[0] + more, before[1] + len(late)))
        known = found.get(key) or OperationCount(key[2], *_NOTHING_DONE)
        found[key] = replace(known, waited_ns=best[0], waits=best[1])
    return found


def _longer(count: OperationCount | None, wait: OpenWait) -> OperationCount:
    known = count or OperationCount(wait.operation, *_NOTHING_DONE)
    waited_ns = min(known.waited_ns + wait.waited_ns, _LARGEST)
    return replace(known, waits=known.waits + 1, waited_ns=waited_ns)
