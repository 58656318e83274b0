"""What was wrong in a session that is over: what was told while it went on, and what only its end
shows."""

from __future__ import annotations

from collections.abc import Callable

from ...store.findings import by_weight
from ...store.session_store import SessionStore
from ...vocabulary.findings import Finding
from .finder import Finder


def find_afterwards(store: SessionStore, fault: Callable[[str, str], object]) -> list[Finding]:
    """All findings of a store that has loaded a session, the worst first; those that are new are
    given to the store. `fault`: see `Finder`. Raises SessionError."""

    def tell(finding: Finding, english: Finding) -> None:
        store.apply([finding])

    Finder(store, tell, lambda: None, fault).finish()
    return by_weight(store.findings)
