"""What the cells of the process tree tell when the pointer rests on them."""

from __future__ import annotations

import time

from spawnscope.core.analysis.process_fold import FoldRow
from spawnscope.core.printable import printable
from spawnscope.core.store.process_row import ProcessRow

from ...kit.row_text import exit_text
from ...kit.text.clock import clock_text
from ...kit.text.span import duration_text

_LONGEST = 600  # characters of a command line that are worth a look


def about_button(row: ProcessRow) -> str:
    """What the button at the end of a row does, or how far it has come."""
    if row.is_live and row.stopping is not None:
        return row.stopping.sentence
    if row.may_be_signalled:
        return (
            f"Terminate {row.label} (PID {row.pid}): ask with SIGTERM, wait, then SIGKILL (Delete)"
        )
    return exit_text(row)


def spoken_fold(row: FoldRow) -> str:
    """A row that stands for many, for those who hear it."""
    if row.rest:
        return f"{row.count:,} earlier processes; press Return for the next {row.next_count}"
    return f"{row.count:,} processes called {row.name}, {row.outcome.lower()}"


def about_fold(row: FoldRow) -> str:
    """A row that stands for many."""
    if row.rest:
        return (
            f"{row.count:,} that started earlier are not listed.\n"
            f"Click, or press Return, to list the next {row.next_count}."
        )
    whole = "all ended normally" if row.known else "all ended; some exit codes are not known"
    first, last = clock_text(row.started_ns), clock_text(row.ended_ns)
    span = first if first == last else f"{first} – {last}"
    return (
        f"{row.count:,} processes called {row.name}: {whole}\n"
        f"{span}, for {duration_text(row.mean_ns)} on average\n"
        f"From PID {row.first_pid} to PID {row.last_pid}\n"
        "Open it to list them; select it to see what all of them wrote."
    )


def about_process(row: ProcessRow) -> str:
    """Who it is, and how it ended."""
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
        lines.append(f"After {duration_text(row.elapsed_ns(0))}: {exit_text(row)}")
    if row.cmdline:
        lines.append(printable(" ".join(row.cmdline), _LONGEST))
    return "\n".join(lines)


def about_cpu(row: ProcessRow) -> str:
    """Its mean and its peak in the last minute."""
    history = row.cpu_history
    if not history:
        return ""
    mean = sum(history) / len(history)
    return f"Last {len(history)} samples: mean {mean:.1f} %, highest {max(history):.1f} % of a core"
