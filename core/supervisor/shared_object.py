"""One object that processes share, put together from what each of them counted.

process 2, MainThread: acquire +1 --.
process 3, MainThread: acquire +1   +--> totals, depth, holders, waiters --> ObjectState
process 3, Thread-1:   release +1 --'
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter

from ..observe.recorder_layout import COUNT, COUNTER_WORDS, ERRORS, ZERO, Counter, added
from ..probe._spawnscope_probe.layout import CODE, OPERATIONS
from ..session.records import OperationRow
from ..vocabulary.events import FIGURES, ObjectState, OperationCount
from ..vocabulary.kinds import Form, Holding, called, kind_of

Holder = tuple[int, str]
"""The number of a process, and the name of a thread in it."""

_PUT, _GET, _FEED = CODE["put"], CODE["get"], CODE["feed"]
_ORDER = itemgetter(*map(COUNTER_WORDS.index, FIGURES))
_ACQUIRE, _RELEASE = CODE["acquire"], CODE["release"]
_MOST_METHODS = 1000  # of all proxies, told by their names
_METHODS: list[str] = []  # operations that are the calls of one method, in order of their codes
_METHOD_CODES: dict[str, int] = {}
_ENDINGS = (CODE["terminate"], CODE["kill"], CODE["interrupt"])
_MOST_CHARACTERS = 4000  # of those who hold it, or wait: what fits into one event


class SharedObject:
    """See the module. `capacity`: how many items it takes, None without a limit. `rows`: its
    operations, until the object is announced; `due`: when that is to happen without its creator;
    `told`: its last state; `kept_ns`: when one was last kept in its history; `enders`: of what
    stands for a process, who has terminated or killed it, and `status`: how it ended, by
    who started it; `worker`: the one that it belongs to. Of a queue, `foreign`: its class has ways
    in or out of its own; `unseen`: somebody who may use it is not watched. `identity`: what
    recorders know it by. `open_in`: of an end of a pipe, the
    processes that have it open; None as long as nobody had to look. `peer`: the number of a
    connection's other end."""

    __slots__ = (
        "announced", "balances", "capacity", "due", "enders", "foreign", "identity", "kept_ns",
        "name", "number", "open_in", "peer", "rows", "status", "told", "totals", "type", "unseen",
        "waiters", "worker",
    )  # fmt: skip

    def __init__(self, number: int, kind: str, identity: str = "") -> None:
        self.number = number
        self.identity = identity
        self.open_in: tuple[int, ...] | None = None
        self.peer: int | None = None
        self.type = kind
        self.name = kind
        self.capacity: int | None = None
        self.announced = False
        self.due = 0.0
        self.kept_ns = 0
        self.rows: list[OperationRow] = []
        self.totals: dict[int, Counter] = {}
        self.balances: dict[Holder, int] = {}  # acquires less releases; since when, by order
        self.waiters: dict[Holder, None] = {}
        self.told: ObjectState | None = None
        self.enders: dict[str, int] = {}
        self.status: int | None = None
        self.worker: int | None = None
        self.foreign = self.unseen = False

    @property
    def label(self) -> str:
        """What a person calls it: "Lock results"."""
        return self.name if self.name.startswith(self.type) else f"{self.type} {self.name}"

    def count(self, operation: int, delta: Counter, who: Holder) -> None:
        """A thread's counter has grown by `delta`."""
        self.totals[operation] = added(self.totals.get(operation, ZERO), delta)
        if operation == _ACQUIRE:
            self._balance(who, delta[COUNT])
        elif operation == _RELEASE:
            self._balance(who, -delta[COUNT])
        elif operation in _ENDINGS and delta[COUNT] > 0:
            self.enders[OPERATIONS[operation]] = who[0]

    def holders(self) -> tuple[Holder, ...]:
        """Who acquired it and has not released it, the longest first.

        What another thread released counts for whoever has held it for longest. Counters of
        several processes are not read at the same moment, so a lock that changes hands can seem to
        have two holders; the later one is right.
        """
        released = -sum(balance for balance in self.balances.values() if balance < 0)
        found = []
        for who, balance in self.balances.items():
            if balance > 0:
                covered = min(balance, released)
                released -= covered
                if balance > covered:
                    found.append(who)
        return tuple(found[-1:] if kind_of(self.type).holding is Holding.ONE else found)

    def held_by(self, process: int) -> int:
        """How often a process holds it."""
        mine = [who for who in self.holders() if who[0] == process]
        return sum(self.balances[who] for who in mine)

    def give_back(self, process: int) -> None:
        """What a process held was given back for it: counted as its own release."""
        for who in [who for who in self.holders() if who[0] == process]:
            delta = [0] * len(ZERO)
            delta[COUNT] = self.balances[who]
            self.count(_RELEASE, (*delta,), who)  # type: ignore[arg-type]

    def state(self, time_ns: int) -> ObjectState:
        """What it is like now."""
        counts = tuple(
            totals_of(code, self.totals[code]) for code in sorted(self.totals) if code > 0
        )
        return ObjectState(
            object=self.number,
            time_ns=time_ns,
            counts=counts,
            depth=self._depth(),
            holders=_first(self.holders()),
            waiters=_first(self.waiters),
            open_in=self.open_in,
            peer=self.peer,
        )

    def _balance(self, who: Holder, change: int) -> None:
        before = self.balances.get(who, 0)
        if not change:
            return
        if before <= 0 < before + change:
            self.balances.pop(who, None)  # it holds from now on: behind all others
        self.balances[who] = before + change
        if before + change == 0:
            del self.balances[who]

    def _depth(self) -> int | None:
        if kind_of(self.type).form is not Form.QUEUE:
            return None
        put, got = self.totals.get(_PUT, ZERO)[COUNT], self.totals.get(_GET, ZERO)[COUNT]
        if self.unseen or (self.foreign and not (put and got)):
            return None  # there may be more, or less
        depth = max(0, put - self.totals.get(_FEED, ZERO)[ERRORS] - got)
        # Counters of several processes are not read at the same moment, and a getter that was
        # killed may not have counted what it took: but more than fit are never in it.
        return depth if self.capacity is None else min(depth, self.capacity)


def _first(holders: Iterable[Holder]) -> tuple[Holder, ...]:
    found, characters = [], 0
    for holder in holders:
        characters += len(holder[1]) + 6
        if characters > _MOST_CHARACTERS:
            break
        found.append(holder)
    return tuple(found)


def totals_of(operation: int, counter: Counter) -> OperationCount:
    """A counter as events have it."""
    code = operation - len(OPERATIONS)
    name = OPERATIONS[operation] if code < 0 else _METHODS[code]
    return OperationCount(name, *_in_order(counter))


def code_of_method(method: str) -> int:
    """What stands for the calls of a method, beside what stands for an operation."""
    name = called(method)
    code = _METHOD_CODES.get(name)
    if code is None:
        if len(_METHODS) >= _MOST_METHODS:
            name = called("...")
        code = _METHOD_CODES.setdefault(name, len(OPERATIONS) + len(_METHODS))
        if code == len(OPERATIONS) + len(_METHODS):
            _METHODS.append(name)
    return code


def _in_order(counter: Counter) -> Counter:
    """A counter's words in the order of OperationCount's fields, none below 0."""
    found: Counter = _ORDER([max(0, word) for word in counter])
    return found
