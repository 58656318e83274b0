"""Findings are told once, updated and resolved."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from written_store import WrittenStore
from wrong_store import ALICE, BOB, CHECKING, MAIN, SAVINGS, SECOND, WrongStore

from spawnscope.core.analysis.findings.cause import Cause, Words
from spawnscope.core.analysis.findings.finder import Finder
from spawnscope.core.analysis.findings.looking import Looking
from spawnscope.core.analysis.findings.view import View
from spawnscope.core.store.change import StoreChange
from spawnscope.core.vocabulary.events import (
    Making,
    ObjectState,
    OperationCount,
    ProcessDoing,
    ProcessExited,
    Raised,
)
from spawnscope.core.vocabulary.findings import Finding, Severity


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

    finder = Finder(store, tell, lambda: asked.append(1), pytest.fail)
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


def test_a_confirmation_does_not_put_off_the_next_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is complete at a change is told within a second of it."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(time, "thread_time", lambda: 0.0)
    looking = Looking(Finder(WrongStore(), lambda *_: None, lambda: None, pytest.fail))
    looking.note(StoreChange(opened=True))
    looks = []
    while len(looks) < 6 and (due := looking.due_in) is not None:
        now[0] += due
        looks.append(round(now[0] - 100, 2))
        looking.look()
        looking.looked(0)
    assert looks == [0.25, 0.35, 1.1, 2.6, 6.0, 9.0]


def test_a_hint_about_one_that_ended_goes_when_something_graver_tells_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store, told = WrongStore(), list[Finding]()
    store.apply([ProcessExited(BOB, 1000 + BOB, store.since_ns + SECOND, 1, None)])

    def tell(finding: Finding, english: Finding) -> None:
        told.append(finding)
        store.apply([finding])

    def cause(code: str, *processes: int) -> Cause:
        severity = Severity.HINT if code == "crashed-worker" else Severity.ERROR
        words = Words(code, "", "")
        return Cause(code, (), lambda: words, 0, processes, severity=severity)

    finder = Finder(store, tell, lambda: None, pytest.fail)
    now: list[Cause] = []
    kinds = (lambda _: iter(now),)
    monkeypatch.setattr("spawnscope.core.analysis.findings.kinds.KINDS", kinds)
    hint, error = cause("crashed-worker", BOB), cause("lock-held-by-dead-process", ALICE, BOB)
    for now[:] in ([hint], [], [hint], [error]):
        finder.look()
        finder.looked(store.now_ns())
        finder.look()
        finder.looked(store.now_ns())
    assert [(each.code, each.resolved_ns is None) for each in told] == [
        ("crashed-worker", True),  # gone, it stands
        ("crashed-worker", True),  # the same one again, until there is more to tell
        ("lock-held-by-dead-process", True),
        ("crashed-worker", False),
    ]
    assert len({each.finding for each in told}) == 2


@pytest.mark.parametrize(
    ("errors", "exit_code", "signal", "is_resolved"),
    [(0, 0, None, True), (1, 0, None, False), (0, None, "SIGKILL", False), (0, 1, None, False)],
    ids=["released", "interrupted, caught", "killed", "interrupted"],
)
def test_what_ended_at_once_after_it_was_helped_is_resolved(
    errors: int, exit_code: int | None, signal: str | None, is_resolved: bool
) -> None:
    store, told = WrongStore(), list[Finding]()

    def tell(finding: Finding, english: Finding) -> None:
        told.append(finding)
        store.apply([finding])

    finder = Finder(store, tell, lambda: None, pytest.fail)
    finder.look()
    finder.looked(store.now_ns())
    counts = (OperationCount("acquire", 2, 1, SECOND, 0, 0, errors),)
    for number in (SAVINGS, CHECKING):
        store.apply([ObjectState(number, store.now_ns(), counts, None, (), ())])
    for process in (ALICE, BOB):
        store.apply([ProcessDoing(process, ())])
        store.apply([ProcessExited(process, 1000 + process, store.now_ns(), exit_code, signal)])
    finder.look()
    finder.looked(store.now_ns())
    assert [each.code for each in told] == ["deadlock"] * (1 + is_resolved)
    assert (told[-1].resolved_ns is not None) is is_resolved


def test_a_kind_that_fails_is_told_once_and_the_others_look_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store, told, faults = WrongStore(), list[Finding](), list[str]()

    def fails(view: View) -> Iterator[Cause]:
        yield from ()
        raise KeyError(7)

    def unsaid(view: View) -> Iterator[Cause]:
        yield Cause("suspended", (), lambda: Words("", "", {}["text"]), 0, (BOB,))

    def well(view: View) -> Iterator[Cause]:
        yield Cause("deadlock", (), lambda: Words("a title", "", ""), 0, (ALICE,))

    kinds = (fails, unsaid, well)
    monkeypatch.setattr("spawnscope.core.analysis.findings.kinds.KINDS", kinds)
    finder = Finder(
        store,
        lambda own, english: told.append(own),
        lambda: None,
        lambda sentence, trace: faults.append(f"{sentence} {trace}"),
    )
    for _ in range(3):
        finder.look()
        finder.looked(store.now_ns())
    assert [each.title for each in told] == ["a title"]
    assert ["KeyError: 7" in faults[0], "KeyError: 'text'" in faults[1]] == [True, True]
    assert len(faults) == 2


@pytest.mark.parametrize(
    ("severity", "hints"),
    [(None, 1), (Severity.ERROR, 0), (Severity.HINT, 1)],
    ids=["nothing was told", "an error about it", "a hint about it"],
)
def test_a_crash_that_held_up_others_is_not_said_at_the_end_to_have_held_up_nobody(
    severity: Severity | None, hints: int
) -> None:
    store = WrittenStore()
    store.process(MAIN, "main.py")
    store.process(BOB, "bob", parent=MAIN, making=Making("multiprocessing"))
    store.end(BOB, raised=Raised("KeyError", "'size'", "shop.py:9"))
    store.end(MAIN)
    if severity is not None:
        lock = ("lock-held-by-dead-process", severity, 0, "It ended with a lock", "", "", (BOB,))
        store.findings.apply(Finding(1, 0, *lock))
    told = Finder(store, lambda own, english: None, lambda: None, pytest.fail).finish()
    assert [each.code for each in told] == ["crashed-worker"] * hints
