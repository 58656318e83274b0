"""What there is to be known of each kind of shared object, and of each kind of operation: a row.

    type of an object    --> kind_of         --> ObjectKind      family, picture, who holds it
    name of an operation --> operation_kind  --> OperationKind   direction, words, what it serves

All else asks here: a new kind is a hook in the probe and a row. A type that has no row, such as a
manager's proxy, is one of the last family.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple

from ..translation import mark
from .events import Role

MAIN_THREAD = "MainThread"

ThreadKey = tuple[int, str]
"""The number of a process, and the name of a thread in it."""

Direction = Literal["into", "out", "guard"]
"""Which way things go between a process and an object. Plain texts: they are keys of many dicts."""

INTO: Direction = "into"  # from the process: put, send, submit, set
OUT: Direction = "out"  # to the process: get, recv, task, wait for an event
GUARD: Direction = "guard"  # neither: a lock is taken and given back, memory is used
DIRECTIONS = (INTO, OUT, GUARD)


class Family(enum.IntEnum):
    """What an object does to those who share it."""

    CARRIES = 0  # items, from one to another
    HOLDS_BACK = 1  # makes others wait
    WORKS = 2
    KEEPS = 3  # memory, and whatever we know no better


class Form(enum.Enum):
    """How things go through it: items from all to all, or messages between two ends."""

    QUEUE = "queue"
    PIPE = "pipe"


class Holding(enum.Enum):
    """Who can hold it at a time."""

    NOBODY = "nobody"
    ONE = "one thread"
    SEVERAL = "several threads"


class Relation(enum.Enum):
    """What one who could end a wait has to do with it."""

    HOLDS = "holds it"
    PUTS = "puts into it"
    GETS = "gets from it"
    OTHER_END = "has the other end"
    SETS = "sets it"
    NOTIFIES = "notifies it"
    RELEASES = "releases it"
    RUNS = "is waited for"
    WORKS = "works on its tasks"
    BELONGS = "is one of its workers"
    LOST = "was in one of its tasks"
    SERVES = "answers its calls"
    FINISHES = "marks its items as done"
    ARRIVES = "comes to it as well"
    ACCEPTS = "accepts connections of it"
    MADE = "made it"


class ObjectKind(NamedTuple):
    """A type of shared object. `picture`: the name of its icon; `named`: a person says the type
    along with the name ("lock results", but just "jobs"); `wait_direction`: where a wait for it
    belongs, and `wait_counts`: whether that is a use of it; `ended_by`: of the operations that can
    wait, which one ends that, and what whoever does it has to do with the object; `worker`: the
    role of who does its tasks; `buffered`: what was put is sent later, by a thread of its own;
    `used`: False for what stands for something else than an object that is used; `handed_on`:
    somebody else than its holder may release it."""

    type: str
    family: Family
    picture: str
    form: Form | None = None
    holding: Holding = Holding.NOBODY
    named: bool = False
    wait_direction: Direction = GUARD
    wait_counts: bool = False
    ended_by: Mapping[str, tuple[Relation, str]] = MappingProxyType({})
    worker: Role | None = None
    buffered: bool = False
    used: bool = True
    handed_on: bool = False

    @property
    def is_pool(self) -> bool:
        """Whether processes of its own do its tasks."""
        return self.worker is not None

    @property
    def usual_wait(self) -> Direction:
        """Where whoever waits for it is, if nothing more is known of that."""
        guards = self.holding is not Holding.NOBODY or self.family is Family.HOLDS_BACK
        return OUT if self.wait_direction is GUARD and not guards else self.wait_direction


class OperationKind(NamedTuple):
    """A kind of call. `direction`: which way things go (None: it is no use of an object); `counts`:
    it is a use of its own, not the second half of one; `inward`, `outward`: it counts in the rates
    of that side; `puts`: who waits in it waits to bring something in, or for a lock; `word`: what
    stands between it and the object's name (see `sentences.doing`); `past`: what was done, to be
    given to `tr`; `serves`: the operation that it makes possible; `works`: who is in it works and
    waits for nothing; `part`: it is a part of others, or of no interest by itself; `untold`: it is
    counted, and has no record of its own unless it fails; `meanwhile`: a coroutine waits in it, and
    its thread goes on with others; `numbered`: it has the number of a task."""

    name: str
    direction: Direction | None = None
    counts: bool = False
    inward: bool = False
    outward: bool = False
    puts: bool = False
    word: str = ""
    past: str = ""
    serves: str = ""
    works: bool = False
    part: bool = False
    untold: bool = False
    numbered: bool = False
    meanwhile: bool = False


_CARRIES, _HOLDS_BACK, _WORKS, _KEEPS = Family
_SENT = {
    "get": (Relation.PUTS, "put"),
    **dict.fromkeys(("put", "feed"), (Relation.GETS, "get")),
}
_JOINED = {**_SENT, "join": (Relation.FINISHES, "task_done")}
_QUEUE = ObjectKind("Queue", _CARRIES, "queue", Form.QUEUE, ended_by=_SENT, buffered=True)
_PIPE = ObjectKind("Pipe", _CARRIES, "pipe", Form.PIPE)
_LOCK = ObjectKind("Lock", _HOLDS_BACK, "lock", holding=Holding.ONE, named=True, handed_on=True)
_SEMAPHORE = _LOCK._replace(
    holding=Holding.SEVERAL, ended_by={"acquire": (Relation.RELEASES, "release")}
)
_SIGNAL = ObjectKind("Condition", _HOLDS_BACK, "event", named=True)
_MEMORY = ObjectKind("SharedMemory", _KEEPS, "memory")
_GUARDED = _MEMORY._replace(holding=Holding.ONE)

OBJECTS = {
    kind.type: kind
    for kind in (  # in the order in which they are shown
        _QUEUE,
        _QUEUE._replace(type="JoinableQueue", ended_by=_JOINED),
        _QUEUE._replace(type="SimpleQueue", buffered=False),
        _PIPE,
        _PIPE._replace(type="Connection"),
        ObjectKind(
            "Listener",
            _HOLDS_BACK,
            "pipe",
            wait_direction=OUT,
            ended_by={"connect": (Relation.ACCEPTS, "accept")},
        ),
        _LOCK,
        _LOCK._replace(type="RLock", handed_on=False),
        _LOCK._replace(type="read lock", named=False, handed_on=False),  # untranslated: a type
        _LOCK._replace(type="write lock", named=False, handed_on=False),  # untranslated: a type
        _SEMAPHORE._replace(type="Semaphore"),
        _SEMAPHORE._replace(type="BoundedSemaphore"),
        _SIGNAL._replace(holding=Holding.ONE, ended_by={"wait": (Relation.NOTIFIES, "notify")}),
        _SIGNAL._replace(
            type="Event",
            wait_direction=OUT,
            wait_counts=True,
            ended_by={"wait": (Relation.SETS, "set")},
        ),
        _SIGNAL._replace(
            type="Barrier", wait_counts=True, ended_by={"wait": (Relation.ARRIVES, "wait")}
        ),
        ObjectKind("Pool", _WORKS, "pool", wait_direction=INTO, worker=Role.POOL_WORKER),
        ObjectKind("ThreadPool", _WORKS, "pool"),
        ObjectKind("ProcessPoolExecutor", _WORKS, "executor", worker=Role.EXECUTOR_WORKER),
        ObjectKind("Process", _WORKS, "process", used=False),
        ObjectKind("Popen", _WORKS, "process", used=False),
        _MEMORY,
        _GUARDED._replace(type="Value"),
        _GUARDED._replace(type="Array"),
    )
}
"""By type, in the order in which types are shown."""

OPERATIONS = {
    kind.name: kind
    for kind in (
        OperationKind("put", INTO, True, inward=True, puts=True, word="into", past=mark("put"),
                      serves="get"),
        OperationKind("get", OUT, True, outward=True, word="from", past=mark("got")),
        OperationKind("feed", puts=True, word="into", part=True, untold=True),
        OperationKind("task_done"),
        OperationKind("join", INTO, puts=True),
        OperationKind("send", INTO, True, inward=True, puts=True, word="to", past=mark("sent"),
                      serves="recv"),
        OperationKind("recv", OUT, True, outward=True, word="from", past=mark("received")),
        OperationKind("poll", OUT, part=True),
        OperationKind("acquire", GUARD, True, inward=True, puts=True, past=mark("acquired")),
        OperationKind("release", GUARD, outward=True, past=mark("released"), serves="acquire"),
        OperationKind("set", INTO, True, inward=True, puts=True, past=mark("set"), serves="wait"),
        OperationKind("clear", INTO, outward=True),
        OperationKind("notify", GUARD, past=mark("notified"), serves="wait"),
        OperationKind("wait", GUARD, word="for", past=mark("waited for"), numbered=True),
        OperationKind("submit", INTO, True, inward=True, puts=True, word="to",
                      past=mark("submitted"), serves="task"),
        OperationKind("task", OUT, True, outward=True, word="of", past=mark("done"), works=True,
                      numbered=True),
        OperationKind("run", works=True),
        OperationKind("call", INTO, True, inward=True, puts=True, word="to"),
        OperationKind("create", GUARD, True),
        OperationKind("attach", GUARD, True, word="to", part=True),
        OperationKind("close", GUARD, part=True),
        OperationKind("unlink", GUARD),
        OperationKind("idle", word="in", works=True, part=True, untold=True),
        OperationKind("initializer", word="of", past=mark("initialized"), works=True),
        OperationKind("flush", works=True, part=True),
        OperationKind("deliver", word="to", works=True, part=True, untold=True, numbered=True),
        OperationKind("result", past=mark("received")),
        OperationKind("replace", past=mark("replaced")),
        OperationKind("broken", past=mark("broken")),
        OperationKind("cancel", word="in", past=mark("cancelled")),
        OperationKind("shutdown", INTO, puts=True, word="of", past=mark("shut down")),
        OperationKind("communicate", word="with"),
        OperationKind("await", word="for", meanwhile=True),
        OperationKind("read", OUT, word="from"),
        OperationKind("write", INTO, puts=True, word="to"),
        OperationKind("empty", word="of", past=mark("asked if empty")),
        OperationKind("qsize", word="of", past=mark("asked for its size")),
        OperationKind("cancel_join_thread", word="of"),
        OperationKind("closed", part=True, untold=True),
        OperationKind("arrived", part=True, untold=True),
        OperationKind("taken", part=True, untold=True),
        OperationKind("expected", part=True, untold=True),
        OperationKind("accept", OUT, True, outward=True, word="from", past=mark("accepted")),
        OperationKind("connect", INTO, True, inward=True, puts=True, word="to",
                      past=mark("connected"), serves="accept"),
        OperationKind("serve", OUT, True, outward=True, word="of", works=True, part=True,
                      untold=True),
    )
}  # fmt: skip
"""By name; others are no use of an object, and have no words of their own."""

INNER_LOCKS = {"read": "read lock", "write": "write lock"}  # untranslated: types
"""Types of the locks inside of a queue or a pool, by what they are needed for."""
LOCK_OF_THREADS = "a lock of threads"  # untranslated: a name
"""The text of an `acquire` on no object: a lock within a process, which nobody is left to give
back, since the process has one thread."""
PROCESS, POPEN, PIPE, CONNECTION = "Process", "Popen", "Pipe", "Connection"
"""The types of what stands for a process that another one started, by multiprocessing and by
subprocess, and of an end of a pipe, and of what a Listener and a Client have between them."""
STARTED = frozenset((PROCESS, POPEN))
"""The types of what stands for a process that another one started."""
WORKER_ROLES = frozenset(kind.worker for kind in OBJECTS.values() if kind.worker is not None)
"""Of processes that do the tasks of an object."""
INWARD = frozenset(name for name, kind in OPERATIONS.items() if kind.inward)
"""They put something in, or take a lock."""
OUTWARD = frozenset(name for name, kind in OPERATIONS.items() if kind.outward)
"""They take it out, or give the lock back."""
UNTOLD = frozenset(name for name, kind in OPERATIONS.items() if kind.untold)
"""What is counted without a record of its own."""
NUMBERED = frozenset(name for name, kind in OPERATIONS.items() if kind.numbered)
"""What has the number of a task."""
WORKING = frozenset(name for name, kind in OPERATIONS.items() if kind.works)
"""Whoever is in one of these works in it, and waits for nothing."""
RANKS = {name: rank for rank, name in enumerate(OBJECTS)}
"""The place of each type in the order in which they are shown."""


_CALLED = "call "  # untranslated: the beginning of an operation's name


def called(method: str) -> str:
    """The operation by which the calls of one method of a manager's object are counted."""
    return _CALLED + method


def method_of(operation: str) -> str:
    """The method whose calls it counts; "" for any other operation."""
    return operation[len(_CALLED) :] if operation.startswith(_CALLED) else ""


@lru_cache(maxsize=1024)
def kind_of(type_name: str) -> ObjectKind:
    """What is known of a type of object, whatever it is called."""
    found = OBJECTS.get(type_name)
    if found is not None:
        return found
    is_proxy = "Manager" in type_name or type_name.endswith("Proxy")
    return ObjectKind(type_name, Family.KEEPS, "manager" if is_proxy else "module")


def operation_kind(name: str) -> OperationKind:
    """What is known of an operation, whatever it is called."""
    return OPERATIONS.get(name) or OperationKind(name)
