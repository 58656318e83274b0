"""What `record` prints at the end: the tree of processes, how each ended, what they shared, where
the session is.

rich draws it: in colour on a terminal, as plain text elsewhere.
"""

from __future__ import annotations

import sys
from collections import defaultdict

from rich.console import Console
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from .plain_text import plain, plainly
from .sentences.making import method
from .sentences.outcome import outcome
from .sentences.roles import role_name
from .session.reader import SessionReader
from .session.records import ProcessRecord
from .summary_objects import lost_line, objects_table
from .telling import say
from .translation import tr, trn
from .vocabulary.events import Role

_MOST_ROWS = 60


def print_summary(path: str) -> None:
    """Print the summary of the session at `path`, which is over, to stderr. Raises SessionError."""
    say(summary(path))


def summary(path: str) -> str:
    """What `print_summary` prints. Raises SessionError."""
    reader = SessionReader(path)
    try:
        records = plainly(reader.processes.all())
        messages = reader.messages.last_id()
        peaks = {number: sample.rss_bytes for number, sample in reader.samples.last().items()}
        names = {r.started.process: (r.changed or r.started).name for r in records}
        table = objects_table(
            plainly(reader.objects.all()), plainly(reader.objects.states()), names
        )
        lost = lost_line(reader.operations.lost())
    finally:
        reader.close()
    width = None if sys.stderr is not None and sys.stderr.isatty() else 200
    # Nothing in a text is an instruction to rich; what it draws is written by us, for it ends the
    # program when nobody reads.
    console = Console(stderr=True, highlight=False, markup=False, emoji=False, width=width)
    with console.capture() as captured:
        _print(console, plain(path), records, peaks, table, lost, messages)
    return captured.get()


def _print(
    console: Console,
    path: str,
    records: list[ProcessRecord],
    peaks: dict[int, int],
    table: Table | None,
    lost: str,
    messages: int,
) -> None:
    children: dict[int | None, list[ProcessRecord]] = defaultdict(list)
    for record in records:
        children[record.started.parent].append(record)
    root = next((r for r in records if r.started.role is Role.SUPERVISOR), None)
    shown = 0
    tree = Tree(Text("spawnscope", style="bold"), guide_style="dim")
    waiting = [(tree, record) for record in children[root.started.process if root else None]]
    waiting.reverse()
    while waiting:
        branch, record = waiting.pop()
        shown += 1
        if shown > _MOST_ROWS:
            more = format(len(records) - 1 - _MOST_ROWS, ",")
            tree.add(Text(tr("… and {count} more", count=more), style="dim"))
            break
        twig = branch.add(_line(record, peaks))
        for child in reversed(children[record.started.process]):
            waiting.append((twig, child))
    console.print(tree)
    if table is not None:
        console.print(table)
    if lost:
        console.print(Text(lost, style="dim"))
    last = tr(
        "{processes}, {messages}. Session: {path}",
        processes=trn("{count} process", "{count} processes", len(records) - 1),
        messages=trn("{count} message", "{count} messages", messages),
        path=path,
    )
    console.print(Text(last, style="dim"))


def _line(record: ProcessRecord, peaks: dict[int, int]) -> Text:
    started = record.changed or record.started
    line = Text(started.name, style="bold")
    line.append("  " + tr("PID {pid}", pid=record.started.pid), style="cyan")
    role = role_name(started.role)
    how = method(started.start_method, started.making)
    if how and started.role is not Role.WORKER:
        role = f"{role}, {how}"
    line.append(f"  {role}", style="dim")
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
