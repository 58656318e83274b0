"""Who writes into a pipe that is full, while the only one who could read it waits for its end.

closed wait in write or send --other end--> who has it open: waits for the writer, or is it
"""

from __future__ import annotations

from collections.abc import Iterator

from ...sentences.duration import duration
from ...sentences.place import file_and_line
from ...translation import tr, trn
from ...vocabulary.findings import Cure, Remedy
from ...vocabulary.kinds import ThreadKey
from ..waits.situation import who
from .cause import Cause, Words
from .closed_group import joins
from .closed_words import names_of
from .view import View

_PUTS = frozenset(("send", "write"))


def pipes_full(view: View) -> Iterator[Cause]:
    """One for each writer that nobody reads from."""
    for wait in sorted(view.closed.waits):
        deed = view.closed.deed(wait)
        if deed.operation not in _PUTS or deed.object is None or view.is_explained(wait):
            continue
        peer = view.situation.peer(deed.object)
        openers = None if peer is None else view.situation.openers(peer, deed)
        if peer is None or not openers:
            continue
        readers = [process for process in openers if process != wait[0]]
        if all(joins(view, process, (wait[0],)) for process in readers):
            yield _found(view, wait, peer, readers)


def _found(view: View, wait: ThreadKey, peer: int, readers: list[int]) -> Cause:
    writer, deed = view.row(wait[0]), view.closed.deed(wait)
    pipe, end = view.store.objects[deed.object or 0], view.store.objects[peer]
    waiting = [view.row(each) for each in readers]
    joined = view.deed((readers[0], "MainThread")) if readers else None
    seconds = deed.elapsed_ns(view.now_ns) / 1e9

    def words() -> Words:
        story = [
            tr(
                "{writer} has been in {operation} for {time}: the pipe is full, and nobody reads "
                "from it.",
                writer=who(writer, writer.number), operation=deed.phrase, time=duration(seconds),
            )
        ]  # fmt: skip
        if joined is None:
            story.append(tr("Nobody but itself has the other end open."))
        else:
            place = f" ({file_and_line(joined.site)})" if joined.site else ""
            story.append(
                trn(
                    "{reader}, which has the other end, {end}, open, waits for {writer} to end "
                    "({operation}){place}.",
                    "{reader}, which have the other end, {end}, open, wait for {writer} to end "
                    "({operation}){place}.",
                    len(waiting),
                    reader=names_of(waiting), end=end.phrase, writer=writer.label,
                    operation=joined.phrase, place=place,
                )
            )  # fmt: skip
        return Words(
            tr(
                "{writer} writes into {pipe}, which is full and which nobody reads",
                writer=writer.label, pipe=pipe.phrase,
            ),
            " ".join(story),
            tr(
                "Read all that comes before waiting for the end: of a program that `subprocess` "
                "started with `communicate()`, or send its output into a file. To go on now, end "
                "{writer}.",
                writer=who(writer, writer.number),
            ),
        )  # fmt: skip

    return Cause(
        code="pipe-full",
        which=wait,
        words=words,
        since_ns=deed.since_ns,
        processes=(writer.number, *readers),
        objects=(pipe.number, peer),
        evidence=view.evidence((wait,) if wait in view.graph.deeds else ()),
        waits=frozenset((wait,)),
        proof=(deed.since_ns, *readers),
        cures=(Cure(Remedy.TERMINATE, writer.number),),
    )
