"""What runs, as a person would say it: by worker, with how many processes each has."""

from __future__ import annotations

from collections import Counter

from ..store.processes import ProcessTable
from ..vocabulary.events import HELPERS, Role

_APART = HELPERS | {Role.SUPERVISOR}


def running(table: ProcessTable) -> dict[str, int]:
    """How many processes live of each worker, by its name; those of workers with one name
    together. What belongs to no worker is there under its own name; the supervisor and helpers of
    multiprocessing are not counted."""
    names = {row.worker: row.label for row in table if row.is_worker_root and row.worker}
    found: Counter[str] = Counter()
    for row in table:
        if row.is_live and row.role not in _APART:
            found[names.get(row.worker or 0, row.label)] += 1
    return dict(found)
