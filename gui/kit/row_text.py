"""What processes and objects are called, what they do and how they ended, in words.

Rows of the store in, plain text out: whatever panel shows a row says the same of it.
"""

from __future__ import annotations

from spawnscope.core.store.doing import by_thread, foremost
from spawnscope.core.store.object_row import ObjectRow
from spawnscope.core.store.process_row import ProcessRow
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.translation import enumerated, mark, tr
from spawnscope.core.vocabulary.kinds import MAIN_THREAD

from .text.span import duration_text

NOT_WATCHED = mark("not instrumented")
_LEAST = 1_000_000_000  # ns; shorter waits come and go faster than they can be read
# Whether it failed, was in something, and held something.
_ENDS = {
    (False, True, False): mark("ended in {deed}"),
    (False, False, True): mark("ended holding {objects}"),
    (False, True, True): mark("ended in {deed}, holding {objects}"),
    (True, True, False): mark("died in {deed}"),
    (True, False, True): mark("died holding {objects}"),
    (True, True, True): mark("died in {deed}, holding {objects}"),
}


def exact_name(processes: ProcessTable, number: int) -> str:
    """A process by name and pid: "worker (1234)"."""
    row = processes.get(number)
    return tr("process {number}", number=number) if row is None else f"{row.label} ({row.pid})"


def thread_name(processes: ProcessTable, who: tuple[int, str]) -> str:
    """A thread of a process: "worker (1234), Thread-1"; the main one by its process alone."""
    process, thread = who
    name = exact_name(processes, process)
    return name if thread in ("", MAIN_THREAD) else f"{name}, {thread}"


def exit_text(row: ProcessRow) -> str:
    """How a process ended, as a sentence; "" while it lives."""
    if row.is_live:
        return ""
    if row.outcome:
        return row.outcome
    if row.signal:
        return tr("killed by {signal}", signal=row.signal)
    return tr("ended") if row.exit_code is None else tr("exited with {code}", code=row.exit_code)


def end_text(row: ProcessRow) -> str:
    """How a process has ended, in a word or two."""
    if row.lost:
        return tr("ended with the session")
    if row.terminated_by is not None:
        killed = row.signal == "SIGKILL"
        return tr("killed by its parent") if killed else tr("terminated by its parent")
    if row.signal is not None:
        return tr("killed by {signal}", signal=row.signal)
    return tr("exit code {code}", code=row.exit_code) if row.exit_code else tr("ended")


def doing_text(row: ProcessRow, now_ns: int) -> str:
    """What the process is in, "get from jobs, 3.2 s  +2"; how it ended in it, once it has."""
    if not row.is_live:
        return _end_text(row) or (tr(NOT_WATCHED) if row.watched is False else "")
    deed = foremost(row.doing)
    if deed is None:
        return tr(NOT_WATCHED) if row.watched is False else ""
    text = deed.phrase
    elapsed = deed.elapsed_ns(now_ns)
    if elapsed >= _LEAST:
        text += f", {duration_text(elapsed)}"
    others = len(by_thread(row.doing)) - 1
    return f"{text}  +{others}" if others else text


def _end_text(row: ProcessRow) -> str:
    deed = foremost(row.doing)
    values = {} if deed is None else {"deed": deed.phrase}
    if deed is not None and deed.operation == "idle":  # "idle in pool": no call that it was in
        if not row.held:
            sentence = mark("died, {deed}") if row.has_failed else mark("ended, {deed}")
            return tr(sentence, **values)
        values = {}
    if row.held:
        values["objects"] = enumerated(list(row.held))
    said = _ENDS.get((row.has_failed, "deed" in values, "objects" in values))
    return tr(said, **values) if said else ""


def depth_text(row: ObjectRow) -> str:
    """ "7" or "7 / 10"; "" where there are no items."""
    if row.depth is None:
        return tr("not known") if row.is_not_all_seen else ""
    return f"{row.depth:,} / {row.capacity:,}" if row.capacity else f"{row.depth:,}"
