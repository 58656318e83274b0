"""Cause and effect: the put that served a get, the release that ended a wait, the submit of a task.

operations in order of their ends --.--> causes ------------------------> matcher of the object
                                    '--> effects --50 ms later (a cause    |
                                         may be noted after its effect)----+--> Flow, or nothing

An arrow is never a guess: where details are missing that could make it wrong, there is none.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Protocol

import msgspec

from ...session.reader import SessionReader
from ...vocabulary.events import ObjectCreated, Role
from ...vocabulary.kinds import OPERATIONS, PIPE, Form, Holding, ObjectKind, kind_of
from ...vocabulary.operation import Operation
from .details import OK, Details, pipe_peers
from .items import ItemsByLooks, ItemsByOrdinal
from .order import NumberedOperation, by_end
from .survey import object_details, session_details
from .waits import Calls, Jobs, Permits, Releases, Signals

_HOLD_NS = 50_000_000
_BEFORE, _AFTER = 6000, 2000  # operations of an object that are looked at, around one of them
CAUSES = {name: kind.serves for name, kind in OPERATIONS.items() if kind.serves}
"""Operations that end the wait of another, and that other."""
EFFECTS = frozenset(CAUSES.values())
_WAITING = frozenset({"acquire", "wait"})  # an effect only if it had to wait
MATCHED = (*CAUSES, *sorted(EFFECTS))
"""All operations that flows begin or end with."""


class Flow(msgspec.Struct, frozen=True, gc=False):
    """`cause` (a put) led to `effect` (a get) on `object`; of a pipe: the end that received."""

    cause_id: int
    effect_id: int
    object: int
    cause: Operation
    effect: Operation


class _Matcher(Protocol):
    def cause(self, number: int, one: Operation) -> None: ...

    def effect(self, one: Operation) -> NumberedOperation | None: ...


class FlowMatcher:
    """Finds the flows of a session, or of some objects. `details`: what is known of them."""

    def __init__(self, objects: Sequence[ObjectCreated], details: Details) -> None:
        self._details = details
        self._types = {made.object: made.type for made in objects}
        self._peers = peers_of(objects)
        self._causes: dict[tuple[int, str], _Matcher | None] = {}
        self._effects: dict[tuple[int, str], _Matcher | None] = {}
        self._held: deque[NumberedOperation] = deque()

    def feed(self, numbered: Iterable[NumberedOperation]) -> list[Flow]:
        """The next operations, in order of their ends; the flows that are certain by now."""
        flows: list[Flow] = []
        held, causes, effects = self._held, self._causes, self._effects
        for number, one in numbered:
            operation = one.operation
            if operation in CAUSES:
                if one.outcome != OK:
                    continue
                key = (one.object, operation)
                matcher = causes[key] if key in causes else self._matcher(*key)
                if matcher is not None:
                    while held and held[0][1].end_ns + _HOLD_NS < one.end_ns:
                        self._settle(flows)
                    matcher.cause(number, one)
            elif operation in EFFECTS:
                if one.outcome != OK and operation != "task":
                    continue
                key = (one.object, operation)
                matcher = effects[key] if key in effects else self._matcher(*key)
                if type(matcher) is Releases:
                    matcher.seen(number, one)
                if matcher is not None and (one.waited_ns or operation not in _WAITING):
                    held.append((number, one))
                    while held[0][1].end_ns + _HOLD_NS < one.end_ns:
                        self._settle(flows)
        return flows

    def finish(self) -> list[Flow]:
        """The last flows; nothing will be fed any more."""
        flows: list[Flow] = []
        while self._held:
            self._settle(flows)
        return flows

    def _settle(self, flows: list[Flow]) -> None:
        number, one = self._held.popleft()
        matcher = self._effects[one.object, one.operation]
        found = matcher.effect(one) if matcher is not None else None
        if found is not None:
            flows.append(Flow(found[0], number, one.object, found[1], one))

    def _matcher(self, number: int, operation: str) -> _Matcher | None:
        """Make what matches this operation on this object, and note it for both sides."""
        kind = kind_of(self._types.get(number, ""))
        effect = CAUSES.get(operation, operation)
        if effect == "wait":
            _, cause = kind.ended_by.get("wait", ("", operation))
        else:
            cause = next(name for name, other in CAUSES.items() if other == effect)
        source = target = number
        if effect == "recv":
            peer = self._peers.get(number, 0)
            source, target = (number, peer) if operation == cause else (peer, number)
        matcher = self._made(kind, cause, effect, source, target)
        self._causes[source, cause] = matcher
        self._effects[target, effect] = matcher
        return matcher

    def _made(
        self, kind: ObjectKind, cause: str, effect: str, source: int, target: int
    ) -> _Matcher | None:
        details = self._details
        if effect == "get":
            return self._items(source, target, cause, effect) if kind.form is Form.QUEUE else None
        if effect == "recv":
            return self._items(source, target, cause, effect) if source and target else None
        if effect == "acquire" and kind.holding is Holding.ONE:
            return Releases(details.gaps(source, cause, effect))
        if effect == "acquire" and kind.holding is Holding.SEVERAL:
            return Permits(details.gaps(source, cause, effect))
        if effect == "wait" and cause in CAUSES:
            return Signals(cause == "set", details.complete(source, cause))
        if effect == "task" and kind.worker is Role.POOL_WORKER:
            return Jobs()
        if effect == "task" and kind.worker is Role.EXECUTOR_WORKER:
            exact = details.complete(source, cause) and details.alone(source, cause)
            return Calls(exact)
        return None

    def _items(self, source: int, target: int, cause: str, effect: str) -> _Matcher | None:
        details = self._details
        if cause == "put" and (details.spoiled(source, "feed") or details.spoiled(target, "get")):
            return None  # an item was lost on its way
        numbered = details.numbered(source, cause) and details.numbered(target, effect)
        complete = details.complete(source, cause) and details.complete(target, effect)
        if not (numbered or complete):
            return None
        if details.alone(source, cause) and details.alone(target, effect):
            return ItemsByOrdinal(numbered, strict=cause == "put" and not complete)
        return ItemsByLooks(details.gaps_between(source, cause, target, effect), numbered)


def flow_matcher(reader: SessionReader, last_id: int | None = None) -> FlowMatcher:
    """For all operations of a session up to an id, from the first one on. Raises SessionError."""
    if last_id is None:
        last_id = reader.operations.last_id()
    return FlowMatcher(reader.objects.all(), session_details(reader, MATCHED, last_id))


def served_by(reader: SessionReader, operation_id: int) -> int | None:
    """The operation that this one had to wait for: the put that a get took its item from, the
    release that let an acquire go on. None: there is none, or it is not certain. Looks only at
    operations of the same object that are near. Raises SessionError."""
    found = (flow.cause_id for flow in _flows_near(reader, operation_id, EFFECTS)
             if flow.effect_id == operation_id)  # fmt: skip
    return next(found, None)


def serves(reader: SessionReader, operation_id: int) -> list[int]:
    """The operations that this one made possible, in order of their ends: the get of a put's item,
    the tasks of a submit; as `served_by`, the other way round."""
    flows = _flows_near(reader, operation_id, CAUSES)
    return [flow.effect_id for flow in flows if flow.cause_id == operation_id]


def peers_of(objects: Iterable[ObjectCreated]) -> dict[int, int]:
    """The other end of each end of a pipe, by number, where it can be told."""
    return pipe_peers(
        (made.object, made.process, made.site, made.time_ns)
        for made in objects
        if made.type == PIPE
    )


def _flows_near(reader: SessionReader, operation_id: int, operations: Iterable[str]) -> list[Flow]:
    rows = reader.operations.page(None, operation_id - 1, 1)
    if not rows or rows[0][0] != operation_id or rows[0][1].operation not in operations:
        return []
    number = rows[0][1].object
    objects = reader.objects.all()
    ends = [number, *(peer for end, peer in peers_of(objects).items() if end == number)]
    near: list[NumberedOperation] = []
    whole = True
    for end in ends:
        part, all_of_it = _near(reader, end, operation_id)
        near += part
        whole = whole and all_of_it
    near.sort(key=by_end)
    details = object_details(reader, ends, [one for _, one in near], whole)
    matcher = FlowMatcher(objects, details)
    return matcher.feed(near) + matcher.finish()


def _near(
    reader: SessionReader, number: int, operation_id: int
) -> tuple[list[NumberedOperation], bool]:
    """Operations on an object around an id, and whether these are all."""
    before = reader.operations.page(number, 0, _BEFORE, newest=True, before_id=operation_id + 1)
    after = reader.operations.page(number, operation_id, _AFTER)
    return before + after, len(before) < _BEFORE and len(after) < _AFTER
