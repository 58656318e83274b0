"""What is said of processes that wait: real ones, that wait for each other and for the dead."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from live import TARGETS, Live
from recording import record
from stuck import StuckPeople
from written_store import WrittenStore, times

from spawnscope.core.analysis.inspection import Inspection, inspect
from spawnscope.core.analysis.waits.chain import waits_of
from spawnscope.core.analysis.waits.parties import Relation
from spawnscope.core.analysis.waits.situation import Situation
from spawnscope.core.analysis.waits.wait import State, Verdict, Wait
from spawnscope.core.store.session_store import SessionStore


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StuckPeople]:
    with Live(tmp_path_factory.mktemp("stuck") / "s.spawnscope") as live:
        found = StuckPeople(live)
        yield found
        found.close()


def wait_of(people: StuckPeople, name: str) -> Wait:
    waits = waits_of(people.situation(), people.number(name))
    return next(wait for wait in waits if wait.thread == "MainThread")


def named(people: StuckPeople, name: str) -> str:
    row = people.processes[people.number(name)]
    return f"{row.label} ({row.pid})"


def test_two_locks_taken_in_opposite_order_are_a_deadlock(people: StuckPeople) -> None:
    wait = wait_of(people, "alice")
    assert wait.deed.phrase == "acquire lock south"
    assert wait.verdict is Verdict.DEADLOCK
    assert wait.sentence == (
        "Deadlock: alice waits for bob (lock south), and bob waits for alice (lock north)."
    )
    (party,) = wait.parties
    assert (party.process, party.relation, party.state) == (
        people.number("bob"), Relation.HOLDS, State.WAITS,
    )  # fmt: skip
    assert party.wait is not None
    assert party.wait.deed.phrase == "acquire lock north"
    (back,) = party.wait.parties
    assert (back.process, back.told, back.wait) == (people.number("alice"), True, None)


def test_a_lock_that_a_killed_process_held_is_never_free(people: StuckPeople) -> None:
    wait = wait_of(people, "teller")
    assert wait.verdict is Verdict.NOBODY
    clerk = named(people, "clerk")
    assert wait.sentence == (
        f"Held by {clerk}, which was killed by SIGKILL: nobody can release it."
    )


def test_a_consumer_is_told_that_all_producers_have_ended(people: StuckPeople) -> None:
    wait = wait_of(people, "consumer")
    assert wait.verdict is Verdict.NOBODY
    assert wait.sentence == (
        "Both processes that ever put into it have ended: nothing more comes from there."
    )
    told = [(people.processes[each.process].name, each.count, each.state) for each in wait.parties]
    assert told == [("producer-1", 4, State.ENDED), ("producer-2", 2, State.ENDED)]


def test_both_ends_of_a_pipe_that_listen_wait_for_each_other(people: StuckPeople) -> None:
    wait = wait_of(people, "caller")
    assert wait.verdict is Verdict.DEADLOCK
    assert {number for number, _ in wait.circle} == {
        people.number("caller"), people.number("callee"),
    }  # fmt: skip


def test_what_nobody_is_known_to_end_is_no_deadlock(people: StuckPeople) -> None:
    push = wait_of(people, "pusher")
    assert push.verdict is Verdict.UNKNOWN
    assert push.sentence == "Nobody has taken anything out so far."
    idle = wait_of(people, "idler")
    assert idle.verdict is Verdict.LATER
    assert [each.relation for each in idle.parties] == [Relation.MADE]
    assert idle.sentence.startswith("Nobody has ended such a wait so far.")


def test_a_join_leads_to_the_process_and_on_to_what_that_waits_for(people: StuckPeople) -> None:
    wait = wait_of(people, "stuck_people.py")
    assert wait.deed.operation == "join"
    assert wait.verdict is Verdict.LATER
    (party,) = wait.parties
    assert (party.process, party.relation) == (people.number("idler"), Relation.RUNS)
    assert wait.sentence == f"It ends when {named(people, 'idler')} ends, which waits itself."
    assert party.wait is not None
    assert party.wait.deed.phrase == "wait for event never"


def test_a_suspended_holder_is_named_as_such(people: StuckPeople) -> None:
    bob = people.number("bob")
    os.kill(people.processes[bob].pid, signal.SIGSTOP)
    try:
        people.live.until(
            lambda: (people.take_in(), people.processes[bob].is_suspended)[1], what="its suspension"
        )
        wait = wait_of(people, "alice")
        assert wait.verdict is Verdict.PAUSED
        assert "which is suspended" in wait.sentence
    finally:
        os.kill(people.processes[bob].pid, signal.SIGCONT)
    people.live.until(
        lambda: (people.take_in(), not people.processes[bob].is_suspended)[1], what="it goes on"
    )


def made_up(*doing: tuple[int, str, int], puts: list[tuple[int, int]]) -> Situation:
    """Processes 1 to 3 and the queues 1 and 2; what each is in, and who has put into which."""
    store = WrittenStore()
    for number in (1, 2):
        store.object(number, "Queue", f"q{number}")
        store.used(number, {process: [times("put", 1)] for process, q in puts if q == number})
    for number in (1, 2, 3):
        store.process(number)
    for process, operation, number in doing:
        store.doing(process, operation, number)
    return Situation(store)


def test_processes_that_get_from_each_other_are_a_deadlock() -> None:
    situation = made_up((1, "get", 1), (2, "get", 2), puts=[(2, 1), (1, 2)])
    (wait,) = waits_of(situation, 1)
    assert wait.verdict is Verdict.DEADLOCK
    assert wait.sentence == "Deadlock: p1 waits for p2 (q1), and p2 waits for p1 (q2)."


def test_one_that_runs_keeps_a_circle_from_being_a_deadlock() -> None:
    situation = made_up((1, "get", 1), (2, "get", 2), puts=[(2, 1), (1, 2), (3, 2)])
    (wait,) = waits_of(situation, 1)
    assert wait.verdict is Verdict.LATER
    assert wait.parties[0].wait is not None
    assert wait.parties[0].wait.verdict is Verdict.OPEN


def test_who_alone_uses_a_queue_in_both_directions_is_no_deadlock() -> None:
    situation = made_up((1, "get", 1), puts=[(1, 1)])
    (wait,) = waits_of(situation, 1)
    assert wait.verdict is Verdict.UNKNOWN
    assert wait.sentence == "Nobody but this process itself put into it so far."


def test_a_look_at_many_who_all_wait_for_each_other_takes_no_age() -> None:
    store = WrittenStore()
    everybody = {number: [times("put", 1)] for number in range(1, 201)}
    for number in range(1, 101):
        store.object(number, "Queue", f"q{number}")
        store.used(number, everybody)
    for number in everybody:
        store.process(number)
        store.doing(number, "get", 1 + number % 100)
    situation = Situation(store)
    begin = time.process_time()
    (wait,) = waits_of(situation, 1)
    assert time.process_time() - begin < 1
    assert wait.verdict is Verdict.DEADLOCK
    assert len(wait.parties) + wait.more == 200


def inspected(people: StuckPeople, name: str) -> Inspection:
    number = people.number(name)
    situation, reader = people.situation(), people.store.reader
    assert reader is not None
    found = inspect(
        situation, number, people.store.counters(number),
        lambda held: reader.operations.held_since(held, number, situation.now_ns),
    )  # fmt: skip
    assert found is not None
    return found


def test_what_a_process_holds_has_a_beginning(people: StuckPeople) -> None:
    found = inspected(people, "alice")
    (held,) = found.holds
    assert (held.phrase, held.thread) == ("lock north", "MainThread")
    assert held.since_ns is not None
    assert found.row.started_ns < held.since_ns < found.waits[0].deed.since_ns
    assert held.waiters == ((people.number("bob"), "MainThread"),)


def test_threads_and_uses_are_listed(people: StuckPeople) -> None:
    found = inspected(people, "consumer")
    (thread,) = found.threads
    assert [deed.operation for deed in thread.deeds] == ["run", "get"]
    assert thread.waits
    assert found.parent is not None
    assert found.parent.number == people.main
    assert found.worker is not None
    assert found.worker.number == people.main
    assert [(use.label, use.totals.operation, use.totals.count) for use in found.uses] == [
        ("jobs", "get", 6)
    ]
    waited_ns = found.now_ns - thread.innermost.since_ns
    assert found.uses[0].totals.waited_ns >= waited_ns, "the get that goes on"


def test_a_moment_of_the_past_is_told_as_it_was(people: StuckPeople) -> None:
    """While the clerk lived and nobody yet waited for the ledger."""
    clerk = people.processes[people.number("clerk")]
    began = clerk.started_ns + 1
    before = Situation(people.store.at(began))
    assert before.lives(clerk.number)
    assert not before.lives(people.number("teller"))
    assert before.waits(people.number("teller")) == []
    now = people.situation().now_ns
    later = Situation(people.store.at(now))
    (wait,) = waits_of(later, people.number("teller"))
    assert wait.verdict is Verdict.NOBODY


def test_last_words_are_told_as_of_the_end(people: StuckPeople) -> None:
    """Runs last: it ends the two of the deadlock, together."""
    alice, bob = people.number("alice"), people.number("bob")
    for number in (alice, bob):
        os.kill(people.processes[number].pid, signal.SIGKILL)
    people.live.until(
        lambda: (
            people.take_in(),
            not people.processes[alice].is_live and not people.processes[bob].is_live,
        )[1]
    )
    ended = people.processes[alice].ended_ns
    assert ended is not None
    then = Situation(people.store, ended)
    (wait,) = waits_of(then, alice)
    assert wait.verdict is Verdict.DEADLOCK


def test_what_a_thread_waited_in_is_found_among_the_operations(tmp_path: Path) -> None:
    """In the middle of the wait of "rival" for the lock that "holder" holds."""
    program = TARGETS / "timeline_story.py"
    done = record("--quiet", "-o", tmp_path / "s.spawnscope", program)
    assert done.returncode == 0, done.stderr.decode()
    store = SessionStore()
    store.load(str(tmp_path / "s.spawnscope"))
    reader = store.reader
    assert reader is not None
    names = {row.name: row.number for row in store.processes}
    (acquired,) = [
        each
        for _, each in reader.operations.page(processes=(names["rival"],))
        if each.operation == "acquire"
    ]
    middle = acquired.end_ns - acquired.waited_ns // 2
    then = Situation(store.at(middle))
    (wait,) = waits_of(then, names["rival"])
    assert wait.deed.phrase == "acquire lock gate"
    assert wait.deed.since_ns == acquired.start_ns
    assert then.waits(names["holder"]) == []
    after = Situation(store.at(acquired.end_ns))
    assert after.waits(names["rival"]) == []
    store.close()
