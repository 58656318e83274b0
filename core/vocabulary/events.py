"""What happens, as the supervisor tells it to the window and writes it into the session.

A process is named by its number, which is unique in the session; the pair (pid, start time) that
the kernel knows it by is given once, when it starts. Times are Unix time in nanoseconds.
"""

from __future__ import annotations

import enum
from operator import attrgetter
from typing import Annotated

import msgspec

from .checking import Checked
from .codes import Lack, StopResult, StopStep, Unwatched
from .findings import Finding
from .kept_task import KeptTask


class Role(str, enum.Enum):
    """What a process is for. Some are only told apart by the probe."""

    SUPERVISOR = "supervisor"
    WORKER = "worker"
    CHILD = "child"
    POOL_WORKER = "pool worker"
    EXECUTOR_WORKER = "executor worker"
    LOADER_WORKER = "loader worker"
    DASK_WORKER = "dask worker"
    MANAGER_SERVER = "manager server"
    RESOURCE_TRACKER = "resource tracker"
    FORKSERVER = "forkserver"
    OTHER = "other"


HELPERS = frozenset({Role.FORKSERVER, Role.RESOURCE_TRACKER})
"""What multiprocessing starts for itself: they do no work of the program, and end after it."""


class Stream(enum.IntEnum):
    """Where a message came by. `SPAWNSCOPE` marks what we say ourselves."""

    STDOUT = 1
    STDERR = 2
    SPAWNSCOPE = 3

    @property
    def label(self) -> str:
        """The name on screen and in exports."""
        return self.name.lower()


class Doing(msgspec.Struct, frozen=True, gc=False):
    """The operation that a thread is in, since `since_ns`. `object` is null for what concerns none;
    `site`: "file:line", "" where unknown; `text`: a function's name; `number`: of a task (see
    `task_label`), or 0; `via`: "file:line" in a library that made the call at `site`, or "";
    `limited`: it gives up by itself after a time; `inside`: it has the lock inside of the object
    that others need for the same; `ready`: the program is there to take Ctrl-C meanwhile, by a
    handler of its own or an `except KeyboardInterrupt`."""

    thread: str
    operation: str
    object: int | None
    since_ns: int
    site: str
    text: str
    number: int = 0
    via: str = ""
    limited: bool = False
    inside: bool = False
    ready: bool = False


class Making(msgspec.Struct, frozen=True, gc=False):
    """Who made a process: `by` a library, "os.fork", "subprocess" or "another program". Of a fork,
    how many `threads` lived in the parent (0: not known), and of one by hand its `place`."""

    by: str
    threads: int = 0
    place: str = ""


class ProcessStarted(msgspec.Struct, frozen=True, tag="process_started", gc=False):
    """A process appeared in the tree. `start_ticks`: field 22 of /proc/PID/stat (clock ticks)."""

    process: int
    pid: int
    start_ticks: int
    time_ns: int
    parent: int | None
    ppid: int
    worker: int | None
    name: str
    role: Role
    start_method: str | None
    cmdline: tuple[str, ...]
    making: Making | None = None


class ProcessChanged(msgspec.Struct, frozen=True, tag="process_changed", gc=False):
    """A process called exec, was re-parented, or was recognised: its new description, whole."""

    process: int
    time_ns: int
    ppid: int
    name: str
    role: Role
    start_method: str | None
    cmdline: tuple[str, ...]
    making: Making | None = None


class Raised(msgspec.Struct, frozen=True, gc=False):
    """The exception that ended a process: its `type` ("KeyError", "shop.QuotaError"), what it says
    and where it was raised, "file:line", each "" if that is not known; the traceback as text."""

    type: str
    text: str = ""
    place: str = ""
    traceback: str = ""

    @property
    def is_interrupt(self) -> bool:
        """Whether it is what Python makes of SIGINT."""
        return self.type == "KeyboardInterrupt"


class Circumstances(msgspec.Struct, frozen=True, gc=False):
    """What a sentence about an end is made of, besides its status. `asked`: we had sent it SIGTERM,
    and killed it `late_ns` after that (0: we did not); `sent`: the signal that ended or
    interrupted it was ours; `ender`: name and pid of the process that `terminated_by` speaks of, or
    that interrupted it; `object`: the name of what
    its main thread was in; `held`: the names of the first objects that it held; `outlived`: name
    and pid of the worker that it had outlived when it was ended with the session; `unsent`: the
    name of a queue, and how many items that it put into that were never sent; `broken_by`: the
    worker whose death had broken its executor, which ended it for that: name, pid, and the signal
    that it died of, or its exit code in digits."""

    lived_ns: int
    core_dumped: bool = False
    asked: bool = False
    late_ns: int = 0
    sent: bool = False
    ender: tuple[str, int] | None = None
    object: str = ""
    held: tuple[str, ...] = ()
    outlived: tuple[str, int] | None = None
    unsent: tuple[str, int] | None = None
    broken_by: tuple[str, int, str] | None = None


