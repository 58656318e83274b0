"""What is wrong in a state that is written down."""

from __future__ import annotations

from written_store import WrittenStore

from spawnscope.core.analysis.findings.cause import Cause
from spawnscope.core.analysis.findings.kinds import find_all
from spawnscope.core.analysis.findings.view import View


def causes(store: WrittenStore) -> list[Cause]:
    """All that kinds of findings report of it."""
    return find_all(View(store))  # type: ignore[arg-type]


def codes(store: WrittenStore) -> list[str]:
    """The same, by their codes."""
    return [each.code for each in causes(store)]
