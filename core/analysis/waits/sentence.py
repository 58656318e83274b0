"""What is to be said of a wait: a sentence or two on who could end it, or why nobody can."""

from __future__ import annotations

from collections.abc import Sequence

from ...store.doing import Deed
from ...translation import enumerated, mark, tr, trn
from ...vocabulary.kinds import STARTED, Relation, ThreadKey, kind_of
from .inner_locks import lost_lock_sentence
from .parties import THROUGH_PIPES
from .pool_sentence import pool_sentence
from .queue_sentence import queue_sentence, unpicklable_sentence
from .relation_words import all_ended, does, only_itself
from .situation import Situation, which_ended, who
from .unsent import unsent_of
from .wait import Party, State, Verdict

_MOST_NAMED = 3
_LONG_NS = 1_000_000_000  # a call to a manager that takes longer waits there, as for an item

_TAKES = frozenset(("recv", "poll", "read"))
_NOT_YET = {
    "wait": mark("Nobody has ended such a wait so far."),
    "get": mark("Nobody has put anything into it so far."),
    **dict.fromkeys(THROUGH_PIPES, mark("Nobody has used the other end so far.")),
}
_NOT_KNOWN = mark("It is not known who could end this.")
_UNKNOWN = {
    "acquire": mark("Nobody who is watched holds it."),
    "get": mark("Nobody has put anything into it so far."),
    "put": mark("Nobody has taken anything out so far."),
    **dict.fromkeys(THROUGH_PIPES, mark("It is not known who has the other end.")),
    "join": mark("It is not known which process that is."),
    "call": mark("It is not known which process answers this call."),
}


def sentence(
    situation: Situation,
    process: int,
    deed: Deed,
    verdict: Verdict,
    parties: Sequence[Party],
    circle: Sequence[ThreadKey],
) -> str:
    """Who could end the wait of a process in `deed`, for a person; and what was lost on its way."""
    said = _sentence(situation, process, deed, verdict, parties, circle)
    row = None if deed.object is None else situation.object(deed.object)
    if deed.operation != "get" or row is None:
        return said
    lost = unpicklable_sentence(situation, row, lambda numbers: _names(situation, numbers))
    return f"{said} {lost}" if lost else said


def _sentence(
    situation: Situation,
    process: int,
    deed: Deed,
    verdict: Verdict,
    parties: Sequence[Party],
    circle: Sequence[ThreadKey],
) -> str:
    if verdict is Verdict.DEADLOCK:
        return _circle_text(situation, process, deed, circle)
    if situation.is_suspended(process):
        name = who(situation.processes.get(process), process)
        return tr("{name} is suspended itself: it does not go on before it resumes.", name=name)
    special = _special_text(situation, process, deed)
    if special:
        return special
    if verdict is Verdict.UNKNOWN:
        return _unknown_text(situation, deed, parties)
    if parties[0].relation is Relation.RUNS and parties[0].state is State.ENDED:
        ended = _how(situation, [parties[0].process])
        return tr("{process}: this is over in a moment.", process=ended)
    if verdict is Verdict.NOBODY:
        if all(each.state is State.ITSELF for each in parties):
            return _kept_text(deed)
        return _nobody_text(situation, parties)
    first = parties[0]
    left = unsent_of(situation, first.process) if first.state is State.SENDS else None
    parties = [each for each in parties if each.relation is first.relation]
    told = [each for each in parties if each.state in (State.FREE, State.UNSEEN)] or [
        each for each in parties if each.state is not State.ENDED
    ]
    names = _names(situation, [each.process for each in told])
    one = len(told) == 1
    if first.relation is Relation.RUNS and left is not None:
        return trn(
            "It ends when {process} ends. That is not before it has sent what it put: {count} item "
            "into {queue} is left, and nobody takes any out.",
            "It ends when {process} ends. That is not before it has sent what it put: {count} "
            "items into {queue} are left, and nobody takes any out.",
            left[1],
            process=names,
            queue=left[0].phrase,
        )
    clause = _clause(situation, deed, first.relation, names, len(told))
    if verdict is Verdict.LATER:
        if one:
            return tr("{clause}, which waits itself.", clause=clause)
        return tr("{clause}, which all wait themselves.", clause=clause)
    if verdict is Verdict.PAUSED:
        if one:
            return tr(
                "{clause}, which is suspended: nothing happens until it resumes.", clause=clause
            )
        return tr(
            "{clause}, which are suspended: nothing happens until one resumes.", clause=clause
        )
    return f"{clause}."


def _clause(situation: Situation, deed: Deed, relation: Relation, names: str, count: int) -> str:
    """What `count` processes of these names have to do with the wait."""
    if relation is Relation.RUNS:
        return tr("It ends when {names} ends", names=names)
    if relation is Relation.HOLDS:
        return tr("Held by {names}", names=names)
    if relation is Relation.MADE:
        not_yet = tr(_NOT_YET.get(deed.operation, mark("Nobody has so far.")))
        return f"{not_yet} {does(relation, names, count)}"
    clause = does(relation, names, count)
    if relation is Relation.SERVES and deed.elapsed_ns(situation.now_ns) >= _LONG_NS:
        return tr("{clause}; what this one waits for there is not known", clause=clause)
    return clause