class ProcessExited(msgspec.Struct, frozen=True, tag="process_exited", gc=False):
    """A process ended. All its messages are in the session before this is sent.

    `exit_code` is null when unknown or when a signal ended it; `signal` is a name like SIGKILL.
    `circumstances` say more, and `sentences.outcome` makes a sentence of it; sessions of before
    have the sentence, `outcome`, instead. `doing`: the operations that its threads were in;
    `holding`: the numbers of the shared objects that it held. Both are empty without a recorder.
    `terminated_by`: the process whose own `terminate()` or `kill()` ended it, if that is known.
    `raised`: the exception that it came to its exit code by.
    """

    process: int
    pid: int
    time_ns: int
    exit_code: int | None
    signal: str | None
    outcome: str = ""
    doing: tuple[Doing, ...] = ()
    holding: tuple[int, ...] = ()
    terminated_by: int | None = None
    circumstances: Circumstances | None = None
    raised: Raised | None = None


SUSPENDED = frozenset(("stopped", "traced"))
"""The states in which a process does nothing until somebody lets it: by a signal, or a debugger."""


class Sample(msgspec.Struct, frozen=True, tag="sample", gc=False):
    """What a process used. `cpu_percent`: of one core since the sample before; `fds`: how many
    descriptors it has open, and `fds_limit` how many it may (RLIMIT_NOFILE, the soft one), 0 where
    that is not known; `status`: the state in words ("running", "sleeping", "disk sleep", "stopped",
    "traced" ...); `handled`: for which signals it has handlers, `ignored`: which it ignores, each
    as bits, that of signal 1 being 1."""

    process: int
    pid: int
    time_ns: int
    cpu_percent: float
    rss_bytes: int
    threads: int
    fds: int
    status: str
    handled: Annotated[int, msgspec.Meta(extra={"since": 4})] = 0
    ignored: Annotated[int, msgspec.Meta(extra={"since": 4})] = 0
    fds_limit: Annotated[int, msgspec.Meta(extra={"since": 4})] = 0


class ProcessWatched(msgspec.Struct, frozen=True, tag="process_watched", gc=False):
    """Whether a process carries a recorder; `code` and `detail` say why not, or why no more.
    `reason`: what the process itself says of that, and sessions of before; "" if nothing.
    `checked`: what it has found of its own starts, null where that was not asked for."""

    process: int
    time_ns: int
    watched: bool
    reason: str = ""
    code: Unwatched | None = None
    detail: str = ""
    checked: Checked | None = None


class ProcessDoing(msgspec.Struct, frozen=True, tag="process_doing", gc=False):
    """What the threads of a process are in now; the main thread's first. Told when it changes, at
    most a few times a second. The next one of the same process replaces it."""

    process: int
    doing: tuple[Doing, ...]


class ProcessUnreaped(msgspec.Struct, frozen=True, tag="process_unreaped", gc=False):
    """The children of a process that have ended and that it has not waited for, a second later or
    more: the first of them by number, and how many in all. Told when that changes; not kept."""

    process: int
    children: tuple[int, ...]
    count: int


class ObjectCreated(msgspec.Struct, frozen=True, tag="object_created", gc=False):
    """A shared object, known in all processes by `object`. `type`: "Queue", "Lock" ...; `name`:
    what a person recognises, such as "jobs"; `site`: "file:line" of its creation, "" if unknown;
    `process`: its creator; `capacity`: how many items it takes, null without a limit; `identity`:
    what all recorders know it by, "" in older sessions; `via`: "file:line" in a library that made
    it for the code at `site`, or ""."""

    object: int
    process: int
    time_ns: int
    type: str = msgspec.field(name="object_type")  # encoded, "type" is the kind of the event
    name: str
    site: str
    capacity: int | None
    identity: str = ""
    via: str = ""


