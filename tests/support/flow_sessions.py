"""Simulated histories of shared objects, in which the truth is known and details may be missing.

Random puts, gets, acquires and releases of several threads; each has an ordinal, a row unless it
was dropped, and times that are noted a little too late, as real ones are.
"""

from __future__ import annotations

import random
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

from spawnscope.core.analysis.flows.details import Counted, Details, ObjectOperation, noted_in
from spawnscope.core.analysis.flows.flows import Flow, FlowMatcher
from spawnscope.core.vocabulary.events import ObjectCreated
from spawnscope.core.vocabulary.operation import Operation

Thread = tuple[int, str]
MS = 1_000_000
NUMBER = 1  # of the object


@dataclass
class History:
    """`rows`: all operations by id, `dropped`: those that have no row; `truth`: the cause of each
    effect."""

    type: str
    rows: dict[int, Operation] = field(default_factory=dict)
    truth: dict[int, int] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)
    ordinals: dict[tuple[str, Thread], int] = field(default_factory=lambda: defaultdict(int))

    def did(self, thread: Thread, operation: str, start: int, end: int, **fields: Any) -> int:
        """Note an operation; returns its id."""
        self.ordinals[operation, thread] += 1
        number = len(self.rows) + 1
        self.rows[number] = an_operation(
            operation, thread, start, end, argument=self.ordinals[operation, thread], **fields
        )
        return number

    def drop(self, chance: random.Random, share: float) -> None:
        """Let some rows be missing, in bursts; of each thread at least one stays."""
        left = defaultdict(int)
        for one in self.rows.values():
            left[one.operation, one.process, one.thread] += 1
        numbers = sorted(self.rows)
        while len(self.dropped) < share * len(numbers):
            start = chance.randrange(len(numbers))
            before = len(self.dropped)
            for number in numbers[start : start + chance.randrange(1, 8)]:
                one = self.rows[number]
                key = (one.operation, one.process, one.thread)
                if number not in self.dropped and left[key] > 1:
                    left[key] -= 1
                    self.dropped.add(number)
            if len(self.dropped) == before and all(count == 1 for count in left.values()):
                break

    def flows(self, ordinals: bool = True) -> list[Flow]:
        """What is found in what is left; without `ordinals` as in a session from before them."""
        kept = [
            (number, one if ordinals else _plain(one))
            for number, one in self.rows.items()
            if number not in self.dropped
        ]
        kept.sort(key=lambda numbered: numbered[1].end_ns)
        counted: dict[ObjectOperation, dict[int, Counted]] = defaultdict(dict)
        for one in self.rows.values():
            totals = counted[NUMBER, one.operation]
            totals[one.process] = Counted(totals.get(one.process, Counted(0, 0)).done + 1, 0)
        rows = [one for _, one in kept]
        matcher = FlowMatcher([a_made(self.type)], Details(noted_in(rows), counted, lambda _: rows))
        return matcher.feed(kept) + matcher.finish()


def a_made(kind: str, number: int = NUMBER) -> ObjectCreated:
    """An object of a type."""
    return ObjectCreated(number, 1, 0, kind, "it", "app.py:1", None)


def an_operation(operation: str, thread: Thread, start: int, end: int, **fields: Any) -> Operation:
    """One that succeeded."""
    values: dict[str, Any] = {
        "object": NUMBER, "waited_ns": 0, "bytes": None, "preview": None, "outcome": "ok",
        "site": "app.py:9", "text": "", "argument": 0,
    }  # fmt: skip
    return Operation(
        process=thread[0], thread=thread[1], operation=operation, start_ns=start, end_ns=end,
        **values | fields,
    )  # fmt: skip


def _plain(one: Operation) -> Operation:
    fields = {name: getattr(one, name) for name in Operation.__struct_fields__}
    return Operation(**fields | {"argument": 0})


def queue_history(
    chance: random.Random, putters: int, getters: int, items: int, looks: int, puts: float = 0.55
) -> History:
    """Items go through a queue; they have one of `looks` different previews. `puts`: how often an
    item is put while there is one to get."""
    history = History("Queue")
    sources = [(2 + n // 2, f"putter {n}") for n in range(putters)]
    targets = [(20 + n, "MainThread") for n in range(getters)]
    free = dict.fromkeys([*sources, *targets], 0)  # until when a thread is busy
    now, pipe = 0, deque[tuple[int, str]]()
    left = items
    while left or pipe:
        now += chance.choice((10_000, 300_000, 3 * MS, 200 * MS))
        if left and (not pipe or chance.random() < puts):
            thread = chance.choice(sources)
            begin = max(now, free[thread])
            noted = begin + chance.choice((0, 2000, 2 * MS))
            preview = f"'{chance.randrange(looks)}'"
            number = history.did(thread, "put", noted, noted, preview=preview)
            # The feeder threads of two processes do not send in the order of their puts.
            before = history.rows[pipe[-1][0]] if pipe else None
            if (
                before is not None
                and before.process != thread[0]
                and noted - before.end_ns < 5 * MS
                and chance.random() < 0.3
            ):
                pipe.insert(len(pipe) - 1, (number, preview))
            else:
                pipe.append((number, preview))
            free[thread] = noted + 1
            now = max(now, begin)
            left -= 1
        elif pipe:
            thread = chance.choice(targets)
            now = max(now, free[thread])
            number, preview = pipe.popleft()
            start = max(free[thread], now - chance.choice((1000, 50 * MS)))
            end = now + chance.choice((500, 40_000, 2 * MS))
            got = history.did(thread, "get", start, end, preview=preview)
            history.truth[got] = number
            free[thread] = end + 1
    return history


def lock_history(chance: random.Random, threads: int, turns: int) -> History:
    """A lock goes round among threads, which wait for it now and then."""
    history = History("Lock")
    everybody = [(2 + n, "MainThread") for n in range(threads)]
    free = dict.fromkeys(everybody, 0)
    now, released, let_go = 0, 0, 0
    for _ in range(turns):
        thread = chance.choice(everybody)
        since = free[thread]
        now = max(now, since) + chance.choice((1000, 70_000, 30 * MS))
        waits = since < let_go
        start = chance.randrange(since, let_go) if waits else now
        end = now + chance.choice((300, 60_000, 2 * MS))
        got = history.did(thread, "acquire", start, end, waited_ns=end - start if waits else 0)
        if waits and _thread(history.rows[released]) != thread:
            history.truth[got] = released
        held = end + chance.choice((2000, 5 * MS))
        noted = held + 200 + chance.choice((100, 300_000, 3 * MS))  # after it happened
        released = history.did(thread, "release", noted, noted)
        free[thread] = noted + chance.choice((500, 4 * MS))
        let_go = now = held + 200
    return history


def _thread(one: Operation) -> Thread:
    return one.process, one.thread
