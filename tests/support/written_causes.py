"""What is wrong in a state that is written down."""

from __future__ import annotations

from collections.abc import Collection

from written_store import WrittenStore

from spawnscope.core.analysis.findings.cause import Cause
from spawnscope.core.analysis.findings.kinds import FindCauses, find_all
from spawnscope.core.analysis.findings.view import View


def causes(store: WrittenStore, told: Collection[str] = ()) -> list[Cause]:
    """All that kinds of findings report of it; `told`: keys of what was told before."""
    broken: dict[FindCauses, str] = {}
    found = find_all(View(store, told=told), broken)  # type: ignore[arg-type]
    assert not broken, "\n".join(broken.values())
    return found


def codes(store: WrittenStore) -> list[str]:
    """The same, by their codes."""
    return [each.code for each in causes(store)]
