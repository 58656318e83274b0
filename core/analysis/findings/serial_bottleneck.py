"""A lock that holds up all who want it, or one stage of a pipeline that holds up the others.

    lock: always somebody waits, and those who want it wait most of their time --> how many of
          them get on at a time
    queue --one process--> queue: see `serial_stage`

Whoever waits is not the bottleneck: what they wait for is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...sentences.duration import duration
from ...store.object_row import ObjectRow
from ...store.process_row import ProcessRow
from ...translation import tr
from ...vocabulary.events import OperationCount
from ...vocabulary.kinds import OBJECTS, Holding, kind_of
from .cause import Cause, Words
from .closed_words import names_of
from .serial_stage import slow_stages
from .stretch import EASE, Stretch, stretch, uses
from .view import View

_LEAST_USERS = 3  # of two that want it in turn each waits half of the time
_WAITING = 0.6  # of all that want it but one, on average
_LEAST_RATE = 2.0  # a second: it is handed on, and not just kept by somebody for a while
_SHORT = 0.5  # seconds that each of those who want it has waited at least


def serial_bottlenecks(view: View) -> Iterator[Cause]:
    """One for each lock and each stage."""
    for row in view.objects:
        if kind_of(row.type).holding is Holding.ONE and row.type in OBJECTS and row.counts:
            yield from _locks(view, row)
    yield from slow_stages(view)


class _Lock(NamedTuple):
    """A lock, who wants it, how it went, and how many of them get on at a time."""

    row: ObjectRow
    people: list[ProcessRow]
    waits: Stretch
    rate: float

    @property
    def at_work(self) -> float:
        return max(1.0, len(self.people) - self.waits.put)

    @property
    def times(self) -> float:
        return len(self.people) / self.at_work


def _locks(view: View, row: ObjectRow) -> Iterator[Cause]:
    acquired = next((each for each in row.counts if each.operation == "acquire"), None)
    if acquired is None or acquired.waited_ns < _LEAST_USERS * _SHORT * 1e9:
        return
    waits = stretch(view, row)
    ease = EASE if view.stands("serial-bottleneck", row.number) else 1.0
    if waits is None or waits.put < ease:
        return
    users = view.situation.users(row.number, "acquire")
    people = [view.row(each) for each in users if _wants(view, each, users[each])]
    lock = _Lock(row, people, waits, uses(view, row, outward=False))
    if len(people) < _LEAST_USERS or waits.put < ease * _WAITING * (len(people) - 1):
        return
    if lock.rate >= ease * _LEAST_RATE:
        yield _found(lock)


def _wants(view: View, process: int, count: OperationCount) -> bool:
    known = view.situation.lives(process) or (view.over and process in view.store.processes)
    return known and count.waited_ns >= _SHORT * 1e9


def _found(lock: _Lock) -> Cause:
    row, people, waits = lock.row, lock.people, lock.waits
    count = len(people)
    share = min(99.0, 100 * waits.put / count)

    def words() -> Words:
        return Words(
            tr("{lock} holds up {count} processes", lock=row.phrase, count=str(count)),
            tr(
                "{names} want {lock} all the time: in {time} each of them has waited for it for "
                "{share:.0f} % of the time, and it changed hands {rate:,.0f} times a second. "
                "Together they get as much done as {at_work:.1f} of them would alone. Without it "
                "they would be up to {times:.1f} x as fast, as far as there are processors.",
                names=names_of(people), lock=row.phrase, time=duration(waits.seconds),
                share=share, rate=lock.rate, at_work=lock.at_work, times=lock.times,
            ),
            tr(
                "Do as little as possible while holding {lock}: compute, read and write outside of "
                "it, or collect results and hand them over many at a time. Where it guards "
                "parts that have nothing to do with one another, give each a lock of its own.",
                lock=row.phrase,
            ),
        )  # fmt: skip

    return Cause(
        code="serial-bottleneck",
        which=(row.number,),
        words=words,
        since_ns=waits.begin_ns,
        processes=tuple(each.number for each in people),
        objects=(row.number,),
    )
