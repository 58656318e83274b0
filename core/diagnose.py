"""`diagnose`: what was wrong in a recorded session, for a person or as JSON.

FILE --SessionStore--> findings told while it ran, and what its end shows --> stdout
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import msgspec
from rich.console import Console
from rich.text import Text

from .session.session_error import SessionError
from .summary_findings import FAILED_STATUS, finding_lines, findings_of, is_failure
from .telling import tell
from .translation import tr
from .vocabulary.findings import Finding

if TYPE_CHECKING:
    import argparse

_USAGE_STATUS = 2


def diagnose_command(options: argparse.Namespace) -> int:
    """Print what was wrong in `options.file`, as `options.json` says; returns the exit status,
    which is FAILED_STATUS where something is as bad as `options.fail_on`."""
    if options.report:
        from .report.write import report_fault, write_report

        if fault := report_fault(options.report, [options.file]):
            return tell(fault, _USAGE_STATUS)
    try:
        findings = findings_of(options.file)
    except SessionError as error:
        return tell(str(error), _USAGE_STATUS)
    if options.report:
        write_report(options.report, options.file)
    try:
        _print(findings, options.json)
    except BrokenPipeError:
        # Who read has seen enough; the interpreter must not try again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return FAILED_STATUS if is_failure(findings, options.fail_on) else 0


def _print(findings: list[Finding], as_json: bool) -> None:
    if as_json:
        text = msgspec.json.format(msgspec.json.encode(findings), indent=2).decode()
        sys.stdout.write(f"{text}\n")
    else:
        width = None if sys.stdout.isatty() else 200
        console = Console(highlight=False, markup=False, emoji=False, width=width)
        lines = list(finding_lines(findings)) or [Text(tr("Nothing was found to be wrong."))]
        with console.capture() as captured:
            for line in lines:
                console.print(line)
        sys.stdout.write(captured.get())
    sys.stdout.flush()
