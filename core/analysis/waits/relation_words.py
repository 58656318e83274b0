"""What those who could end a wait have to do with it, in words: sentences and clauses, whole."""

from __future__ import annotations

from typing import NamedTuple

from ...translation import mark, tr
from ...vocabulary.kinds import Relation


class _Past(NamedTuple):
    """Sentences on those who did it so far: nobody but who waits; the only one, and both or all of
    several, which have ended."""

    itself: str
    only: str
    both: str
    all: str


# Clauses: of one, of several.
_DOES = {
    Relation.HOLDS: (mark("{names} holds it"), mark("{names} hold it")),
    Relation.PUTS: (mark("{names} puts into it"), mark("{names} put into it")),
    Relation.GETS: (mark("{names} gets from it"), mark("{names} get from it")),
    Relation.OTHER_END: (mark("{names} has the other end"), mark("{names} have the other end")),
    Relation.SETS: (mark("{names} sets it"), mark("{names} set it")),
    Relation.NOTIFIES: (mark("{names} notifies it"), mark("{names} notify it")),
    Relation.RELEASES: (mark("{names} releases it"), mark("{names} release it")),
    Relation.RUNS: (mark("{names} is waited for"), mark("{names} are waited for")),
    Relation.WORKS: (mark("{names} works on its tasks"), mark("{names} work on its tasks")),
    Relation.BELONGS: (
        mark("{names} is one of its workers"),
        mark("{names} are some of its workers"),
    ),
    Relation.LOST: (
        mark("{names} was in one of its tasks"),
        mark("{names} were in one of its tasks"),
    ),
    Relation.SERVES: (mark("{names} answers its calls"), mark("{names} answer its calls")),
    Relation.FINISHES: (
        mark("{names} marks its items as done"),
        mark("{names} mark its items as done"),
    ),
    Relation.ARRIVES: (mark("{names} comes to it as well"), mark("{names} come to it as well")),
    Relation.ACCEPTS: (
        mark("{names} accepts connections of it"),
        mark("{names} accept connections of it"),
    ),
    Relation.MADE: (mark("{names} made it"), mark("{names} made it")),
}
_DID = {
    Relation.PUTS: _Past(
        mark("Nobody but this process itself put into it so far."),
        mark("{process}, was the only one that put into it: nothing more comes from there."),
        mark("Both processes that ever put into it have ended: nothing more comes from there."),
        mark(
            "All {count} processes that ever put into it have ended: nothing more comes from there."
        ),
    ),
    Relation.GETS: _Past(
        mark("Nobody but this process itself took something out of it so far."),
        mark(
            "{process}, was the only one that took something out of it: nobody is left who "
            "made room."
        ),
        mark(
            "Both processes that ever took something out of it have ended: nobody is left who"
            " made room."
        ),
        mark(
            "All {count} processes that ever took something out of it have ended: nobody is "
            "left who made room."
        ),
    ),
    Relation.SETS: _Past(
        mark("Nobody but this process itself set it so far."),
        mark("{process}, was the only one that set it: nobody is left who did."),
        mark("Both processes that ever set it have ended: nobody is left who did."),
        mark("All {count} processes that ever set it have ended: nobody is left who did."),
    ),
    Relation.NOTIFIES: _Past(
        mark("Nobody but this process itself notified it so far."),
        mark("{process}, was the only one that notified it: nobody is left who did."),
        mark("Both processes that ever notified it have ended: nobody is left who did."),
        mark("All {count} processes that ever notified it have ended: nobody is left who did."),
    ),
    Relation.RELEASES: _Past(
        mark("Nobody but this process itself released it so far."),
        mark("{process}, was the only one that released it: nobody is left who did."),
        mark("Both processes that ever released it have ended: nobody is left who did."),
        mark("All {count} processes that ever released it have ended: nobody is left who did."),
    ),
    Relation.OTHER_END: _Past(
        mark("Nobody but this process itself used the other end so far."),
        mark("{process}, was the only one that used the other end: nobody is left to answer."),
        mark("Both processes that ever used the other end have ended: nobody is left to answer."),
        mark(
            "All {count} processes that ever used the other end have ended: nobody is left to"
            " answer."
        ),
    ),
    Relation.WORKS: _Past(
        mark("Nobody but this process itself worked on its tasks so far."),
        mark(
            "{process}, was the only one that worked on its tasks: nobody is left to work on them."
        ),
        mark(
            "Both processes that ever worked on its tasks have ended: nobody is left to work "
            "on them."
        ),
        mark(
            "All {count} processes that ever worked on its tasks have ended: nobody is left "
            "to work on them."
        ),
    ),
    Relation.FINISHES: _Past(
        mark("Nobody but this process itself marked its items as done so far."),
        mark("{process}, was the only one that marked its items as done: nobody is left who did."),
        mark(
            "Both processes that ever marked its items as done have ended: nobody is left who did."
        ),
        mark(
            "All {count} processes that ever marked its items as done have ended: nobody is "
            "left who did."
        ),
    ),
    Relation.SERVES: _Past(
        mark("Nobody but this process itself answered its calls so far."),
        mark("{process}, was the only one that answered its calls: nobody is left to answer."),
        mark("Both processes that ever answered its calls have ended: nobody is left to answer."),
        mark(
            "All {count} processes that ever answered its calls have ended: nobody is left to"
            " answer."
        ),
    ),
    Relation.ARRIVES: _Past(
        mark("Nobody but this process itself came to it before so far."),
        mark("{process}, was the only one that came to it before: nobody is left to come."),
        mark("Both processes that ever came to it before have ended: nobody is left to come."),
        mark(
            "All {count} processes that ever came to it before have ended: nobody is left to come."
        ),
    ),
}


def does(relation: Relation, names: str, count: int) -> str:
    """A clause: what `count` processes of these names could do to end it."""
    clause = _DOES[relation][count != 1]
    return tr(clause, names=names)


def only_itself(relation: Relation) -> str:
    """That nobody but the one who waits ever did it."""
    past = _DID.get(relation)
    if past is None:
        return tr("Nobody but this process itself could end this so far.")
    return tr(past.itself)


def all_ended(relation: Relation, process: str, count: int) -> str:
    """That the `count` who ever did it have ended; if it is one, `process` says who, and how."""
    past = _DID[relation]
    pattern = past.only if count == 1 else past.both if count == 2 else past.all
    return tr(pattern, process=process, count=format(count, ","))
