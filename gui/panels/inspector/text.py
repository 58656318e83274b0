"""The Inspector's figures and short sentences, as plain text."""

from __future__ import annotations

from spawnscope.core.analysis.inspection import Inspection
from spawnscope.core.python_command import is_python
from spawnscope.core.sentences.checking import checked_text
from spawnscope.core.sentences.making import made
from spawnscope.core.sentences.roles import role_name
from spawnscope.core.sentences.status import status_name
from spawnscope.core.store.process_row import ProcessRow
from spawnscope.core.translation import tr, trn
from spawnscope.core.vocabulary.events import OperationCount
from spawnscope.core.vocabulary.kinds import MAIN_THREAD

from ...kit.row_text import end_text, exit_text
from ...kit.text.figures import failures, memory_text
from ...kit.text.span import duration_text, span_text

_LEAST_NS = 1_000_000_000


def state_text(found: Inspection, stuck: bool) -> tuple[str, str]:
    """(its state in a word or two, the meaning of its colour in the theme). `stuck`: a finding says
    so."""
    row = found.row
    if not found.is_live:
        return end_text(row), "bad" if row.has_failed and not row.lost else "muted"
    if stuck or any(wait.verdict.is_bad for wait in found.waits):
        return tr("stuck"), "bad"
    if row.is_stopping:
        return tr("stopping"), "warning"
    if row.is_suspended:
        return tr("suspended"), "warning"
    if any(thread.waits for thread in found.threads if thread.thread == MAIN_THREAD):
        return tr("waiting"), "warning"
    return status_name(row.status), "good"


def lifetime_text(found: Inspection) -> str:
    """How long it has lived: "alive for 12 s", "lived 4.2 s". It stands beside the state, which may
    be much younger."""
    row, now = found.row, found.now_ns
    if found.is_live:
        time = rough(now - row.started_ns)
        return tr("alive for {time}", time=time) if time else tr("alive for less than 1 s")
    return tr("lived {time}", time=duration_text(row.elapsed_ns(now)))


def rough(span_ns: int) -> str:
    """A time that goes on: fractions of seconds would only flicker; "" below one second."""
    span_ns = max(0, span_ns)
    if span_ns < 10 * _LEAST_NS:
        return f"{span_ns // _LEAST_NS} s" if span_ns >= _LEAST_NS else ""
    return duration_text(span_ns)


def lasting(span_ns: int) -> str:
    """For how long something goes on."""
    time = rough(span_ns)
    return tr("for {time}", time=time) if time else tr("for less than 1 s")


def facts(found: Inspection) -> list[tuple[str, str]]:
    """What stands in the header beside the links, as pairs (name, text)."""
    row = found.row
    pairs = [("PID", str(row.pid)), (tr("Role"), role_name(row.role))]
    if row.start_method:
        pairs.append((tr("Start method"), row.start_method))
    if row.making is not None and (maker := made(row.making, row.start_method)):
        pairs.append((tr("Made by"), maker))
    interpreter = interpreter_of(row)
    if interpreter:
        pairs.append((tr("Interpreter"), interpreter))
    if row.watched is False:
        reason = row.unwatched_reason
        told = tr("not instrumented: {reason}", reason=reason) if reason else tr("not instrumented")
        pairs.append((tr("Recorder"), told))
    if row.checked is not None:
        pairs.append((tr("Checked for forkserver"), checked_text([row.checked])))
    return pairs


def unseen_text(found: Inspection) -> str:
    """Why nobody can say what it does, and what is known nevertheless."""
    reason = found.row.unwatched_reason.rstrip(".")
    why = tr("Not instrumented: {reason}.", reason=reason) if reason else tr("Not instrumented.")
    known = tr(
        "Known from outside: what it writes and uses, whom it starts, and how it ends; which pipe "
        "it is blocked in, but not which queue or lock."
    )
    return f"{why} {known}"


def interpreter_of(row: ProcessRow) -> str:
    """The Python that it runs, by its command line; "" when that is none."""
    return row.cmdline[0] if is_python(row.cmdline) else ""


def ending(found: Inspection) -> str:
    """How it ended, as a sentence; "" while it lives."""
    return "" if found.is_live else exit_text(found.row)


def count_text(totals: OperationCount) -> str:
    """How often it succeeded, with what went wrong: "1,204", "3 + 2 timed out"."""
    return ", ".join([f"{totals.count:,}", *failures(totals)])


def size_text(totals: OperationCount) -> str:
    """How many bytes were moved; "" where nobody knows."""
    return memory_text(totals.bytes) if totals.bytes else ""


def waited_text(totals: OperationCount) -> str:
    """How long it had to wait, and how often."""
    if not totals.waits:
        return ""
    return trn("{time} in {count}", "{time} in {count}", totals.waits,
               time=span_text(totals.waited_ns))  # fmt: skip
