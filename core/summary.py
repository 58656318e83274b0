"""What `record` prints at the end: the tree of processes, how each ended, what they shared, where
the session is.

rich draws it: in colour on a terminal, as plain text elsewhere.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from .plain_text import plain, plainly
from .run_alone import kept_lines
from .sentences.checking import checked_text
from .sentences.making import method
from .sentences.outcome import named, outcome
from .sentences.roles import role_name
from .sentences.watching import unwatched
from .session.reader import SessionReader
from .session.records import ProcessRecord
from .summary_findings import finding_lines
from .summary_objects import lost_line, objects_table
from .summary_unseen import unseen_lines
from .telling import say
from .translation import enumerated, tr, trn
from .vocabulary.events import HELPERS, Role
from .vocabulary.findings import Finding

if TYPE_CHECKING:
    from .observe.stacks import ProcessStacks

_MOST_ROWS = 60
_MOST_HELPERS = 3  # that are named


def print_summary(
    path: str, findings: Sequence[Finding] = (), stacks: Sequence[ProcessStacks] = ()
) -> None:
    """Print the summary of the session at `path`, which is over, to stderr: what was wrong with it,
    and the stacks that were read of it, before all else. Raises SessionError."""
    say(summary(path, findings, stacks))


def summary(
    path: str, findings: Sequence[Finding] = (), stacks: Sequence[ProcessStacks] = ()
) -> str:
    """What `print_summary` prints. Raises SessionError."""
    wrong = list(finding_lines(findings))
    if stacks:
        from .record_stacks import stack_lines

        wrong += stack_lines(stacks)
    reader = SessionReader(path)
    try:
        if kept := list(kept_lines(reader)):
            wrong.append(Text(tr("Kept, to be run alone by `spawnscope run-alone FILE N`:")))
            wrong += map(Text, kept)
        records = plainly(reader.processes.all())
        messages = reader.messages.last_id()
        peaks = {number: sample.rss_bytes for number, sample in reader.samples.last().items()}
        names = {r.started.process: (r.changed or r.started).name for r in records}
        table = objects_table(
            plainly(reader.objects.all()),
            plainly(reader.objects.states()),
            names,
            frozenset(
                r.started.process
                for r in records
                if r.exited is not None and r.exited.exit_code == 0
            ),
        )
        lost = lost_line(reader.operations.lost())
        watched = plainly(reader.objects.watched())
        reasons = {event.process: unwatched(event) for event in watched if not event.watched}
        checked = checked_text(event.checked for event in watched if event.checked is not None)
    finally:
        reader.close()
    width = None if sys.stderr is not None and sys.stderr.isatty() else 200
    # Nothing in a text is an instruction to rich; what it draws is written by us, for it ends the
    # program when nobody reads.
    console = Console(stderr=True, highlight=False, markup=False, emoji=False, width=width)
    with console.capture() as captured:
        for line in wrong:
            console.print(line)
        _print(console, plain(path), records, peaks, table, lost, messages, reasons, checked)
    # A table fills its last column with blanks.
    return "\n".join(line.rstrip(" ") for line in captured.get().split("\n"))


def _print(
    console: Console,
    path: str,
    records: list[ProcessRecord],
    peaks: dict[int, int],
    table: Table | None,
    lost: str,
    messages: int,
    reasons: dict[int, str],
    checked: str,
) -> None:
    children: dict[int | None, list[ProcessRecord]] = defaultdict(list)
    for record in records:
        children[record.started.parent].append(record)
    root = next((r for r in records if r.started.role is Role.SUPERVISOR), None)
    shown = 0
    tree = Tree(Text("spawnscope", style="bold"), guide_style="dim")
    top = children[root.started.process if root else None]
    waiting: list[tuple[Tree, ProcessRecord | Text]] = [(tree, one) for one in reversed(top)]
    while waiting:
        branch, line = waiting.pop()
        if isinstance(line, Text):
            branch.add(line)
            continue
        shown += 1
        if shown > _MOST_ROWS:
            more = format(len(records) - 1 - _MOST_ROWS, ",")
            tree.add(Text(tr("… and {count} more", count=more), style="dim"))
            break
        process = line.started.process
        twig = branch.add(_line(line, peaks, process in reasons))
        below = children[process]
        helpers = [child for child in below if _is_idle_helper(child, children)]
        if helpers:
            waiting.append((twig, _helpers_line(helpers)))
        waiting += [(twig, child) for child in reversed(below) if child not in helpers]
    console.print(tree)
    for sentence in unseen_lines(records, reasons):
        console.print(Text(sentence, style="yellow"))
    if table is not None:
        console.print(table)
    if lost:
        console.print(Text(lost, style="dim"))
    if checked:
        console.print(Text(tr("Checked for forkserver: {result}.", result=checked), style="dim"))
    last = tr(
        "{processes}, {messages}. Session: {path}",
        processes=_counted(records),
        messages=trn("{count} message", "{count} messages", messages),
        path=path,
    )
    console.print(Text(last, style="dim"))


def _counted(records: list[ProcessRecord]) -> str:
    """How many processes there were; helpers by themselves, so that a program counts the same by
    any start method."""
    helpers = sum(role_of(record) in HELPERS for record in records)
    people = trn("{count} process", "{count} processes", len(records) - 1 - helpers)
    if not helpers:
        return people
    return tr(
        "{processes} and {helpers}",
        processes=people, helpers=trn("{count} helper", "{count} helpers", helpers),
    )  # fmt: skip


def role_of(record: ProcessRecord) -> Role:
    """What it is for, by all that is known."""
    return (record.changed or record.started).role


def _is_idle_helper(record: ProcessRecord, children: dict[int | None, list[ProcessRecord]]) -> bool:
    """Whether nobody needs a line for it."""
    return (
        role_of(record) in HELPERS
        and not children[record.started.process]
        and record.exited is not None
        and (record.exited.exit_code == 0 or record.exited.signal == "SIGTERM")
    )


def _helpers_line(helpers: list[ProcessRecord]) -> Text:
    names = [named((each.changed or each.started).name, each.started.pid) for each in helpers]
    shown = enumerated(names[:_MOST_HELPERS], max(0, len(names) - _MOST_HELPERS))
    count = trn("{count} helper", "{count} helpers", len(names))
    return Text(tr("{helpers}: {names}", helpers=count, names=shown), style="dim")


def _line(record: ProcessRecord, peaks: dict[int, int], unseen: bool) -> Text:
    started = record.changed or record.started
    line = Text(started.name, style="bold")
    line.append("  " + tr("PID {pid}", pid=record.started.pid), style="cyan")
    role = role_name(started.role)
    how = method(started.start_method, started.making)
    if how and started.role is not Role.WORKER:
        role = f"{role}, {how}"
    line.append(f"  {role}", style="dim")
    if unseen:
        line.append("  " + tr("not instrumented"), style="yellow")
    ended = record.exited
    if ended is None:
        line.append("  " + tr("no end was recorded"), style="yellow")
    else:
        good = ended.exit_code == 0 or ended.terminated_by is not None
        line.append(f"  {outcome(ended)}", style="green" if good else "red")
    rss = peaks.get(record.started.process)
    if rss:
        line.append("  " + tr("{megabytes:.0f} MB", megabytes=rss / 1e6), style="dim")
    return line
