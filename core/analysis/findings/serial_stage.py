"""One stage of a pipeline that holds up the others: what is before it waits for room, what is
behind it waits for items, and it waits for nothing.

    makers --put--> queue, full --get--> the stage --put--> queue, empty --get--> takers

Of two stages one is always the slower one: so this takes three, of different processes. A stage of
many processes is spread already.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...sentences.duration import duration
from ...store.object_row import ObjectRow
from ...store.process_row import ProcessRow
from ...translation import tr, trn
from ...vocabulary.kinds import Form, kind_of
from .cause import Cause, Words
from .closed_words import labels_of, names_of
from .stretch import EASE, Stretch, stretch, uses
from .view import View

_WAIT = 0.5  # of the time, who is before it and behind it
_WORKS = 0.1  # of the time at most it waits itself
_ELSEWHERE_NS = 1_000_000_000  # that it has waited for one other thing at least
_HANDING_ON = frozenset(("submit", "call"))
_LEAST_RATE = 0.5  # items a second
_LEAST_WAIT_NS = 1_000_000_000
_MOST_TIMES = 10.0


class _Stage(NamedTuple):
    """Both queues, how they went, and who uses them."""

    before: ObjectRow
    behind: ObjectRow
    full: Stretch
    empty: Stretch
    makers: list[ProcessRow]
    people: list[ProcessRow]
    takers: list[ProcessRow]

    @property
    def held_up(self) -> tuple[float, float]:
        """Which share of their time those before it and those behind it wait for it."""
        put, get = self.full.put / len(self.makers), self.empty.get / len(self.takers)
        return min(1.0, put), min(1.0, get)

    @property
    def times(self) -> float:
        """How much faster the busier one of the others could be."""
        return min(_MOST_TIMES, 1 / max(1e-9, 1 - min(self.held_up)))


def slow_stages(view: View) -> Iterator[Cause]:
    """One for each such stage."""
    queues = [row for row in view.objects if kind_of(row.type).form is Form.QUEUE and row.counts]
    fulls = [row for row in queues if row.capacity and _has_waited(row, "put")]
    empties = [row for row in queues if _has_waited(row, "get")] if fulls else []
    for before in fulls if empties else ():  # who uses one is a question to the file
        makers, people = _users(view, before, "put"), _users(view, before, "get")
        if not makers or not people or people & makers:
            continue
        for behind in empties:
            if behind is before or _users(view, behind, "put") != people:
                continue
            takers = _users(view, behind, "get")
            if not takers or takers & (people | makers):
                continue
            full, empty = stretch(view, before), stretch(view, behind)
            if full is not None and empty is not None:
                rows = [
                    [view.row(each) for each in sorted(some)] for some in (makers, people, takers)
                ]
                stage = _Stage(before, behind, full, empty, *rows)
                if _holds_up(view, stage):
                    yield _found(stage)


def _has_waited(row: ObjectRow, operation: str) -> bool:
    """Whether those who did it, all together, have waited long enough to be held up."""
    return any(
        each.operation == operation and each.waited_ns >= _LEAST_WAIT_NS for each in row.counts
    )


def _users(view: View, row: ObjectRow, operation: str) -> set[int]:
    """Who does it, as far as it lives."""
    users = view.situation.users(row.number, operation)
    return {
        each
        for each in users
        if view.situation.lives(each) or (view.over and each in view.store.processes)
    }


def _holds_up(view: View, stage: _Stage) -> bool:
    stands = view.stands("serial-bottleneck", stage.before.number, stage.behind.number)
    ease = EASE if stands else 1.0
    waits = (stage.full.most_get + stage.empty.most_put) / len(stage.people)
    spread = len(stage.people) >= len(stage.makers) + len(stage.takers)
    return (
        min(stage.held_up) >= ease * _WAIT
        and waits <= _WORKS / ease
        and not spread
        and uses(view, stage.before, outward=True) >= ease * _LEAST_RATE
        and not any(_hands_on(view, row) for row in stage.people)
    )


def _hands_on(view: View, row: ProcessRow) -> bool:
    """Whether a process lets others do its work: it submits to a pool, calls a manager, or waits
    for something else than queues. What holds up the rest is behind that, then."""
    for number, _, count in view.store.counters(row.number):
        used = view.situation.object(number)
        if used is None or not count.count:
            continue
        if count.operation in _HANDING_ON or (
            kind_of(used.type).form is None and count.waited_ns >= _ELSEWHERE_NS
        ):
            return True
    return False


def _found(stage: _Stage) -> Cause:
    before, behind, people = stage.before, stage.behind, stage.people
    put, get = stage.held_up

    def words() -> Words:
        return Words(
            trn(
                "{names} holds up all that comes before and after it",
                "{names} hold up all that comes before and after them",
                len(people),
                names=labels_of(people),
            ),
            tr(
                "In {time}, {names} got items from {before} and put into {behind} without ever "
                "waiting for long. {makers} waited for room in {before} for {put:.0f} % of that "
                "time, {takers} for an item from {behind} for {get:.0f} %. With this stage spread "
                "over more processes, all of it would be up to {times:.1f} x as fast, as far as "
                "there are processors.",
                time=duration(stage.full.seconds), names=names_of(people), before=before.phrase,
                behind=behind.phrase, makers=names_of(stage.makers), put=100 * put,
                takers=names_of(stage.takers), get=100 * get, times=stage.times,
            ),
            tr(
                "Let more processes get from {before} (each has to be told when there are no more "
                "items), or do less in this stage.",
                before=before.phrase,
            ),
        )  # fmt: skip

    return Cause(
        code="serial-bottleneck",
        which=(before.number, behind.number),
        words=words,
        since_ns=stage.full.begin_ns,
        processes=tuple(each.number for each in people),
        objects=(before.number, behind.number),
    )
