"""Processes that wait for one another over full queues: each waits to put into one that another
empties, which waits to put itself."""

from __future__ import annotations

from collections.abc import Iterator

from ...sentences.duration import duration
from ...sentences.place import file_and_line
from ...translation import enumerated, tr, trn
from ...vocabulary.findings import Cure, Remedy
from ...vocabulary.kinds import ThreadKey
from ..waits.situation import who
from .cause import Cause, Words
from .view import View

_MOST_NAMED = 3


def queue_deadlocks(view: View) -> Iterator[Cause]:
    """One for each circle of full queues in a run that is stuck for good."""
    puts: dict[int, list[ThreadKey]] = {}  # by queue
    for wait in sorted(view.closed.waits):
        deed = view.closed.deed(wait)
        if deed.operation == "put" and deed.object is not None and not view.is_explained(wait):
            puts.setdefault(deed.object, []).append(wait)
    told: set[int] = set()
    for queue in puts:
        circle = _circle(view, puts, queue)
        if len(circle) > 1 and not told.intersection(circle):
            told.update(circle)
            yield _cause(view, {each: puts[each] for each in circle})


def _circle(view: View, puts: dict[int, list[ThreadKey]], first: int) -> list[int]:
    """Queues of which each is emptied only by those who wait to put into the next."""
    path = [first]
    while True:
        takers = _takers(view, path[-1], puts[path[-1]])
        ahead = [
            queue
            for queue, waits in puts.items()
            if queue != path[-1] and takers & {process for process, _ in waits}
        ]
        if not ahead:
            return []
        if ahead[0] in path:
            return path[path.index(ahead[0]) :]
        path.append(ahead[0])


def _takers(view: View, queue: int, waits: list[ThreadKey]) -> set[int]:
    """Who has taken items out of a queue and lives; if nobody ever did, whoever else waits."""
    here = {process for process, _ in waits}
    got = {
        process
        for process in view.situation.users(queue, "get")
        if view.situation.lives(process) and process not in here
    }
    worker = view.row(waits[0][0]).worker
    others = {
        process
        for process, _ in view.closed.waits
        if process not in here and view.row(process).worker == worker
    }
    return got or others


def _cause(view: View, puts: dict[int, list[ThreadKey]]) -> Cause:
    waits = [wait for those in puts.values() for wait in those]
    queues = [view.store.objects[number] for number in puts]
    people = {
        number: [view.row(each) for each in dict.fromkeys(process for process, _ in those)]
        for number, those in puts.items()
    }

    def step(place: int) -> str:
        queue = queues[place]
        after = people[queues[(place + 1) % len(queues)].number]
        names = [who(row, row.number) for row in people[queue.number]]
        takers = [who(row, row.number) for row in after]
        deed = view.closed.deed(puts[queue.number][0])
        return trn(
            "{names} has waited for {time} to put into {queue} (at {place}), which is full, "
            "{depth} of {capacity}, and which {others} would have to empty.",
            "{names} have waited for {time} to put into {queue} (at {place}), which is full, "
            "{depth} of {capacity}, and which {others} would have to empty.",
            len(names),
            names=enumerated(names[:_MOST_NAMED], len(names) - len(names[:_MOST_NAMED])),
            time=duration(deed.elapsed_ns(view.now_ns) / 1e9), queue=queue.phrase,
            place=file_and_line(deed.site) or tr("an unknown place"),
            depth=format(queue.depth or 0, ","),
            capacity=format(queue.capacity or 0, ","),
            others=enumerated(takers[:_MOST_NAMED], len(takers) - len(takers[:_MOST_NAMED])),
        )  # fmt: skip

    def words() -> Words:
        return Words(
            tr(
                "{queues} are full, and those who empty them wait for one another",
                queues=enumerated([queue.phrase for queue in queues]),
            ),
            " ".join(map(step, range(len(queues)))),
            tr(
                "Take results out while jobs are put in, from a thread of its own or between two "
                "puts, or leave one of the queues without a limit. To go on now, end one of them."
            ),
        )

    everybody = dict.fromkeys(row.number for rows in people.values() for row in rows)
    return Cause(
        code="deadlock",
        which=("queues", *sorted(puts)),
        words=words,
        since_ns=max(view.closed.deed(wait).since_ns for wait in waits),
        processes=tuple(everybody),
        objects=tuple(puts),
        evidence=view.evidence(wait for wait in waits if wait in view.graph.deeds),
        waits=frozenset(waits),
        entails=frozenset(
            wait for wait in view.closed.waits
            if view.row(wait[0]).worker == view.row(waits[0][0]).worker
        ),
        proof=tuple((wait, view.closed.deed(wait).since_ns) for wait in sorted(waits)),
        cures=tuple(Cure(Remedy.TERMINATE, process) for process in everybody),
    )  # fmt: skip
