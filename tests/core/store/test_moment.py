"""A real program at moments of its past, against a naive replay of what its file tells."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from live import Live
from older_session import as_version

from spawnscope.core.session.reader import SessionReader
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.store.store import Store
from spawnscope.core.vocabulary.kinds import UNTOLD
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind
from spawnscope.core.vocabulary.operation import Operation

PROGRAM = """
import multiprocessing as mp
import os

def keep(door, inside):
    with door:
        inside.put("in")
        open("gate").read()

def want(door, done):
    with door:
        done.put("at last")

if __name__ == "__main__":
    mp.set_start_method("fork")
    os.mkfifo("gate")
    door, inside, done = mp.Lock(), mp.Queue(), mp.Queue()
    keeper = mp.Process(target=keep, args=(door, inside), name="keeper")
    keeper.start()
    inside.get()
    wanter = mp.Process(target=want, args=(door, done), name="wanter")
    wanter.start()
    print("both", flush=True)
    done.get()
    keeper.join()
    wanter.join()
    late = mp.Event()
    late.set()
"""


class Recorded:
    """The program's session. `stuck_ns`: a moment at which wanter waited for keeper, and the
    supervisor had noted that."""

    def __init__(self, folder: Path) -> None:
        self.path = str(folder / "s.spawnscope")
        (folder / "program.py").write_text(PROGRAM)
        spec = LaunchSpec(
            kind=TargetKind.SCRIPT, target=str(folder / "program.py"), cwd=str(folder)
        )
        with Live(Path(self.path)) as live:
            (main,) = live.launch(spec)
            live.says(main, "both")
            self.stuck_ns = live.until(self._noted, what="that wanter waits is noted")
            (folder / "gate").write_text("")
            live.exited(main)

    def _noted(self) -> int:
        """When the lock's state was last put into the history, if it had a holder and a waiter by
        then; what is newer may be put there, or not. 0 before that."""
        reader = SessionReader(self.path)
        try:
            for made in reader.objects.all():
                series = reader.history.series(made.object, 0, 1 << 62, 1)
                if made.type != "Lock" or not series:
                    continue
                last = series[-1][0]
                states = {state.object: state for state in reader.history.states_noted(last)}
                if states[made.object].holders and states[made.object].waiters:
                    return last
            return 0
        finally:
            reader.close()


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return Recorded(tmp_path_factory.mktemp("moment"))


@pytest.fixture
def store(recorded: Recorded) -> Iterator[SessionStore]:
    store = SessionStore()
    store.load(recorded.path)
    yield store
    store.close()


@pytest.fixture(scope="module")
def old(recorded: Recorded, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same, as version 2 had it."""
    path = tmp_path_factory.mktemp("old") / "s.spawnscope"
    shutil.copy(recorded.path, path)
    connection = sqlite3.connect(path)
    for table in ("operation_of_object", "operation_site", "object_history", "counter_history"):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("CREATE INDEX operation_on_object ON operation (object, id)")
    as_version(connection, 2)
    connection.commit()
    connection.close()
    return str(path)


def all_operations(store: SessionStore) -> list[Operation]:
    assert store.reader is not None
    return [each for _, each in store.reader.operations.page(limit=100_000)]


