"""What can be wrong with a program of several processes: a row for each kind of finding, and a
finding as it is told.

All else asks here: a new kind is a row, a module in core/analysis/findings and a page of the guide.
"""

from __future__ import annotations

import enum
from typing import NamedTuple

import msgspec


class Severity(str, enum.Enum):
    """ERROR: something is stuck for good, or lost. WARNING: something is wrong, and may yet come to
    a good end. HINT: worth to know; programs in good order have some too."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"

    @property
    def rank(self) -> int:
        """The worst is 0."""
        return list(Severity).index(self)


class Remedy(str, enum.Enum):
    """What the user can do about it by a click. RELEASE: of a semaphore that a dead process holds;
    UNLINK: of what was left in the system; RUN_ALONE: of a task that failed."""

    TERMINATE = "terminate"
    TERMINATE_TREE = "terminate tree"
    RESUME = "resume"
    SHOW_PLACE = "show place"
    RELEASE = "release"
    UNLINK = "unlink"
    RUN_ALONE = "run alone"


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """A fact that a finding rests on, or one that follows from it: what a thread of `process` is in
    (or did) since `since_ns`, at `site`; `text` says it in a few words."""

    process: int
    thread: str
    operation: str
    object: int | None
    since_ns: int
    site: str
    text: str


class Cure(msgspec.Struct, frozen=True, gc=False):
    """What can be done about a finding, to a process or an object (each null where none), or to
    what is called `name` in the system."""

    remedy: Remedy
    process: int | None = None
    object: int | None = None
    name: str = ""


class Finding(msgspec.Struct, frozen=True, tag="finding"):
    """What is wrong, by its root cause; `code`: see `FINDINGS`. Told when it appears, is
    updated or resolved, each time whole, with the same number `finding`; `time_ns`: of the telling.

    `since_ns`: from when on it holds; `resolved_ns`: null while it stands, and for ever if its
    processes ended with it. `title` is one line; `symptoms`: what waits because of it; `key`:
    what makes it this one. Texts are English in files and exports.
    """

    finding: int
    time_ns: int
    code: str
    severity: Severity
    since_ns: int
    title: str
    explanation: str
    advice: str
    processes: tuple[int, ...] = ()
    objects: tuple[int, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    symptoms: tuple[Evidence, ...] = ()
    cures: tuple[Cure, ...] = ()
    resolved_ns: int | None = None
    key: str = ""


class FindingKind(NamedTuple):
    """A kind of finding: its code, how bad it usually is, and the page of Python's documentation
    that helps, below https://docs.python.org/3/."""

    code: str
    severity: Severity
    python: str


_ERROR, _WARNING, _HINT = Severity
_MP = "library/multiprocessing.html"
_GUIDELINES = f"{_MP}#programming-guidelines"
_PICKLE = "library/pickle.html#what-can-be-pickled-and-unpickled"
_POOLS = f"{_MP}#module-multiprocessing.pool"
_QUEUES = f"{_MP}#pipes-and-queues"
_SYNC = f"{_MP}#synchronization-primitives"
_EXECUTOR = "library/concurrent.futures.html#processpoolexecutor"
_METHODS = f"{_MP}#contexts-and-start-methods"
_SPAWN = f"{_MP}#the-spawn-and-forkserver-start-methods"
_PROCESS = f"{_MP}#process-and-exceptions"

FINDINGS = {
    kind.code: kind
    for kind in (  # in the order in which causes are looked for: what explains most comes first
        FindingKind("missing-main-guard", _ERROR, _SPAWN),
        FindingKind("unpicklable-target", _ERROR, _PICKLE),
        FindingKind("unpicklable-item", _ERROR, _PICKLE),
        FindingKind("unpicklable-result", _ERROR, _PICKLE),
        FindingKind("suspended", _WARNING, "library/signal.html"),
        FindingKind("queue-broken-by-kill", _ERROR, _GUIDELINES),
        FindingKind("lock-held-by-dead-process", _ERROR, _SYNC),
        FindingKind("fork-with-lock-held", _ERROR, _METHODS),
        FindingKind("respawn-storm", _ERROR, _POOLS),
        FindingKind("lost-pool-task", _ERROR, _POOLS),
        FindingKind("pool-worker-not-replaced", _ERROR, _POOLS),
        FindingKind("broken-pool", _ERROR, _EXECUTOR),
        FindingKind("join-before-drain", _ERROR, _GUIDELINES),
        FindingKind("deadlock", _ERROR, _SYNC),
        FindingKind("pipe-end-kept-open", _ERROR, _QUEUES),
        FindingKind("pipe-full", _ERROR, "library/subprocess.html#subprocess.Popen.wait"),
        FindingKind("crashed-worker", _ERROR, _PROCESS),
        FindingKind("lost-items", _ERROR, _GUIDELINES),
        FindingKind("forgotten-task-done", _ERROR, f"{_MP}#multiprocessing.JoinableQueue"),
        FindingKind("event-never-set", _ERROR, f"{_MP}#multiprocessing.Event"),
        FindingKind("barrier-short", _ERROR, f"{_MP}#multiprocessing.Barrier"),
        FindingKind("semaphore-exhausted", _ERROR, f"{_MP}#multiprocessing.Semaphore"),
        FindingKind("starved-consumers", _ERROR, _QUEUES),
        FindingKind("terminate-ignored", _WARNING, f"{_MP}#multiprocessing.Process.terminate"),
        FindingKind("kill-would-strand", _WARNING, f"{_MP}#multiprocessing.Process.terminate"),
        FindingKind("backlog-growing", _WARNING, f"{_MP}#multiprocessing.Queue"),
        FindingKind("results-pile-up", _WARNING, f"{_MP}#multiprocessing.pool.Pool.imap"),
        FindingKind("lost-updates", _WARNING, f"{_MP}#proxy-objects"),
        FindingKind("leaked-shared-memory", _WARNING, "library/multiprocessing.shared_memory.html"),
        FindingKind("orphaned-children", _WARNING, _PROCESS),
        FindingKind("zombies", _WARNING, _GUIDELINES),
        FindingKind("descriptors-running-out", _WARNING, "library/resource.html"),
        FindingKind("would-not-survive-forkserver", _WARNING, _METHODS),
        FindingKind("straggler", _HINT, _POOLS),
        FindingKind("serial-bottleneck", _HINT, _MP),
        FindingKind("oversubscribed", _HINT, "library/os.html#os.process_cpu_count"),
        FindingKind("pickling-dominates", _HINT, f"{_MP}#multiprocessing.pool.Pool.map"),
    )
}
"""By code."""

PYTHON_DOCS = "https://docs.python.org/3/"
