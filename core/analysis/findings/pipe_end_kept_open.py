"""Who reads from a pipe until its end, which never comes: somebody still has the other end open.

closed wait in recv --other end--> who has it open: only the reader itself, who joins it, or
                                   who inherited it and never sent anything
"""

from __future__ import annotations

from collections.abc import Iterator

from ...sentences.duration import duration
from ...sentences.place import file_and_line
from ...store.process_row import ProcessRow
from ...translation import tr, trn
from ...vocabulary.findings import Cure, Remedy
from ...vocabulary.kinds import ThreadKey
from ..waits.situation import who
from .cause import Cause, Words
from .closed_group import joins
from .closed_words import ended_text, labels_of, names_of
from .until_ctrl_c import unless_meant
from .view import View

_TAKES = frozenset(("recv", "poll", "read"))


def pipe_ends_kept_open(view: View) -> Iterator[Cause]:
    """One for all readers of a run that wait in vain in pipes that were made at one place."""
    found: dict[tuple[int | None, str], list[tuple[ThreadKey, int, tuple[int, ...]]]] = {}
    for wait in sorted(view.closed.waits):
        deed = view.closed.deed(wait)
        if deed.operation not in _TAKES or deed.object is None or view.is_explained(wait):
            continue
        peer = view.situation.peer(deed.object)
        openers = None if peer is None else view.situation.openers(peer, deed)
        if peer is None or not openers:
            continue
        senders = view.situation.users(peer, "send")
        kept = all(
            process == wait[0]
            or joins(view, process, (wait[0],))
            or (senders and process not in senders)
            for process in openers
        )
        if kept:
            place = view.row(wait[0]).worker, view.store.objects[peer].site
            found.setdefault(place, []).append((wait, peer, openers))
    for alike in found.values():
        yield unless_meant(view, _found(view, *alike[0], frozenset(wait for wait, _, _ in alike)))


def _found(
    view: View, wait: ThreadKey, peer: int, openers: tuple[int, ...], alike: frozenset[ThreadKey]
) -> Cause:
    """`alike`: this wait and the others of its kind."""
    senders = list(view.situation.users(peer, "send"))
    reader, deed, end = view.row(wait[0]), view.closed.deed(wait), view.store.objects[peer]
    source = view.object_of(wait) if wait in view.graph.deeds else None
    holders = [view.row(each) for each in openers]
    itself = [row for row in holders if row.number == reader.number]
    others = [row for row in holders if row.number != reader.number]
    gone = [view.row(each) for each in senders if each not in openers]
    seconds = deed.elapsed_ns(view.now_ns) / 1e9

    def words() -> Words:
        place = f" ({file_and_line(deed.site)})" if deed.site else ""
        story = [
            tr(
                "{reader} has been in {operation} for {time}{place}.",
                reader=who(reader, reader.number), operation=deed.phrase,
                time=duration(seconds), place=place,
            ),
        ]  # fmt: skip
        if gone:
            story.append(_gone(gone))
        if itself and not others:
            story.append(
                tr(
                    "Only {reader} itself still has the other end, {end}, open: nothing comes, and "
                    "no end of it (EOFError) either.",
                    reader=reader.label, end=end.phrase,
                )
            )  # fmt: skip
        else:
            story.append(
                trn(
                    "{names} still has the other end, {end}, open, and waits as well: nothing "
                    "comes, and no end of it (EOFError) either.",
                    "{names} still have the other end, {end}, open, and wait as well: nothing "
                    "comes, and no end of it (EOFError) either.",
                    len(holders),
                    names=names_of([*others, *itself]), end=end.phrase,
                )
            )  # fmt: skip
        if len(alike) > 1:
            story.append(
                trn(
                    "{count} more waits so, in a pipe that was made at the same place.",
                    "{count} more wait so, in pipes that were made at the same place.",
                    len(alike) - 1,
                )
            )
        if itself and not others:
            title = tr(
                "{reader} waits for the end of what comes, and itself keeps {end} open",
                reader=reader.label, end=end.phrase,
            )  # fmt: skip
        else:
            title = trn(
                "{reader} waits for the end of what comes, and {holders} keeps {end} open",
                "{reader} waits for the end of what comes, and {holders} keep {end} open",
                len(holders),
                reader=reader.label, holders=labels_of([*others, *itself]), end=end.phrase,
            )  # fmt: skip
        return Words(
            title,
            " ".join(story),
            trn(
                "Close {end} in {names} as soon as all who are to use it have been started; a "
                "child that is forked later inherits it. To go on now, end {reader}.",
                "Close {end} in each of {names} as soon as all who are to use it have been "
                "started; a child that is forked later inherits it. To go on now, end {reader}.",
                len(holders),
                end=end.phrase, names=labels_of([*others, *itself]), reader=reader.label,
            ),
        )  # fmt: skip

    return Cause(
        code="pipe-end-kept-open",
        which=wait,
        words=words,
        since_ns=deed.since_ns,
        processes=tuple(dict.fromkeys((wait[0], *openers, *(each for each, _ in sorted(alike))))),
        objects=(peer,) if source is None else (source.number, peer),
        evidence=view.evidence(each for each in sorted(alike) if each in view.graph.deeds),
        waits=alike,
        proof=(deed.since_ns, openers),
        cures=tuple(Cure(Remedy.TERMINATE, row.number) for row in holders),
    )


def _gone(gone: list[ProcessRow]) -> str:
    if any(row.is_live for row in gone):
        return trn(
            "{names}, which sent into it, has closed its end.",
            "{names}, which sent into it, have closed their ends.",
            len(gone),
            names=names_of(gone),
        )
    return tr("Nobody sends into it any more: {ended}.", ended=ended_text(gone))
