"""What is to be said of a wait: a sentence or two on who could end it, or why nobody can."""

from __future__ import annotations

from collections.abc import Sequence

from ...store.doing import Deed
from ...vocabulary.kinds import PROCESS, Relation, ThreadKey, kind_of
from .pool_sentence import pool_sentence
from .queue_sentence import queue_sentence
from .situation import Situation, how_it_ended, who
from .unsent import unsent_of
from .wait import Party, State, Verdict

_MOST_NAMED = 3
_LONG_NS = 1_000_000_000  # a call to a manager that takes longer waits there, as for an item

# What they have done so far, and what follows when all of them have ended.
_DID = {
    Relation.PUTS: ("put into it", "nothing more comes from there"),
    Relation.GETS: ("took something out of it", "nobody is left who made room"),
    Relation.SETS: ("set it", "nobody is left who did"),
    Relation.NOTIFIES: ("notified it", "nobody is left who did"),
    Relation.RELEASES: ("released it", "nobody is left who did"),
    Relation.OTHER_END: ("used the other end", "nobody is left to answer"),
    Relation.WORKS: ("worked on its tasks", "nobody is left to work on them"),
    Relation.FINISHES: ("marked its items as done", "nobody is left who did"),
    Relation.SERVES: ("answered its calls", "nobody is left to answer"),
    Relation.ARRIVES: ("came to it before", "nobody is left to come"),
}
_NOT_YET = {
    Relation.PUTS: "Nobody has put anything into it so far.",
    Relation.SETS: "Nobody has set it so far.",
    Relation.NOTIFIES: "Nobody has notified it so far.",
    Relation.OTHER_END: "Nobody has used the other end so far.",
}
_OF_PIPES = ("recv", "send", "poll")
_UNKNOWN = {
    "acquire": "Nobody who is watched holds it.",
    "get": "Nobody has put anything into it so far.",
    "put": "Nobody has taken anything out so far.",
    "recv": "It is not known who has the other end.",
    "send": "It is not known who has the other end.",
    "poll": "It is not known who has the other end.",
    "wait": "It is not known who could end this.",
    "join": "It is not known which process that is.",
    "call": "It is not known which process answers this call.",
}


def sentence(
    situation: Situation,
    process: int,
    deed: Deed,
    verdict: Verdict,
    parties: Sequence[Party],
    circle: Sequence[ThreadKey],
) -> str:
    """Who could end the wait of a process in `deed`, for a person."""
    if verdict is Verdict.DEADLOCK:
        return _circle_text(situation, process, deed, circle)
    if situation.is_suspended(process):
        name = who(situation.processes.get(process), process)
        return f"{name} is suspended itself: it does not go on before it resumes."
    special = _special_text(situation, process, deed)
    if special:
        return special
    if verdict is Verdict.UNKNOWN:
        row = None if deed.object is None else situation.object(deed.object)
        if row is not None and row.is_not_all_seen:
            return "Not everybody who may use it is watched: it is not known who could end this."
        if parties and all(each.state is State.ITSELF for each in parties):
            did = _DID.get(parties[0].relation, ("could end this", ""))[0]
            return f"Nobody but this process itself {did} so far."
        text = _UNKNOWN.get(deed.operation, "It is not known who could end this.")
        if deed.operation == "join" and row is not None and row.type != PROCESS:
            text = "Nobody has marked any of its items as done so far."
        if parties and parties[0].relation is Relation.MADE:  # and has ended
            text += f" {_how(situation, [parties[0].process])}, made it."
        elif parties:
            text = f"{_nobody_text(situation, parties)} It is not known who else could come."
        return text
    if parties[0].relation is Relation.RUNS and parties[0].state is State.ENDED:
        return f"{_how(situation, [parties[0].process])}: this is over in a moment."
    if verdict is Verdict.NOBODY:
        return _nobody_text(situation, parties)
    first = parties[0]
    relation = first.relation
    parties = [each for each in parties if each.relation is relation]
    told = [each for each in parties if each.state in (State.FREE, State.UNSEEN)] or [
        each for each in parties if each.state is not State.ENDED
    ]
    names = _names(situation, [each.process for each in told])
    one = len(told) == 1
    if relation is Relation.RUNS:
        text = f"It ends when {names} ends"
        left = unsent_of(situation, first.process) if first.state is State.SENDS else None
        if left is not None:
            queue, count = left[0].phrase, left[1]
            are = f"1 item into {queue} is" if count == 1 else f"{count:,} items into {queue} are"
            return (
                f"{text}. That is not before it has sent what it put: {are} left, and nobody takes "
                "any out."
            )
    elif relation is Relation.HOLDS:
        text = f"Held by {names}"
    elif relation is Relation.SERVES and deed.elapsed_ns(situation.now_ns) >= _LONG_NS:
        text = f"{names} {_verb(relation, one)}; what this one waits for there is not known"
    elif relation is Relation.MADE:
        text = f"{_not_yet(deed)} {names} made it"
    else:
        text = f"{names} {_verb(relation, one)}"
    if verdict is Verdict.LATER:
        return f"{text}, which {'waits itself' if one else 'all wait themselves'}."
    if verdict is Verdict.PAUSED:
        suspended = "is suspended" if one else "are suspended"
        return f"{text}, which {suspended}: nothing happens until {'it' if one else 'one'} resumes."
    return f"{text}."