def _unknown_text(situation: Situation, deed: Deed, parties: Sequence[Party]) -> str:
    row = None if deed.object is None else situation.object(deed.object)
    if row is not None and row.is_not_all_seen:
        return tr("Not everybody who may use it is watched: it is not known who could end this.")
    if parties and all(each.state is State.ITSELF for each in parties):
        peer = None if row is None else situation.peer(row.number)
        if peer is not None and situation.openers(peer, deed) is not None:
            return tr("Only another thread of this process itself could: nobody else has the other "
                      "end open.")  # fmt: skip
        return only_itself(parties[0].relation)
    if parties and parties[0].relation is not Relation.MADE:
        rest = tr("It is not known who else could come.")
        return f"{_nobody_text(situation, parties)} {rest}"
    text = tr(_UNKNOWN.get(deed.operation, _NOT_KNOWN))
    if deed.operation == "join" and row is not None and row.type not in STARTED:
        text = tr("Nobody has marked any of its items as done so far.")
    if parties:  # it has ended
        maker = tr("{process}, made it.", process=_how(situation, [parties[0].process]))
        return f"{text} {maker}"
    return text


def _circle_text(
    situation: Situation, process: int, deed: Deed, circle: Sequence[ThreadKey]
) -> str:
    if len(circle) == 1:
        number, thread = circle[0]
        if number == process:
            return tr(
                "Deadlock: {thread} waits for itself, since it holds this already.", thread=thread
            )
        return tr(
            "It waits for {process}, which waits for itself.", process=_names(situation, [number])
        )
    steps = []
    labels = {number: _label(situation, number) for number, _ in circle}
    if len(set(labels.values())) < len(labels):  # two of one name
        labels = {number: who(situation.processes.get(number), number) for number in labels}
    for place, (number, thread) in enumerate(circle):
        waits = next(each for each in situation.waits(number) if each.thread == thread)
        target = labels[circle[(place + 1) % len(circle)][0]]
        what = _object_text(situation, waits)
        step = tr(
            "{process} waits for {other} ({object})",
            process=labels[number], other=target, object=what,
        )  # fmt: skip
        steps.append(step)
    waiting = ", ".join(steps)
    if len(steps) == 2:
        waiting = tr("{one}, and {other}", one=steps[0], other=steps[1])
    if any(number == process for number, _ in circle):
        return tr("Deadlock: {waiting}.", waiting=waiting)
    return tr("It depends on a deadlock: {waiting}.", waiting=waiting)


def _kept_text(deed: Deed) -> str:
    """Of one who waits in a pipe whose other end nobody has but itself."""
    if deed.operation in _TAKES:
        return tr(
            "Only this process itself still has the other end open: nothing comes, and no end of "
            "it either, as long as it waits here. It should close that end once others have theirs."
        )
    return tr(
        "Only this process itself has the other end open: nobody takes anything out as long as it "
        "waits here."
    )


def _nobody_text(situation: Situation, parties: Sequence[Party]) -> str:
    relation = parties[0].relation
    ended = [each.process for each in parties if each.state is State.ENDED]
    others = [each for each in parties if each.state is not State.ITSELF]
    if len(ended) < len(others):  # some live, but wait for what will never come
        living = [each.process for each in parties if each.state not in (State.ENDED, State.ITSELF)]
        names = _names(situation, living)
        return tr("{names} could end this, but will never get so far.", names=names)
    if relation is Relation.HOLDS:
        return tr("Held by {process}: nobody can release it.", process=_how(situation, ended))
    return all_ended(relation, _how(situation, ended), len(ended))


def _special_text(situation: Situation, process: int, deed: Deed) -> str:
    """Of a get although there is something in the queue; of a pool in which nobody works."""
    row = None if deed.object is None else situation.object(deed.object)
    if row is None:
        return ""
    lost = lost_lock_sentence(situation, deed)
    if lost:
        return lost
    if kind_of(row.type).is_pool:
        return pool_sentence(
            situation, situation.members(row), deed, lambda numbers: _names(situation, numbers)
        )
    if deed.operation == "get" and row.depth:
        return queue_sentence(
            situation, process, deed, row, lambda numbers: _names(situation, numbers)
        )
    return ""


def _label(situation: Situation, number: int) -> str:
    row = situation.processes.get(number)
    return tr("process {number}", number=number) if row is None else row.label


def _names(situation: Situation, numbers: Sequence[int]) -> str:
    names = [who(situation.processes.get(number), number) for number in dict.fromkeys(numbers)]
    if len(names) > _MOST_NAMED:
        names[_MOST_NAMED - 1 :] = [
            tr("{count} others", count=format(len(names) - _MOST_NAMED + 1, ","))
        ]
    return enumerated(names)


def _how(situation: Situation, numbers: Sequence[int]) -> str:
    told = [
        which_ended(situation.processes.get(number), number) for number in dict.fromkeys(numbers)
    ]
    if len(told) > _MOST_NAMED:
        return tr(
            "{process}, and {count} more that have ended",
            process=told[0], count=format(len(told) - 1, ","),
        )  # fmt: skip
    if len(told) < 2:
        return "".join(told)
    return tr("{processes} and {last}", processes="; ".join(told[:-1]), last=told[-1])


def _object_text(situation: Situation, deed: Deed) -> str:
    if deed.object is None:
        return deed.operation
    row = situation.object(deed.object)
    if row is None:
        return situation.objects.phrase(deed.object)
    if row.type in STARTED:
        return tr("process {number}", number=row.label)
    return row.phrase
