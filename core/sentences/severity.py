"""How bad a finding is, in a word."""

from __future__ import annotations

from ..translation import tr
from ..vocabulary.findings import Severity


def severity_word(severity: Severity) -> str:
    """For a person: "Error", "Warning", "Hint"."""
    return {
        Severity.ERROR: tr("Error"),
        Severity.WARNING: tr("Warning"),
        Severity.HINT: tr("Hint"),
    }[severity]
