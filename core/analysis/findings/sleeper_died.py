"""A condition or event whose sleeper was killed: who wakes it waits until it says that it woke.

wait() --asleep, killed--> never counted as awake     notify(), set() --> waits for that count
"""

from __future__ import annotations

from collections.abc import Iterator

from ...sentences.duration import duration
from ...sentences.place import file_and_line
from ...store.doing import Deed
from ...store.object_row import ObjectRow
from ...store.process_row import ProcessRow
from ...translation import tr, trn
from ..waits.situation import who
from .cause import Cause, Words
from .closed_words import ended_text, labels_of
from .view import View

_WAKES = {"notify": "Condition", "set": "Event"}
_LONG_NS = 1_000_000_000  # those who live wake long before


def sleepers_died(view: View) -> Iterator[Cause]:
    """One for each call that waits for somebody who is dead."""
    for row in view.processes:
        if not row.is_live or row.is_stopping:
            continue
        for deed in view.situation.deeds(row.number):
            if deed.operation not in _WAKES or deed.elapsed_ns(view.now_ns) < _LONG_NS:
                continue
            used = None if deed.object is None else view.situation.object(deed.object)
            if used is None or used.type != _WAKES[deed.operation]:
                continue
            dead = [each for each in view.processes if _died_in(each, used)]
            if dead:
                yield _found(view, row, deed, used, dead)


def _died_in(row: ProcessRow, used: ObjectRow) -> bool:
    return row.ended_ns is not None and any(
        deed.operation == "wait" and deed.object == used.number for deed in row.doing
    )


def _found(
    view: View, row: ProcessRow, deed: Deed, used: ObjectRow, dead: list[ProcessRow]
) -> Cause:
    lasts = duration(deed.elapsed_ns(view.now_ns) / 1e9)

    def words() -> Words:
        return Words(
            trn(
                "{dead} died asleep in {object}, and {process} waits for it to wake",
                "{dead} died asleep in {object}, and {process} waits for them to wake",
                len(dead),
                dead=labels_of(dead), object=used.phrase, process=row.label,
            ),
            tr(
                "{process} has been in {operation} for {time} ({place}): it woke all who slept "
                "there, and waits until each says so.",
                process=who(row, row.number), operation=deed.phrase, time=lasts,
                place=file_and_line(deed.site),
            )
            + " "
            + trn(
                "{ended}, while it waited for {object}: it is still counted as asleep, and never "
                "wakes.",
                "{ended}, while they waited for {object}: they are still counted as asleep, and "
                "never wake.",
                len(dead),
                ended=ended_text(dead), object=used.phrase,
            ),
            tr(
                "Do not kill a process that waits for {object}: wake it, with a flag that tells "
                "it to end. To go on now, end {process}; {object} cannot be used any more.",
                object=used.phrase, process=row.label,
            ),
        )  # fmt: skip

    wait = row.number, deed.thread
    return Cause(
        code="lock-held-by-dead-process",
        which=(used.number, row.number, deed.thread),
        words=words,
        since_ns=deed.since_ns,
        processes=(row.number, *(each.number for each in dead)),
        objects=(used.number,),
        evidence=view.evidence((wait,)) if wait in view.graph.deeds else (),
        waits=frozenset((wait,)),
        proof=(deed.since_ns,),
    )
