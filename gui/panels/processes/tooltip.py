"""What a cell of the process tree tells when the pointer rests on it, and to a screen reader."""

from __future__ import annotations

import time

from spawnscope.core.analysis.process_fold import FoldRow, Shown
from spawnscope.core.printable import LONGEST_SENTENCE, printable
from spawnscope.core.store.process_row import ProcessRow

from ...kit.row_text import exit_text
from ...kit.text.span import duration_text
from .columns import ACTION, CPU, DOING, EXIT, NAME, STATUS, Column, fold_span
from .doing import doing_tooltip

_LONGEST = 600  # characters of a command line that are worth a look


def tooltip(row: Shown, column: Column, now_ns: int) -> str:
    """The tooltip of one cell, as plain text; "" for none."""
    if isinstance(row, FoldRow):
        return _about_fold(row)
    if column is NAME:
        return _about(row, now_ns)
    if column is ACTION:
        if row.is_live and row.stopping is not None:
            return row.stopping.sentence
        if row.may_be_signalled:
            return (
                f"Terminate {row.label} (PID {row.pid}): "
                "ask with SIGTERM, wait, then SIGKILL (Delete)"
            )
        return exit_text(row)
    if column in (EXIT, STATUS):
        if row.is_live:
            return row.stopping.sentence if row.stopping is not None else ""
        return exit_text(row)
    if column is CPU:
        return _cpu(row)
    if column is DOING:
        return doing_tooltip(row, now_ns)
    return column.text(row, now_ns)


def spoken_cell(row: Shown, column: Column, now_ns: int) -> str:
    """The text of one cell for those who hear it: with its unit, and with what a button says."""
    if isinstance(row, FoldRow):
        return _spoken_fold(row) if column is NAME else column.fold(row)
    text = printable(column.text(row, now_ns), LONGEST_SENTENCE)
    if column is ACTION and not text and row.may_be_signalled:
        return "Terminate"
    return f"{text} %" if text and column.unit == "%" else text


def _spoken_fold(row: FoldRow) -> str:
    if row.rest:
        return f"{row.count:,} earlier processes; press Return for the next {row.next_count}"
    return f"{row.count:,} processes called {row.name}, {row.outcome.lower()}"


def _about_fold(row: FoldRow) -> str:
    if row.rest:
        return (
            f"{row.count:,} that started earlier are not listed.\n"
            f"Click, or press Return, to list the next {row.next_count}."
        )
    whole = "all ended normally" if row.known else "all ended; some exit codes are not known"
    return (
        f"{row.count:,} processes called {row.name}: {whole}\n"
        f"{fold_span(row)}, for {duration_text(row.mean_ns)} on average\n"
        f"From PID {row.first_pid} to PID {row.last_pid}\n"
        "Open it to list them; select it to see what all of them wrote."
    )


def _about(row: ProcessRow, now_ns: int) -> str:
    lines = [f"{row.label} (PID {row.pid}), {row.role.value}"]
    if row.title and row.name != row.title:
        lines.append(f"Name: {row.name}")
    if row.start_method:
        lines.append(f"Start method: {row.start_method}")
    started = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(row.started_ns / 1e9))
    lines.append(f"Started: {started}")
    if row.is_live:
        if row.stopping is not None:
            lines.append(row.stopping.sentence)
    else:
        lines.append(f"After {duration_text(row.elapsed_ns(now_ns))}: {exit_text(row)}")
    if row.cmdline:
        lines.append(printable(" ".join(row.cmdline), _LONGEST))
    return "\n".join(lines)


def _cpu(row: ProcessRow) -> str:
    history = row.cpu_history
    if not history:
        return ""
    mean = sum(history) / len(history)
    return f"Last {len(history)} samples: mean {mean:.1f} %, highest {max(history):.1f} % of a core"
