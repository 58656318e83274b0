"""The columns of the process tree, a row each: see `gui.kit.column`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from spawnscope.core.analysis.process_fold import FoldRow
from spawnscope.core.sentences.making import method
from spawnscope.core.sentences.roles import role_name
from spawnscope.core.sentences.status import status_name
from spawnscope.core.store.process_row import ProcessRow
from spawnscope.core.translation import tr

from ...kit.column import RIGHT, Column
from ...kit.row_text import doing_text, exit_text
from ...kit.text.clock import clock_text
from ...kit.text.figures import memory_text, tenths
from ...kit.text.span import duration_text
from .doing import doing_tooltip, doing_value, is_unwatched
from .tooltip import about_button, about_cpu, about_process

_END = frozenset(("ended_ns",))


def _elapsed(row: ProcessRow, now_ns: int) -> str:
    span = row.elapsed_ns(now_ns)
    if row.is_live:  # it is redrawn once a second: fractions would only stand still
        span -= span % 1_000_000_000
        return duration_text(span) if span >= 10_000_000_000 else f"{span // 1_000_000_000} s"
    return duration_text(span)


def _clock(row: ProcessRow | FoldRow) -> str:
    return clock_text(row.started_ns)


def _fold_end(row: FoldRow) -> str:
    if row.rest:
        return ""
    span = duration_text(max(0, row.ended_ns - row.started_ns))
    if row.known:
        return tr("All ended normally within {span}", span=span)
    return tr("All ended within {span}", span=span)


def _fold_mean(row: FoldRow) -> str:
    return "" if row.rest else f"ø {duration_text(row.mean_ns)}"


def _measured(figure: str, text: Callable[[Any], str], **rest: Any) -> Column:
    """A figure of the last sample, as long as the process lives."""

    def value(row: ProcessRow) -> int | float | None:
        return row.measured(figure) if row.is_live else None

    return Column(
        text=lambda row: "" if (found := value(row)) is None else text(found), value=value,
        alignment=RIGHT, **{"fields": frozenset((figure,)) | _END, **rest},
    )  # fmt: skip


def _about_stop(row: ProcessRow) -> str:
    if row.is_live:
        return row.stopping.sentence if row.stopping is not None else ""
    return exit_text(row)


def _status(row: ProcessRow) -> str:
    return status_name(row.status)


def _status_ink(row: ProcessRow) -> str:
    if not row.is_live:
        return ""
    if row.is_stopping or row.is_suspended:
        return "warning"
    return "good" if row.sampled_status == "running" else ""


def _doing_ink(row: ProcessRow) -> str:
    if is_unwatched(row):
        return "muted"
    return "bad" if row.has_failed or row.held else ""


NAME = Column(
    id="name", title=tr("Name"), width=230, middle=True,
    tooltip=tr("The title of what was launched, or the process's own name"),
    text=lambda row: row.label, value=lambda row: row.label.casefold(), explain=about_process,
    fields=frozenset(("name", "title", "role", "cmdline", "start_method", "watched")) | _END,
    fold=lambda fold: fold.label, fold_value=lambda fold: fold.name.casefold(),
)  # fmt: skip
CPU = _measured(
    "cpu_percent", tenths, id="cpu", title="CPU", width=100, unit="%", explain=about_cpu,
    tooltip=tr("Share of one core, with the last 60 samples"),
    fields=frozenset(("cpu_percent", "cpu_history")) | _END,
)  # fmt: skip
DOING = Column(
    id="doing", title=tr("Doing"), width=190, middle=True, ticks=True, spared=6,
    tooltip=tr("The call on a shared object that it is in, and since when"),
    text=doing_text, value=doing_value, explain=doing_tooltip, ink=_doing_ink,
    fields=_END
    | frozenset(("doing", "held", "watched", "unwatched_reason", "exit_code", "signal")),
)  # fmt: skip
ELAPSED = Column(
    id="elapsed", title=tr("Elapsed"), tooltip=tr("How long it has lived; final once it has ended"),
    text=_elapsed, value=lambda row, now: row.elapsed_ns(now), ticks=True,
    fields=frozenset(("started_ns",)) | _END, alignment=RIGHT, width=72, spared=5,
    fold=_fold_mean, fold_value=lambda fold: fold.mean_ns,
)  # fmt: skip
EXIT = Column(
    id="exit", title=tr("Exit"), tooltip=tr("How it ended"), width=190,
    text=exit_text, value=lambda row: exit_text(row) or None, explain=_about_stop,
    ink=lambda row: "bad" if row.has_failed else "",
    fields=frozenset(("outcome", "exit_code", "signal")) | _END,
    fold=_fold_end, fold_value=lambda fold: fold.outcome,
)  # fmt: skip
ACTION = Column(
    id="action", title="", tooltip=tr("End the process: ask with SIGTERM, wait, then SIGKILL"),
    text=lambda row, now: row.stopping.text(now) if row.is_live and row.stopping else "",
    value=lambda _row, _now: None, explain=lambda row, _now: about_button(row), ticks=True,
    fields=frozenset(("stopping", "role")) | _END, width=124,
)  # fmt: skip

# The first column has the tree, the last one the buttons.
COLUMNS: tuple[Column, ...] = (
    NAME,
    Column(
        id="pid", title="PID", tooltip=tr("The process id"), alignment=RIGHT, width=58,
        text=lambda row: str(row.pid), value=lambda row: row.pid, fields=frozenset(("pid",)),
        fold_value=lambda fold: fold.first_pid,
    ),
    Column(
        id="ppid", title="PPID", alignment=RIGHT, width=58, spared=2,
        tooltip=tr("The id of its parent now; the tree shows what launched it"),
        text=lambda row: str(row.ppid), value=lambda row: row.ppid, fields=frozenset(("ppid",)),
    ),
    Column(
        id="role", title=tr("Role"), tooltip=tr("What the process is for"), width=122, spared=3,
        text=lambda row: role_name(row.role), value=lambda row: role_name(row.role),
        fields=frozenset(("role",)), fold=lambda fold: "" if fold.rest else role_name(fold.role),
        fold_value=lambda fold: role_name(fold.role),
    ),
    Column(
        id="status", title=tr("Status"), width=84, spared=7,
        tooltip=tr("What the process is doing, as the kernel says, or how far a stop has come"),
        text=_status, value=_status, explain=_about_stop,
        ink=_status_ink, fields=frozenset(("status", "stopping")) | _END,
        fold=lambda fold: "" if fold.rest else status_name("ended"),
        fold_value=lambda _fold: status_name("ended"),
    ),
    DOING,
    CPU,
    _measured(
        "rss_bytes", memory_text, id="memory", title=tr("Memory"), tooltip=tr("Resident memory"),
        unit="bytes", width=72, spared=4,
    ),
    _measured(
        "threads", str, id="threads", title=tr("Threads"), width=70, spared=1,
        tooltip=tr("How many threads it runs"),
    ),
    _measured(
        "fds", str, id="fds", title=tr("Files"), width=56, visible=False,
        tooltip=tr("How many file descriptors it holds open"),
    ),
    Column(
        id="started", title=tr("Started"), alignment=RIGHT,
        tooltip=tr("When it started, by the clock"),
        text=_clock, value=lambda row: row.started_ns, fields=frozenset(("started_ns",)),
        width=74, visible=False, fold=_clock, fold_value=lambda fold: fold.started_ns,
    ),
    ELAPSED,
    Column(
        id="method", title=tr("Start method"), width=96, visible=False,
        tooltip=tr("How multiprocessing brought it up: fork, spawn or forkserver"),
        text=lambda row: method(row.start_method, row.making),
        value=lambda row: method(row.start_method, row.making),
        fields=frozenset(("start_method", "making")),
    ),
    Column(
        id="cmdline", title=tr("Command line"), width=220,
        tooltip=tr("The program and its arguments"),
        text=lambda row: " ".join(row.cmdline), value=lambda row: " ".join(row.cmdline),
        fields=frozenset(("cmdline",)), visible=False,
    ),
    EXIT,
    ACTION,
)  # fmt: skip
