"""Why a process ended, for the sentences of findings: what is known of it, and what is likely."""

from __future__ import annotations

from ...sentences.outcome import exception
from ...store.process_row import ProcessRow
from ...translation import tr

FAULTS = frozenset(("SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGABRT"))
"""Signals by which the kernel, or C's abort(), ends what does what it must not."""
_MEGABYTE = 1e6


def why_it_ended(row: ProcessRow) -> str:
    """A sentence on who or what ended it; "" where its outcome says all that is known."""
    if row.sent:
        return tr("It was Spawnscope that sent the signal.")
    if row.terminated_by is not None:
        return ""
    if row.signal in FAULTS:
        return tr(
            "{signal} is a fault in code that is not Python, such as an extension module.",
            signal=row.signal,
        )
    if row.signal == "SIGKILL":
        if row.sample is None:
            return tr(
                "Who sent that signal is not known: the kernel does where memory runs out, and "
                "`dmesg` tells then."
            )
        return tr(
            "Who sent that signal is not known: the kernel does where memory runs out, and "
            "`dmesg` tells then; it used {megabytes:,.0f} MB when last looked at.",
            megabytes=row.sample.rss_bytes / _MEGABYTE,
        )
    if row.signal is not None:
        return tr("Who sent that signal is not known.")
    if row.raised is not None and row.raised.type != "SystemExit":
        return tr("It raised {exception}.", exception=exception(row.raised))
    if row.raised is not None:
        return tr("It came to that by sys.exit: {exception}.", exception=exception(row.raised))
    if row.exit_code:
        return tr("It left without an exception, as os._exit and C's exit() do.")
    return ""
