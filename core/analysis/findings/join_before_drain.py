"""Somebody waits for the end of a process that cannot end: it has put items into a queue, waits
until they are sent, and whoever would take them out waits for it."""

from __future__ import annotations

from collections.abc import Iterator

from ...sentences.duration import duration
from ...sentences.place import file_and_line
from ...translation import tr, trn
from ...vocabulary.findings import Cure, Evidence, Remedy
from ...vocabulary.kinds import MAIN_THREAD, STARTED, ThreadKey
from ..waits.situation import who
from ..waits.unsent import unsent
from .cause import Cause, Words
from .view import View


def joins_before_drain(view: View) -> Iterator[Cause]:
    """One for each queue that is not emptied."""
    joins: dict[int, list[tuple[ThreadKey, ThreadKey]]] = {}  # by queue: who joins, who flushes
    for wait in sorted(view.closed.waits):
        deed = view.closed.deed(wait)
        row = None if deed.object is None else view.situation.object(deed.object)
        if row is None or row.type not in STARTED or view.is_explained(wait):
            continue
        process = view.situation.process_behind(row.number)
        flush = (process or 0, MAIN_THREAD)
        if flush in view.closed.waits and view.closed.deed(flush).operation == "flush":
            queue = view.closed.deed(flush).object
            if queue is not None:
                joins.setdefault(queue, []).append((wait, flush))
    for queue, those in joins.items():
        yield _cause(view, queue, those)


def _cause(view: View, number: int, those: list[tuple[ThreadKey, ThreadKey]]) -> Cause:
    queue = view.store.objects[number]
    join, flush = those[0]
    parent, child = view.row(join[0]), view.row(flush[0])
    joined, flushed = view.closed.deed(join), view.closed.deed(flush)
    left = unsent(view.situation, queue).kept.get(child.number, 0)
    size = max((count.bytes for count in queue.counts if count.operation == "feed"), default=0)
    flushes = tuple(dict.fromkeys(each for _, each in those))

    def words() -> Words:
        kept = trn(
            "{child} has put {count} item into {queue} that nobody has taken out",
            "{child} has put {count} items into {queue} that nobody has taken out",
            max(1, left),
            child=who(child, child.number), queue=queue.phrase,
        )  # fmt: skip
        story = tr(
            "{kept}; its feeder thread waits in the pipe, which is full, and a process does not "
            "end before that is done. {parent} has waited for its end for {time} (at {place}), and "
            "takes nothing out meanwhile.",
            kept=kept, parent=who(parent, parent.number),
            place=file_and_line(joined.site) or tr("an unknown place"),
            time=duration(joined.elapsed_ns(view.now_ns) / 1e9),
        )  # fmt: skip
        if size:
            sent = tr("{size:,.0f} KB went through it so far.", size=size / 1000)
            story = f"{story} {sent}"
        return Words(
            tr(
                "{parent} joins {child} before it has emptied {queue}",
                parent=parent.label, child=child.label, queue=queue.phrase,
            ),
            story,
            tr(
                "Get all items out of {queue} first, then join. To go on now, end {child}; what it "
                "has put is lost then.",
                queue=queue.phrase, child=child.label,
            ),
        )  # fmt: skip

    return Cause(
        code="join-before-drain",
        which=(number, join[0]),
        words=words,
        since_ns=max(joined.since_ns, flushed.since_ns),
        processes=(parent.number, *(process for process, _ in flushes)),
        objects=(number,),
        evidence=_evidence(view, (join, *flushes)),
        waits=frozenset((*(wait for wait, _ in those), *flushes)),
        proof=(joined.since_ns, flushed.since_ns),
        cures=tuple(Cure(Remedy.TERMINATE, process) for process, _ in flushes),
    )


def _evidence(view: View, waits: tuple[ThreadKey, ...]) -> tuple[Evidence, ...]:
    """As `View.evidence`; what a process flushes is no wait by its words."""
    return tuple(
        Evidence(
            process, thread, deed.operation, deed.object, deed.since_ns, deed.site, deed.phrase
        )
        for process, thread in waits
        for deed in (view.closed.deed((process, thread)),)
    )
