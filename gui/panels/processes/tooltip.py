"""What the cells of the process tree tell when the pointer rests on them."""

from __future__ import annotations

import time

from spawnscope.core.analysis.process_fold import FoldRow
from spawnscope.core.printable import printable
from spawnscope.core.sentences.making import made
from spawnscope.core.sentences.outcome import named
from spawnscope.core.sentences.roles import role_name
from spawnscope.core.store.process_row import ProcessRow
from spawnscope.core.translation import tr, trn

from ...kit.row_text import exit_text
from ...kit.text.clock import clock_text
from ...kit.text.span import duration_text

_LONGEST = 600  # characters of a command line that are worth a look


def about_button(row: ProcessRow) -> str:
    """What the button at the end of a row does, or how far it has come."""
    if row.is_live and row.stopping is not None:
        return row.stopping.sentence
    if row.may_be_signalled:
        return tr(
            "Terminate {name} (PID {pid}): ask with SIGTERM, wait, then SIGKILL (Delete)",
            name=row.label, pid=row.pid,
        )  # fmt: skip
    return exit_text(row)


def spoken_fold(row: FoldRow) -> str:
    """A row that stands for many, for those who hear it."""
    if row.rest:
        return trn(
            "{count} earlier process; press Return for the next {more}",
            "{count} earlier processes; press Return for the next {more}",
            row.count, more=row.next_count,
        )  # fmt: skip
    if row.known:
        return trn(
            "{count} process called {name}, all ended normally",
            "{count} processes called {name}, all ended normally",
            row.count, name=row.name,
        )  # fmt: skip
    return trn(
        "{count} process called {name}, all ended",
        "{count} processes called {name}, all ended",
        row.count, name=row.name,
    )  # fmt: skip


def about_fold(row: FoldRow) -> str:
    """A row that stands for many."""
    if row.rest:
        others = trn(
            "{count} that started earlier is not listed.",
            "{count} that started earlier are not listed.",
            row.count,
        )
        more = tr("Click, or press Return, to list the next {count}.", count=row.next_count)
        return f"{others}\n{more}"
    if row.known:
        whole = trn(
            "{count} process called {name}: all ended normally",
            "{count} processes called {name}: all ended normally",
            row.count, name=row.name,
        )  # fmt: skip
    else:
        whole = trn(
            "{count} process called {name}: all ended; some exit codes are not known",
            "{count} processes called {name}: all ended; some exit codes are not known",
            row.count, name=row.name,
        )  # fmt: skip
    first, last = clock_text(row.started_ns), clock_text(row.ended_ns)
    span = first if first == last else f"{first} – {last}"
    return "\n".join((
        whole,
        tr("{span}, for {time} on average", span=span, time=duration_text(row.mean_ns)),
        tr("From PID {first} to PID {last}", first=row.first_pid, last=row.last_pid),
        tr("Open it to list them; select it to see what all of them wrote."),
    ))  # fmt: skip


def about_process(row: ProcessRow) -> str:
    """Who it is, and how it ended."""
    lines = [f"{named(row.label, row.pid)}, {role_name(row.role)}"]
    if row.title and row.name != row.title:
        lines.append(tr("Name: {name}", name=row.name))
    if row.start_method:
        lines.append(tr("Start method: {method}", method=row.start_method))
    if row.making is not None and (maker := made(row.making, row.start_method)):
        lines.append(tr("Made by {maker}", maker=maker))
    started = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(row.started_ns / 1e9))
    lines.append(tr("Started: {time}", time=started))
    if row.is_live:
        if row.stopping is not None:
            lines.append(row.stopping.sentence)
    else:
        time_text = duration_text(row.elapsed_ns(0))
        lines.append(tr("After {time}: {outcome}", time=time_text, outcome=exit_text(row)))
    if row.cmdline:
        lines.append(printable(" ".join(row.cmdline), _LONGEST))
    return "\n".join(lines)


def about_cpu(row: ProcessRow) -> str:
    """Its mean and its peak in the last minute."""
    history = row.cpu_history
    if not history:
        return ""
    return trn(
        "Last {count} sample: mean {mean:.1f} %, highest {highest:.1f} % of a core",
        "Last {count} samples: mean {mean:.1f} %, highest {highest:.1f} % of a core",
        len(history), mean=sum(history) / len(history), highest=max(history),
    )  # fmt: skip