def _circle_text(
    situation: Situation, process: int, deed: Deed, circle: Sequence[ThreadKey]
) -> str:
    if len(circle) == 1:
        number, thread = circle[0]
        if number == process:
            return f"Deadlock: {thread} waits for itself, since it holds this already."
        return f"It waits for {_names(situation, [number])}, which waits for itself."
    steps = []
    labels = {number: _label(situation, number) for number, _ in circle}
    if len(set(labels.values())) < len(labels):  # two of one name
        labels = {number: who(situation.processes.get(number), number) for number in labels}
    for place, (number, thread) in enumerate(circle):
        waits = next(each for each in situation.waits(number) if each.thread == thread)
        target = labels[circle[(place + 1) % len(circle)][0]]
        what = _object_text(situation, waits)
        steps.append(f"{labels[number]} waits for {target} ({what})")
    inside = any(number == process for number, _ in circle)
    start = "Deadlock: " if inside else "It depends on a deadlock: "
    return f"{start}{', and '.join(steps) if len(steps) == 2 else ', '.join(steps)}."


def _nobody_text(situation: Situation, parties: Sequence[Party]) -> str:
    relation = parties[0].relation
    ended = [each.process for each in parties if each.state is State.ENDED]
    others = [each for each in parties if each.state is not State.ITSELF]
    if len(ended) < len(others):  # some live, but wait for what will never come
        living = [each.process for each in parties if each.state not in (State.ENDED, State.ITSELF)]
        return f"{_names(situation, living)} could end this, but will never get so far."
    if relation is Relation.HOLDS:
        return f"Held by {_how(situation, ended)}: nobody can release it."
    did, outcome = _DID[relation]
    if len(ended) == 1:
        return f"{_how(situation, ended)}, was the only one that {did}: {outcome}."
    all_of_them = "Both" if len(ended) == 2 else f"All {len(ended)}"
    return f"{all_of_them} processes that ever {did} have ended: {outcome}."


def _special_text(situation: Situation, process: int, deed: Deed) -> str:
    """Of a get although there is something in the queue; of a pool in which nobody works."""
    row = None if deed.object is None else situation.object(deed.object)
    if row is None:
        return ""
    if kind_of(row.type).is_pool:
        return pool_sentence(
            situation, situation.members(row), lambda numbers: _names(situation, numbers)
        )
    if deed.operation == "get" and row.depth:
        return queue_sentence(
            situation, process, deed, row, lambda numbers: _names(situation, numbers)
        )
    return ""


def _label(situation: Situation, number: int) -> str:
    row = situation.processes.get(number)
    return f"process {number}" if row is None else row.label


def _names(situation: Situation, numbers: Sequence[int]) -> str:
    names = [who(situation.processes.get(number), number) for number in dict.fromkeys(numbers)]
    if len(names) > _MOST_NAMED:
        names[_MOST_NAMED - 1 :] = [f"{len(names) - _MOST_NAMED + 1} others"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _how(situation: Situation, numbers: Sequence[int]) -> str:
    told = []
    for number in dict.fromkeys(numbers):
        row = situation.processes.get(number)
        told.append(who(row, number) + ("" if row is None else f", which {how_it_ended(row)}"))
    if len(told) > _MOST_NAMED:
        return f"{told[0]}, and {len(told) - 1} more that have ended"
    return told[0] if len(told) == 1 else f"{'; '.join(told[:-1])} and {told[-1]}"


def _object_text(situation: Situation, deed: Deed) -> str:
    if deed.object is None:
        return deed.operation
    row = situation.object(deed.object)
    if row is None:
        return situation.objects.phrase(deed.object)
    return f"process {row.label}" if row.type == PROCESS else row.phrase


def _not_yet(deed: Deed) -> str:
    relations = {"get": Relation.PUTS, **dict.fromkeys(_OF_PIPES, Relation.OTHER_END)}
    if deed.operation == "wait":
        return "Nobody has ended such a wait so far."
    return _NOT_YET.get(relations.get(deed.operation, Relation.MADE), "Nobody has so far.")


def _verb(relation: Relation, one: bool) -> str:
    words = relation.value.split(" ", 1)
    if one:
        return relation.value
    plural = {"has": "have", "is": "are", "comes": "come"}.get(words[0], words[0].removesuffix("s"))
    if words[0] == "notifies":
        plural = "notify"
    return f"{plural} {words[1]}"
