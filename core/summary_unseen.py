"""What `record` says at its end of processes that are not instrumented: who, why, and what that
leaves out."""

from __future__ import annotations

from collections import defaultdict

from .sentences.outcome import named
from .session.records import ProcessRecord
from .translation import enumerated, tr
from .vocabulary.events import HELPERS

_MOST_NAMED = 3  # processes


def unseen_lines(records: list[ProcessRecord], reasons: dict[int, str]) -> list[str]:
    """A line for each reason. `reasons`: why, by number of the process. All texts are plain."""
    alike: dict[str, list[str]] = defaultdict(list)
    for record in records:
        last = record.changed or record.started
        number = record.started.process
        if number in reasons and last.role not in HELPERS:
            alike[reasons[number].rstrip(".")].append(named(last.name, record.started.pid))
    return [_sentence(names, reason) for reason, names in alike.items()]


def _sentence(names: list[str], reason: str) -> str:
    people = enumerated(names[:_MOST_NAMED], max(0, len(names) - _MOST_NAMED))
    return tr(
        "Not instrumented: {people} ({reason}). What they share, and what they wait for, is not "
        "recorded.",
        people=people, reason=reason,
    )  # fmt: skip
