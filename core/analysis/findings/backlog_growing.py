"""A queue without a limit into which more is put than is taken out, all the time.

    depth in each of the last seconds --rises in each--> how fast, how much memory, when it hurts

That a producer is ahead for a while is in order, and whether it ever ends nobody can tell: so it is
a hint, and a warning only where the memory that it takes becomes a matter of minutes.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...sentences.duration import duration
from ...store.object_row import ObjectRow
from ...translation import tr, trn
from ...vocabulary.findings import Severity
from ...vocabulary.kinds import kind_of
from .cause import Cause, Words
from .closed_words import names_of
from .growing import MUCH, SECONDS, SOON, hurts_in, rise
from .view import View

_PILE = 300  # items


def backlogs_growing(view: View) -> Iterator[Cause]:
    """One for each queue."""
    if view.over:
        return
    for row in view.objects:
        if not kind_of(row.type).buffered or row.capacity is not None or (row.depth or 0) < _PILE:
            continue
        rate = rise(view.store.objects.history(row.number).depths(view.now_ns))
        if rate is not None:
            yield _found(view, row, rate)


def _found(view: View, row: ObjectRow, rate: float) -> Cause:
    depth = row.depth or 0
    feeds = [each for each in row.counts if each.operation == "feed" and each.count]
    gets = [each for each in row.counts if each.operation == "get" and each.count]
    size = sum(each.bytes for each in feeds or gets) / max(1, sum(e.count for e in feeds or gets))
    holds = depth * size
    hurts = hurts_in(holds, rate * size)
    grave = hurts is not None and holds >= MUCH and hurts <= SOON
    by = view.situation.users(row.number, "put")
    makers = [view.row(each) for each in by]
    takers = [view.row(each) for each in view.situation.users(row.number, "get")]

    def words() -> Words:
        story = [
            tr(
                "{queue} holds {depth} items, {rate:,.0f} more each second for the last {time}.",
                queue=row.phrase, depth=format(depth, ","), rate=rate, time=duration(SECONDS),
            ),
            trn(
                "{names} puts into it.", "{names} put into it.", len(makers), names=names_of(makers)
            ),
        ]  # fmt: skip
        if takers:
            story.append(
                trn(
                    "{names} takes items out, too slowly for that.",
                    "{names} take items out, too slowly for that.",
                    len(takers),
                    names=names_of(takers),
                )
            )
        else:
            story.append(tr("Nobody has ever taken anything out of it."))
        if size:
            story.append(
                tr(
                    "At {size:,.1f} KB an item that is about {megabytes:,.0f} MB, in the memory of "
                    "those who put them.",
                    size=size / 1000, megabytes=holds / 1e6,
                )
            )  # fmt: skip
        if hurts is not None and hurts > 0:
            story.append(tr("So it is 1 GB in {time}.", time=duration(hurts)))
        return Words(
            tr("{queue} grows all the time", queue=row.phrase),
            " ".join(story),
            tr(
                "Give {queue} a limit (`maxsize`), so that who puts waits for who gets; or more or "
                "faster consumers.",
                queue=row.phrase,
            ),
        )

    return Cause(
        code="backlog-growing",
        which=(row.number,),
        words=words,
        since_ns=view.now_ns - SECONDS * 1_000_000_000,
        processes=tuple(each.number for each in (*makers, *takers)),
        objects=(row.number,),
        severity=None if grave else Severity.HINT,
    )
