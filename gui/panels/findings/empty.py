"""What stands where there is no finding."""

from __future__ import annotations

from spawnscope.core.store.store import Store
from spawnscope.core.translation import mark, tr

_LOOKED_FOR = mark(
    "Looked for while programs run: deadlocks, locks that the dead still hold, lost tasks and\n"
    "items, waits that nobody can end any more, and what was left behind."
)
_WHOLE = mark(
    "Looked for in all of it: deadlocks, locks that the dead still hold, lost tasks and items,\n"
    "waits that nobody could end any more, and what was left behind."
)
_NO_PROOF = mark(
    "Of a program that is stuck nevertheless, the Inspector says what each process waits for."
)


def why_empty(store: Store) -> tuple[str, str]:
    """A title, and what is looked for."""
    if store.moment_ns is not None:
        return tr("Nothing was wrong at this moment"), tr(_LOOKED_FOR)
    if store.live:
        return tr("Nothing was found to be wrong so far"), f"{tr(_LOOKED_FOR)}\n{tr(_NO_PROOF)}"
    return tr("Nothing was found to be wrong"), tr(_WHOLE)
