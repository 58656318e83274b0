"""The sentences on waits, of real programs: what each of them says has to be so."""

from __future__ import annotations

import contextlib
import os
import re
import signal
from pathlib import Path

from live import Live
from recording import record

from spawnscope.core.analysis.waits.chain import waits_of
from spawnscope.core.analysis.waits.situation import Situation
from spawnscope.core.analysis.waits.wait import Verdict, Wait
from spawnscope.core.store.session_store import SessionStore


class World:
    """A session with all programs of tests/targets/hangs.py, and what is said of them."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.store = SessionStore()
        self.processes = self.store.processes
        self.mains = {
            name: live.script("hangs", name)
            for name in (
                "recycle", "first", "lost", "several", "unpickled", "joined", "dropped", "kept",
                "stopped", "threads", "second", "relay", "forgetful", "served", "unread",
            )
        }  # fmt: skip
        self.store.open(str(live.path))
        self._taken = 0
        self._stopped: set[int] = set()

    def situation(self) -> Situation:
        """All that is known now."""
        self.store.apply(self.live.events[self._taken :])
        self._taken = len(self.live.events)
        return Situation(self.store)

    def process(self, main: int, name: str) -> int:
        """A process below `main`, or itself, by its name; 0 while there is none."""
        family = {main, *self.processes.descendants(main)} if main in self.processes else set()
        found = [number for number in family if self.processes[number].label == name]
        return found[0] if found else main if name == "main" else 0

    def wait(self, program: str, name: str) -> Wait | None:
        """What a process of a program waits for now."""
        situation = self.situation()
        waits = waits_of(situation, self.process(self.mains[program], name))
        return min(waits, key=lambda wait: wait.thread) if waits else None

    def stop_readers(self) -> None:
        """Suspend those that are to be suspended, as soon as they wait."""
        for program, name in (("stopped", "reader"), ("second", "first")):
            reader = self.process(self.mains[program], name)
            if reader not in self._stopped and reader and self.wait(program, name) is not None:
                os.kill(self.processes[reader].pid, signal.SIGSTOP)
                self._stopped.add(reader)


def said(wait: Wait | None) -> str:
    """The sentence, with PID for each pid."""
    return "" if wait is None else re.sub(r"\(\d+\)", "(PID)", wait.sentence)


# program, who waits, how it may end, what is said
SAID = [
    ("recycle", "main", Verdict.OPEN, "ForkPoolWorker-2 (PID) works on its tasks."),
    (
        "first", "main", Verdict.OPEN,
        "ForkPoolWorker-1 (PID) and ForkPoolWorker-2 (PID) work on its tasks.",
    ),
    (
        "lost", "main", Verdict.NOBODY,
        ("ForkPoolWorker-1 (PID) was killed by SIGKILL in the middle of task 2 (fall): its result "
        "never comes, and nobody else works on it."),
    ),
    (
        "several", "main", Verdict.NOBODY,
        ("ForkPoolWorker-2 (PID) was killed by SIGKILL in the middle of task 3 (fall): its result "
        "never comes, and nobody else works on it."),
    ),
    (
        "unpickled", "main", Verdict.NOBODY,
        ("A result could not be rebuilt from its pickle, and that ended the thread of the pool "
        "that takes results in: none comes any more."),
    ),
    (
        "joined", "main", Verdict.LATER,
        ("It ends when collector (PID) ends. That is not before it has sent what it put: 1 item "
        "into results is left, and nobody takes any out."),
    ),
    (
        "dropped", "main", Verdict.NOBODY,
        ("10 items put into it were never sent: logger-0 (PID) and logger-1 (PID) ended before "
        "their feeder threads had sent them."),
    ),
    (
        "kept", "reader", Verdict.OPEN,
        "hangs.py (PID) has put 1 item that has not been sent yet.",
    ),
    (
        "stopped", "reader", Verdict.PAUSED,
        "reader (PID) is suspended itself: it does not go on before it resumes.",
    ),
    (
        "second", "reader", Verdict.PAUSED,
        ("1 item is in it by the counts, but first (PID) is suspended in the middle of a get, and "
        "may have the queue's own lock: nobody gets anything before it resumes."),
    ),
    (
        "threads", "left", Verdict.DEADLOCK,
        "Deadlock: left waits for right (lock two), and right waits for left (lock one).",
    ),
    (
        "threads", "main", Verdict.DEADLOCK,
        ("It depends on a deadlock: left waits for right (lock two), and right waits for left "
        "(lock one)."),
    ),
    (
        "relay", "reader", Verdict.UNKNOWN,
        ("Both processes that ever put into it have ended: nothing more comes from there. It is "
        "not known who else could come."),
    ),
    (
        "forgetful", "main", Verdict.UNKNOWN,
        "Nobody has marked any of its items as done so far.",
    ),
    (
        "served", "main", Verdict.OPEN,
        ("SyncManager-1 (PID) answers its calls; what this one waits for there is not known."),
    ),
    (
        "unread", "writer", Verdict.OPEN,
        "Nobody has used the other end so far. hangs.py (PID) made it.",
    ),
]  # fmt: skip


def test_what_is_said_of_waits_is_so(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        world = World(live)

        def wrong() -> dict[tuple[str, str], tuple[object, ...]]:
            found = {}
            world.stop_readers()
            for program, name, verdict, sentence in SAID:
                wait = world.wait(program, name)
                told = said(wait), wait.verdict if wait is not None else None
                if told != (sentence, verdict):
                    found[program, name] = (*told, "instead of", sentence, verdict)
            return found

        with contextlib.suppress(AssertionError):
            live.until(lambda: not wrong())
        assert not wrong()
        world.store.close()


def test_a_task_of_a_moment_is_known_although_it_is_over(tmp_path: Path) -> None:
    program = tmp_path / "tasks.py"
    program.write_text(
        "import multiprocessing, time\n"
        "if __name__ == '__main__':\n"
        "    with multiprocessing.Pool(1) as pool:\n"
        "        pool.map(time.sleep, [0.2, 0], chunksize=1)\n"
    )
    done = record("--quiet", "-o", tmp_path / "s.spawnscope", program)
    assert done.returncode == 0, done.stderr.decode()
    store = SessionStore()
    store.load(str(tmp_path / "s.spawnscope"))
    reader = store.reader
    assert reader is not None
    first = next(each for _, each in reader.operations.page() if each.operation == "task")
    then = Situation(store.at((first.start_ns + first.end_ns) // 2))
    (wait,) = waits_of(then, next(row.number for row in store.processes if row.is_worker_root))
    store.close()
    assert said(wait) == "ForkPoolWorker-1 (PID) works on its tasks."
