"""Whom it concerns that something is wrong: the worst of what stands."""

from __future__ import annotations

from wrong_store import ALICE, BOB, CHECKING, MAIN, SAVINGS, SECOND, TITLE, WrongStore

from spawnscope.core.analysis.findings.concerned import Concerned
from spawnscope.core.vocabulary.findings import Severity


def test_of_several_the_worst_counts_and_only_what_stands() -> None:
    store = WrongStore()
    gone = store.since_ns + SECOND
    store.tell(
        store.other(1, Severity.HINT, "a hint"),
        store.other(2, Severity.ERROR, "it is over", resolved_ns=gone),
        store.other(3, Severity.WARNING, "a warning"),
        store.deadlock(4),
    )
    found = Concerned(store.findings)
    assert {number: one.finding for number, one in found.processes.items()} == {
        ALICE: 4, BOB: 4, MAIN: 3,
    }  # fmt: skip
    assert found.waiting == {}, "who is part of something itself does not only wait"
    assert found.objects.keys() == {SAVINGS, CHECKING}
    assert [one.finding for one in found.standing] == [4, 3, 1]
    store.tell(store.other(3, Severity.WARNING, "a warning", resolved_ns=gone))
    found = Concerned(store.findings)
    assert found.waiting.keys() == {MAIN}
    main = found.of_process(MAIN)
    assert main is not None
    assert main.title == TITLE


def test_a_wait_belongs_to_what_names_it() -> None:
    store = WrongStore()
    store.tell(store.deadlock())
    found = Concerned(store.findings)
    for process in (ALICE, BOB, MAIN):
        (deed,) = store.processes[process].doing
        assert found.of_wait(process, deed) is not None
    (deed,) = store.processes[BOB].doing
    assert found.of_wait(ALICE, deed) is None, "that is what bob waits for"
    assert found.joins(ALICE, SAVINGS)
    assert not found.joins(MAIN, SAVINGS)


def test_at_a_moment_what_was_resolved_later_stands() -> None:
    store = WrongStore()
    store.tell(store.deadlock(resolved_ns=store.since_ns + 5 * SECOND))
    assert Concerned(store.findings).processes == {}
    then = store.findings.at(store.since_ns + 4 * SECOND)
    assert Concerned(then).processes.keys() == {ALICE, BOB}
    assert len(then.standing()) == 1
    assert len(store.findings.at(store.since_ns - 1)) == 0
    assert len(store.findings.at(store.since_ns + 5 * SECOND)) == 0
