"""Threads that wait for one another in a circle: over locks, joins, queues, pipes, calls."""

from __future__ import annotations

from collections.abc import Iterator

from ...sentences.duration import duration
from ...translation import tr
from ...vocabulary.findings import Cure, Remedy
from ...vocabulary.kinds import STARTED, Holding, ThreadKey, kind_of
from ..waits.situation import who
from .cause import Cause, Words
from .until_ctrl_c import unless_meant
from .view import View

_HELD = Holding.ONE, Holding.SEVERAL


def deadlocks(view: View) -> Iterator[Cause]:
    """One for each circle."""
    known: set[ThreadKey] = set()
    for wait in view.stuck():
        circle = view.graph.circle(wait)
        if not circle or known.intersection(circle) or view.is_explained(circle[0]):
            continue
        if all(map(view.is_bound, circle)) and _is_for_good(view, circle):
            known.update(circle)
            first = circle.index(min(circle))  # the same circle, wherever it was entered
            found = _found(view, (*circle[first:], *circle[:first]))
            yield found if all(map(view.is_sure, circle)) else unless_meant(view, found)


def _is_for_good(view: View, circle: tuple[ThreadKey, ...]) -> bool:
    """Whether nobody is about to release a lock that he does not hold. Where each has one and waits
    for the next, nobody means to; who waits for a lock of his own, or joins somebody who waits for
    it, may do so for a third one to release it, as those do who take turns."""
    if len(circle) > 1 and all(view.deed(wait).operation == "acquire" for wait in circle):
        return True
    return not any(map(view.is_handed_on, circle))


def _found(view: View, circle: tuple[ThreadKey, ...]) -> Cause:
    deeds = [view.deed(wait) for wait in circle]
    rows = [view.row(process) for process, _ in circle]
    objects = [view.object_of(wait) for wait in circle]
    now_ns = view.now_ns

    def step(place: int) -> str:
        """What one of them waits for, whom that concerns, and for how long."""
        row, wanted, deed = rows[place], objects[place], deeds[place]
        after = rows[(place + 1) % len(rows)]
        name, other = who(row, row.number), who(after, after.number)
        lasts = duration(deed.elapsed_ns(now_ns) / 1e9)
        if wanted is None or wanted.type in STARTED:
            return tr(
                "{process} has waited for {other} to end for {time}.",
                process=name, other=other, time=lasts,
            )  # fmt: skip
        if kind_of(wanted.type).holding in _HELD and deed.operation == "acquire":
            return tr(
                "{process} has waited for {object} for {time}, which {other} holds.",
                process=name, object=wanted.phrase, time=lasts, other=other,
            )  # fmt: skip
        return tr(
            "{process} has been in {operation} for {time}, which {other} would have to end.",
            process=name, operation=deed.phrase, time=lasts, other=other,
        )  # fmt: skip

    def words() -> Words:
        names = [row.label for row in rows]
        if len(set(names)) < len(names):
            names = [who(row, row.number) for row in rows]
        if len(rows) == 1:
            wanted = objects[0]
            what = deeds[0].phrase if wanted is None else wanted.phrase
            title = tr("{process} waits for itself in {object}", process=names[0], object=what)
            story = tr(
                "{thread} of {process} waits in {operation}, which only it could end, since it "
                "holds {object} already.",
                thread=deeds[0].thread, process=who(rows[0], rows[0].number),
                operation=deeds[0].phrase, object=what,
            )  # fmt: skip
            advice = tr(
                "Take it once: hand on what is held to the function that needs it, or use an RLock."
            )
            return Words(title, story, advice)
        title = tr("{processes} wait for one another", processes=" → ".join(names))
        advice = tr(
            "Let all take their locks in the same order, and wait for nobody while holding one. To "
            "go on now, end one of them, and release what it held, which is offered then; or end "
            "all."
        )
        if all(deed.operation != "acquire" for deed in deeds):
            advice = tr("Let none of them wait for another that waits. To go on now, end one.")
        return Words(title, " ".join(map(step, range(len(rows)))), advice)

    ended = [Cure(Remedy.TERMINATE, process) for process in dict.fromkeys(p for p, _ in circle)]
    ended += [
        Cure(Remedy.TERMINATE_TREE, each.number)
        for each in view.processes
        if each.is_worker_root and each.worker == rows[0].worker
    ]

    return Cause(
        code="deadlock",
        which=tuple(f"{process}/{thread}" for process, thread in circle),
        words=words,
        since_ns=max(deed.since_ns for deed in deeds),
        processes=tuple(dict.fromkeys(process for process, _ in circle)),
        objects=tuple(dict.fromkeys(row.number for row in objects if row is not None)),
        evidence=view.evidence(circle),
        waits=frozenset(circle),
        proof=tuple((wait, deed.since_ns) for wait, deed in zip(circle, deeds, strict=True)),
        cures=tuple(ended),
    )