class OperationCount(msgspec.Struct, frozen=True, gc=False):
    """Exact totals of one operation on one object: `count` that succeeded, `waits` of all that had
    to wait, in all `waited_ns` long; `bytes` moved; `timeouts` (Empty, Full, timeout); `errors`."""

    operation: str
    count: int
    waits: int
    waited_ns: int
    bytes: int
    timeouts: int
    errors: int


FIGURES = OperationCount.__struct_fields__[1:]
"""The totals of an operation, by name; wherever they stand side by side, in this order."""
figures = attrgetter(*FIGURES)


class ObjectState(msgspec.Struct, frozen=True, tag="object_state", gc=False):
    """A shared object now, over all processes. `depth`: items in it, null where it has none.
    `holders` and `waiters`: pairs (process, thread). `open_in`: who has an end of a pipe open; null
    where nobody has looked, since nobody waits for it. `peer`: the other end of a connection. The
    next one of the same object replaces it; told when it changes, a few times a second at most."""

    object: int
    time_ns: int
    counts: tuple[OperationCount, ...]
    depth: int | None
    holders: tuple[tuple[int, str], ...]
    waiters: tuple[tuple[int, str], ...]
    open_in: tuple[int, ...] | None = None
    peer: int | None = None


class MessagesCommitted(msgspec.Struct, frozen=True, tag="messages_committed", gc=False):
    """Messages up to `last_id` (ids start at 1) can be read from the session file now. Sent too
    when only the unfinished lines changed."""

    last_id: int


class Refusal(msgspec.Struct, frozen=True, gc=False):
    """Why a process takes no signal from us: its `owner` ("" if unknown), or the kernel's word."""

    owner: str = ""
    error: str = ""


class StopProgress(msgspec.Struct, frozen=True, tag="stop_progress", gc=False):
    """A step on the way to the end of a process (or of its tree); `sentences.stopping` has the
    words. `name` and `pid`: of that process, "" and 0 for all that was started.

    WAITING: up to `grace_ns`, until `deadline_ns` (Unix time). KILLED: so many were `signalled`.
    ENDED: see `result`, after `took_ns`. FAILED: `result` is why, `refusal` more of that; `left`:
    name and pid of the first of the `left_count` that live on, none if that is the process itself.
    """

    process: int
    time_ns: int
    tree: bool
    step: StopStep
    name: str = ""
    pid: int = 0
    grace_ns: int = 0
    deadline_ns: int | None = None
    signalled: int = 0
    result: StopResult | None = None
    took_ns: int = 0
    refusal: Refusal | None = None
    left: tuple[tuple[str, int], ...] = ()
    left_count: int = 0


class WorkerStarted(msgspec.Struct, frozen=True, tag="worker_started", gc=False):
    """The launch `request` brought up worker number `worker`, whose root is `process`."""

    request: int
    worker: int
    process: int
    title: str


class LaunchRefused(msgspec.Struct, frozen=True, tag="launch_refused", gc=False):
    """The launch `request` started nothing: the spec's `field` at fault, and why: a sentence, in
    English, with `{named}` places for its values; see `sentences.notes`."""

    request: int
    field: str
    sentence: str
    values: dict[str, str] = {}


class SessionOpened(msgspec.Struct, frozen=True, tag="session_opened", gc=False):
    """The supervisor stands; `path` is the session file, `lacks` what it cannot do here.
    `clock_offset_ns`: from the monotonic clock to the times of this session."""

    path: str
    supervisor_pid: int
    lacks: tuple[Lack, ...]
    clock_offset_ns: int


class Problem(msgspec.Struct, frozen=True, tag="problem", gc=False):
    """Something of ours went wrong: one sentence in English with `{named}` places for its values,
    and the traceback as text ("" if none)."""

    time_ns: int
    sentence: str
    traceback: str
    values: dict[str, str] = {}


class AllRead(msgspec.Struct, frozen=True, tag="all_read", gc=False):
    """The answer to a `ReadAll`, which began at `time_ns`: all that differs was told before."""

    request: int
    time_ns: int


Event = (
    ProcessStarted
    | ProcessChanged
    | ProcessExited
    | Sample
    | ProcessWatched
    | ProcessDoing
    | ProcessUnreaped
    | ObjectCreated
    | ObjectState
    | MessagesCommitted
    | StopProgress
    | WorkerStarted
    | LaunchRefused
    | SessionOpened
    | Problem
    | Finding
    | KeptTask
    | AllRead
)


class Batch(msgspec.Struct, frozen=True):
    """What the supervisor puts on the Queue: `number` counts batches and is acknowledged."""

    number: int
    events: tuple[Event, ...]
