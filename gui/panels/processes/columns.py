"""The columns of the process tree, each an object of its own.

`value` is what sorting compares (None comes last), `text` what is shown; `fold_value` and `fold`
are the same for a row that stands for many processes. `now_ns` is Unix time; only columns that tell
a duration look at it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import msgspec
from PySide6.QtCore import Qt

from spawnscope.core.analysis.process_fold import FoldRow, Shown
from spawnscope.core.store.process_row import ProcessRow

from ...kit.column_table import LEFT, RIGHT, Value
from ...kit.row_text import doing_text, exit_text
from ...kit.text.clock import clock_text
from ...kit.text.figures import memory_text, tenths
from ...kit.text.span import duration_text
from .doing import doing_value


def _nothing(_fold: FoldRow) -> str:
    return ""


def _none(_fold: FoldRow) -> Value:
    return None


class Column(msgspec.Struct, frozen=True, eq=False):
    """`fields`: the attributes of ProcessRow that the column shows. `width`: px at 100 %."""

    id: str
    title: str
    tooltip: str
    value: Callable[[ProcessRow, int], Value]
    text: Callable[[ProcessRow, int], str]
    fields: frozenset[str]
    unit: str = ""
    alignment: Qt.AlignmentFlag = LEFT
    width: int = 80
    visible: bool = True
    fold: Callable[[FoldRow], str] = _nothing
    fold_value: Callable[[FoldRow], Value] = _none

    def shown_text(self, row: Shown, now_ns: int) -> str:
        """What is shown of any row."""
        return self.fold(row) if isinstance(row, FoldRow) else self.text(row, now_ns)

    def sort_value(self, row: Shown, now_ns: int) -> Value:
        """What sorting compares of any row."""
        return self.fold_value(row) if isinstance(row, FoldRow) else self.value(row, now_ns)


def _elapsed(row: ProcessRow, now_ns: int) -> str:
    span = row.elapsed_ns(now_ns)
    if row.is_live:  # it is redrawn once a second: fractions would only stand still
        span -= span % 1_000_000_000
        return duration_text(span) if span >= 10_000_000_000 else f"{span // 1_000_000_000} s"
    return duration_text(span)


def _cpu(row: ProcessRow, _now_ns: int) -> str:
    percent = row.measured("cpu_percent")
    if percent is None or not row.is_live:
        return ""
    return tenths(percent)


def _clock(row: Shown, _now_ns: int = 0) -> str:
    return clock_text(row.started_ns)


def fold_span(row: FoldRow) -> str:
    """From when to when the processes of a fold lived."""
    first, last = clock_text(row.started_ns), clock_text(row.ended_ns)
    return first if first == last else f"{first} – {last}"


def _fold_end(row: FoldRow) -> str:
    span = duration_text(max(0, row.ended_ns - row.started_ns))
    return "" if row.rest else f"{row.outcome} within {span}"


def _fold_mean(row: FoldRow) -> str:
    return "" if row.rest else f"ø {duration_text(row.mean_ns)}"


def _count(value: int | None) -> str:
    return "" if value is None else str(value)


def _end_order(row: ProcessRow, _now_ns: int) -> Value:
    return None if row.is_live else exit_text(row)


_END = frozenset(("ended_ns",))


def _measured(
    figure: str,
    name: str,
    title: str,
    tooltip: str,
    text: Callable[[int | None], str],
    width: int,
    unit: str = "",
    visible: bool = True,
) -> Column:
    """A figure of the last sample, as long as the process lives."""

    def value(row: ProcessRow, _now_ns: int) -> int | None:
        return row.measured(figure) if row.is_live else None

    return Column(
        name, title, tooltip, value, lambda row, now: text(value(row, now)),
        frozenset((figure,)) | _END, unit=unit, alignment=RIGHT, width=width, visible=visible,
    )  # fmt: skip


NAME = Column(
    "name", "Name", "The title of what was launched, or the process's own name",
    lambda row, _now: row.label.casefold(), lambda row, _now: row.label,
    frozenset(("name", "title", "role", "cmdline", "start_method")) | _END, width=230,
    fold=lambda fold: fold.label, fold_value=lambda fold: fold.name.casefold(),
)  # fmt: skip
CPU = Column(
    "cpu", "CPU", "Share of one core, with the last 60 samples",
    lambda row, _now: row.measured("cpu_percent") if row.is_live else None, _cpu,
    frozenset(("cpu_percent", "cpu_history")) | _END,
    unit="%", alignment=RIGHT, width=100,
)  # fmt: skip
STATUS = Column(
    "status", "Status", "What the process is doing, as the kernel says, or how far a stop has come",
    lambda row, _now: row.status, lambda row, _now: row.status,
    frozenset(("status", "stopping")) | _END, width=84,
    fold=lambda fold: "" if fold.rest else "ended", fold_value=lambda _fold: "ended",
)  # fmt: skip
DOING = Column(
    "doing", "Doing", "The call on a shared object that it is in, and since when",
    doing_value, doing_text,
    frozenset(("doing", "held", "watched", "unwatched_reason", "exit_code", "signal")) | _END,
    width=190,
)  # fmt: skip
ELAPSED = Column(
    "elapsed", "Elapsed", "How long it has lived; final once it has ended",
    lambda row, now: row.elapsed_ns(now), _elapsed,
    frozenset(("started_ns",)) | _END, alignment=RIGHT, width=72,
    fold=_fold_mean, fold_value=lambda fold: fold.mean_ns,
)  # fmt: skip
EXIT = Column(
    "exit", "Exit", "How it ended",
    _end_order, lambda row, _now: exit_text(row),
    frozenset(("outcome", "exit_code", "signal")) | _END, width=190,
    fold=_fold_end, fold_value=lambda fold: fold.outcome,
)  # fmt: skip
ACTION = Column(
    "action", "", "End the process: ask with SIGTERM, wait, then SIGKILL",
    lambda row, _now: None,
    lambda row, now: row.stopping.text(now) if row.is_live and row.stopping else "",
    frozenset(("stopping", "role")) | _END, width=124,
)  # fmt: skip

COLUMNS: tuple[Column, ...] = (
    NAME,
    Column(
        "pid", "PID", "The process id",
        lambda row, _now: row.pid, lambda row, _now: str(row.pid),
        frozenset(("pid",)), alignment=RIGHT, width=58,
        fold_value=lambda fold: fold.first_pid,
    ),
    Column(
        "ppid", "PPID", "The id of its parent now; the tree shows what launched it",
        lambda row, _now: row.ppid, lambda row, _now: str(row.ppid),
        frozenset(("ppid",)), alignment=RIGHT, width=58,
    ),
    Column(
        "role", "Role", "What the process is for",
        lambda row, _now: row.role.value, lambda row, _now: row.role.value,
        frozenset(("role",)), width=122,
        fold=lambda fold: "" if fold.rest else fold.role.value,
        fold_value=lambda fold: fold.role.value,
    ),
    STATUS,
    DOING,
    CPU,
    _measured("rss_bytes", "memory", "Memory", "Resident memory", memory_text, 72, unit="bytes"),
    _measured("threads", "threads", "Threads", "How many threads it runs", _count, 70),
    _measured(
        "fds", "fds", "Files", "How many file descriptors it holds open", _count, 56,
        visible=False,
    ),
    Column(
        "started", "Started", "When it started, by the clock",
        lambda row, _now: row.started_ns, _clock,
        frozenset(("started_ns",)), alignment=RIGHT, width=74, visible=False,
        fold=_clock, fold_value=lambda fold: fold.started_ns,
    ),
    ELAPSED,
    Column(
        "method", "Start method", "How multiprocessing brought it up: fork, spawn or forkserver",
        lambda row, _now: row.start_method, lambda row, _now: row.start_method or "",
        frozenset(("start_method",)), width=96, visible=False,
    ),
    Column(
        "cmdline", "Command line", "The program and its arguments",
        lambda row, _now: " ".join(row.cmdline), lambda row, _now: " ".join(row.cmdline),
        frozenset(("cmdline",)), width=220, visible=False,
    ),
    EXIT,
    ACTION,
)  # fmt: skip

NAME_INDEX = COLUMNS.index(NAME)
EXIT_INDEX = COLUMNS.index(EXIT)
ACTION_INDEX = COLUMNS.index(ACTION)
DOING_INDEX = COLUMNS.index(DOING)
# Columns that change with the time; the last only counts during a stop.
CLOCK_INDEXES = (COLUMNS.index(ELAPSED), DOING_INDEX, ACTION_INDEX)


@lru_cache(maxsize=256)
def columns_of(names: frozenset[str]) -> tuple[int, int] | None:
    """The first and the last column that show one of these fields of a row."""
    columns = [i for i, each in enumerate(COLUMNS) if not each.fields.isdisjoint(names)]
    return (columns[0], columns[-1]) if columns else None
