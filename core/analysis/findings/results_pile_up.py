"""Results of `imap` that come in faster than the program takes them, all the time.

    results that came into the iterators of a pool, less those that were taken
      --rises in each of the last seconds--> how fast, how much memory, when it hurts

Whoever calls `imap` is not held up by it: the workers go on as long as there are tasks, and what
they come to lies in the memory of the parent. That is in order where all of it has room, so it is a
hint; and a warning only where half a gigabyte is there and a whole one will be soon. How many more
are to come is known once the last task was handed out.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...sentences.duration import duration
from ...sentences.place import file_and_line
from ...store.object_row import ObjectRow
from ...translation import tr, trn
from ...vocabulary.findings import Severity
from ...vocabulary.kinds import kind_of
from ..waits.situation import who
from .cause import Cause, Words
from .growing import SECONDS, SOON, TOO_MUCH, hurts_in, rise
from .records import count_of, only_record
from .view import View

_PILE = 200  # results
_MUCH = TOO_MUCH / 2  # bytes


def results_pile_up(view: View) -> Iterator[Cause]:
    """One for each pool."""
    if view.over:
        return
    for row in view.objects:
        if not kind_of(row.type).is_pool or not row.untaken:
            continue
        if row.untaken < _PILE and row.untaken * _size(row) < _MUCH:
            continue
        history = view.store.objects.history(row.number)
        rate = rise(history.untaken(view.now_ns))
        if rate is not None:
            done = history.rates(view.now_ns, outward=True)[-SECONDS:]
            yield _found(view, row, rate, sum(done) / max(1, len(done)))


def _size(row: ObjectRow) -> float:
    """Bytes of a result, as they were sent; 0 where that is not known."""
    results = [each for each in row.counts if each.operation == "result" and each.count]
    return sum(each.bytes for each in results) / max(1, sum(each.count for each in results))


def _found(view: View, row: ObjectRow, rate: float, done: float) -> Cause:
    """`rate`: how many more there are each second; `done`: how many tasks are done in one."""
    piled, size = row.untaken, _size(row)
    more = count_of(row, "expected")[0] - count_of(row, "arrived")[0]
    known = more >= 0  # else tasks are still handed out, so nobody knows
    most = (piled + more) * size
    hurts = hurts_in(piled * size, rate * size) if not known or most >= TOO_MUCH else None
    grave = hurts is not None and piled * size >= _MUCH and hurts <= SOON
    parent = view.row(row.creator)
    uses = 0 if parent.sample is None else parent.sample.rss_bytes
    submitted = only_record(view, row, "submit")
    function = submitted.text if submitted is not None else ""
    place = file_and_line(submitted.site) if submitted is not None else ""

    def words() -> Words:
        story = [
            tr(
                "{count} results of {function} ({place}) have come in and wait to be taken, {rate} "
                "more each second for the last {time}.",
                count=format(piled, ","), function=function, place=place,
                rate=format(rate, ",.0f"), time=duration(SECONDS),
            )
            if function and place
            else tr(
                "{count} results have come in and wait to be taken, {rate} more each second for "
                "the last {time}.",
                count=format(piled, ","), rate=format(rate, ",.0f"), time=duration(SECONDS),
            )
        ]  # fmt: skip
        if done > rate:
            story.append(
                tr(
                    "{done} tasks are done each second, and {parent} takes {taken} of their "
                    "results.",
                    done=format(done, ",.0f"), parent=who(parent, parent.number),
                    taken=format(done - rate, ",.0f"),
                )
            )  # fmt: skip
        if size:
            story.append(
                tr(
                    "At {size:,.1f} KB a result, as they are sent, that is about "
                    "{megabytes:,.0f} MB in the memory of {parent}, which uses {all:,.0f} MB.",
                    size=size / 1000, megabytes=piled * size / 1e6, parent=parent.label,
                    all=uses / 1e6,
                )
            )  # fmt: skip
        if known:
            story.append(
                trn("{count} more is to come.", "{count} more are to come.", more)
                if more
                else tr("All have come in.")
            )
        if hurts is not None and hurts > 0:
            story.append(tr("So it is 1 GB in {time}.", time=duration(hurts)))
        return Words(
            tr("Results of {pool} pile up in {parent}", pool=row.phrase, parent=parent.label),
            " ".join(story),
            tr(
                "Hand out one batch of tasks after another: call `imap` or `imap_unordered` for "
                "the next hundred (`itertools.islice`) when the results of the last were taken. Or "
                "do less with each result where it is taken."
            ),
        )

    return Cause(
        code="results-pile-up",
        which=(row.number,),
        words=words,
        since_ns=view.now_ns - SECONDS * 1_000_000_000,
        processes=(row.creator,),
        objects=(row.number,),
        severity=None if grave else Severity.HINT,
    )
