"""What came of checking the starts of processes for forkserver, in one line."""

from __future__ import annotations

from collections.abc import Iterable

from ..translation import tr, trn
from ..vocabulary.checking import Checked


def checked_text(all_of: Iterable[Checked]) -> str:
    """Of the processes of a program: how much was checked; "" if nothing was to be."""
    told = list(all_of)
    if not told:
        return ""
    places = trn(
        "{count} place that starts processes or submits tasks",
        "{count} places that start processes or submit tasks",
        sum(one.places for one in told),
    )
    found = len({(each.kind, each.name, each.why) for one in told for each in one.breakages})
    things = tr("nothing found")
    if found:
        things = trn("{count} thing would break", "{count} things would break", found)
    failed = sum(one.failed for one in told)
    if failed:
        return tr(
            "{places}, {things}, {count} times it could not be checked",
            places=places, things=things, count=failed,
        )  # fmt: skip
    return tr("{places}, {things}", places=places, things=things)
