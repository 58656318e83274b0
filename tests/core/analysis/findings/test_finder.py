"""Findings are told once, updated and resolved."""

from __future__ import annotations

from wrong_store import ALICE, BOB, MAIN, SECOND, WrongStore

from spawnscope.core.analysis.findings.finder import Finder
from spawnscope.core.vocabulary.findings import Finding


class TimedStore(WrongStore):
    """At a time of its own."""

    time_ns = 0

    def now_ns(self) -> int:
        return self.time_ns or super().now_ns()


def test_what_grows_old_is_told_anew() -> None:
    store, told, asked = TimedStore(), list[Finding](), list[int]()
    store.time_ns = store.since_ns + 2 * SECOND

    def tell(finding: Finding, english: Finding) -> None:
        told.append(finding)
        store.apply([finding])

    finder = Finder(store, tell, lambda: asked.append(1))
    for ask, tells in ((1, 1), (1, 1)):  # nothing is told twice
        finder.look()
        assert len(asked) == ask
        finder.looked(store.now_ns())
        assert len(told) == tells
    assert told[0].code == "deadlock"
    assert set(told[0].processes) == {ALICE, BOB}
    assert [fact.process for fact in told[0].symptoms] in ([], [MAIN])
    assert "2.0 s" in told[0].explanation
    store.time_ns = store.since_ns + 4 * SECOND
    finder.look()
    assert len(asked) == 1, "still about as old"
    store.time_ns = store.since_ns + 6 * SECOND
    finder.look()
    assert len(asked) == 2
    finder.looked(store.now_ns())
    assert len(told) == 2
    assert "6.0 s" in told[1].explanation
    assert told[1].finding == told[0].finding