def moments(store: SessionStore, stuck_ns: int) -> list[int]:
    """Just before, at and just after each start, end and birth; the moment of the wait; others."""
    turns = {row.started_ns for row in store.processes}
    turns |= {row.ended_ns for row in store.processes if row.ended_ns is not None}
    turns |= {row.created_ns for row in store.objects}
    first, last = min(turns), max(turns)
    evenly = [first + (last - first) * part // 9 for part in range(10)]
    return sorted({each + off for each in turns for off in (-1, 0, 1)} | {stuck_ns, *evenly})


def check_people(store: SessionStore, then: Store, moment: int) -> None:
    """Who had started, who lived, what there was: from the rows of the end alone."""
    assert {row.number for row in then.processes} == {
        row.number for row in store.processes if row.started_ns <= moment
    }
    assert {row.number for row in then.processes if row.is_live} == {
        row.number
        for row in store.processes
        if row.started_ns <= moment and (row.ended_ns is None or row.ended_ns > moment)
    }
    assert then.processes.live_count == sum(row.is_live for row in then.processes)
    assert {row.number for row in then.objects} == {
        row.number for row in store.objects if row.created_ns <= moment
    }


def test_who_had_started_and_what_there_was(store: SessionStore, recorded: Recorded) -> None:
    seen = set()
    for moment in moments(store, recorded.stuck_ns):
        then = store.at(moment)
        check_people(store, then, moment)
        assert then.moment_ns == then.now_ns() == moment
        assert then.session is store
        seen.add((len(then.processes), then.processes.live_count, len(then.objects)))
    assert (0, 0, 0) in seen
    assert len(seen) > 6, "it went step by step"


def test_who_waited_and_who_held(store: SessionStore, recorded: Recorded) -> None:
    then = store.at(recorded.stuck_ns)
    named = {row.name: row for row in then.processes}
    door = next(row for row in then.objects if row.type == "Lock")
    assert [process for process, _ in door.holders] == [named["keeper"].number]
    assert [process for process, _ in door.waiters] == [named["wanter"].number]
    acquire = next(
        each for each in all_operations(store)
        if each.object == door.number and each.process == named["wanter"].number
    )  # fmt: skip
    assert [(deed.operation, deed.object, deed.since_ns) for deed in named["wanter"].doing] == [
        ("acquire", door.number, acquire.start_ns)
    ]
    over = store.objects[door.number]
    assert (over.holders, over.waiters) == ((), ())


def test_what_each_thread_waited_in(store: SessionStore, recorded: Recorded) -> None:
    waits = [each for each in all_operations(store) if each.waited_ns > 1_000_000 and each.object]
    assert waits
    for each in waits:
        moment = (each.start_ns + each.end_ns) // 2
        row = store.at(moment).processes[each.process]
        doing = {(deed.thread, deed.operation, deed.object, deed.since_ns) for deed in row.doing}
        assert (each.thread, each.operation, each.object, each.start_ns) in doing
        after = store.at(each.end_ns + 1).processes.get(each.process)
        assert after is not None
        assert each.start_ns not in {deed.since_ns for deed in after.doing}


def test_what_was_counted_by_then(store: SessionStore, recorded: Recorded) -> None:
    """A total is of what was over by then; what was noted late is not in it, nothing is twice."""
    operations = [each for each in all_operations(store) if each.object]
    known = {(each.object, each.process, each.operation) for each in operations}
    before: Counter[tuple[int, int, str]] = Counter()
    for moment in moments(store, recorded.stuck_ns):
        over = Counter(
            (each.object, each.process, each.operation)
            for each in operations
            if each.outcome == "ok" and each.end_ns <= moment
        )
        then = store.at(moment)
        counted: Counter[tuple[int, int, str]] = Counter()
        for number, process, count in then.counters():
            counted[number, process, count.operation] += count.count
        for key in known:
            assert before[key] <= counted[key] <= over[key], (key, moment)
        for row in then.objects:
            of_object = Counter({c.operation: c.count for c in row.counts})
            for operation, count in of_object.items():
                if operation not in UNTOLD:
                    assert count <= sum(
                        times for key, times in over.items() if key[::2] == (row.number, operation)
                    )
            used = [(process, count.operation) for process, count in then.users_of(row.number)]
            assert len(used) == len(set(used))
        before = counted
    last = max(moments(store, recorded.stuck_ns)) + 10**10
    final = {(o, p, c.operation): c.count for o, p, c in store.at(last).counters()}
    assert final == {(o, p, c.operation): c.count for o, p, c in store.counters()}
    assert {key: final[key] for key in known} == Counter(
        (each.object, each.process, each.operation) for each in operations if each.outcome == "ok"
    )


def test_rows_of_the_end_stay_as_they_are(store: SessionStore, recorded: Recorded) -> None:
    rows, objects = list(store.processes), list(store.objects)
    for moment in moments(store, recorded.stuck_ns):
        store.at(moment)
    assert (list(store.processes), list(store.objects)) == (rows, objects)
    assert store.at(None) is store


def test_what_an_old_session_does_not_know_of_a_moment_is_not_made_up(
    recorded: Recorded, old: str
) -> None:
    store = SessionStore()
    store.load(old)
    try:
        assert store.reader is not None
        assert not store.reader.history.knows_moments
        door = next(row for row in store.objects if row.type == "Lock")
        assert door.counts, "of its end it knows"
        for moment in moments(store, recorded.stuck_ns):
            then = store.at(moment)
            check_people(store, then, moment)
            assert then.counters() == [
                count for count in store.counters() if count[0] in then.objects
            ], "totals are those of the end"
            assert then.counters_before(10**9) is None
            for row in then.objects:
                end = store.objects[row.number]
                assert row.counts == end.counts
                if end.state_ns > moment:
                    assert (row.depth, row.holders, row.waiters) == (None, (), ())
                assert (row.inward, row.outward) == (None, None), "nobody can tell"
        wanter = next(row for row in store.at(recorded.stuck_ns).processes if row.name == "wanter")
        assert [deed.operation for deed in wanter.doing] == ["acquire"], "that stands in a row"
    finally:
        store.close()
