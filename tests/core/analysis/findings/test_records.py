"""Single operations are read only where counters tell of some, and not without end."""

from __future__ import annotations

from typing import Any

from written_causes import causes
from written_store import WrittenStore


class Counted(WrittenStore):
    """How many pages of the file are read."""

    pages = 0

    def page(self, *args: Any, **others: Any) -> Any:
        self.pages += 1
        return super().page(*args, **others)


def test_a_file_that_tells_of_any_number_of_failures_does_not_hold_up_whoever_opens_it() -> None:
    store = Counted()
    store.process(1, "main.py")
    for number in range(1, 301):
        store.object(number, "Queue", f"jobs-{number}")
        store.failed(number, "feed", 1, "TypeError: never sent", "Job.lock")
    found = causes(store)
    assert len(found) == 300, "those without a page are told as well"
    assert 0 < store.pages <= 200
