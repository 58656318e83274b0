"""What processes write arrives whole, in order, and under the right pid."""

from __future__ import annotations

import os
import random
import signal
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from live import Live, state
from waiting import wait_until

from spawnscope.core.session.reader import SessionReader
from spawnscope.core.vocabulary.events import Role, SessionOpened, Stream
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, Output, TargetKind
from spawnscope.core.vocabulary.message import CONTINUES, REWRITTEN, UNTERMINATED, Message


def messages(live: Live, process: int | None = None) -> list[Message]:
    """All messages in the session, or those of one process."""
    reader = SessionReader(live.path)
    try:
        count = reader.messages.last_id()
        found = [
            m for start in range(1, count + 1, 20000) for m in reader.messages.page(start, 20000)
        ]
        return [m for m in found if process in (None, m.process)]
    finally:
        reader.close()


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_each_line_of_three_children_is_under_the_pid_that_wrote_it(
    tmp_path: Path, method: str
) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        root = live.script("three_children", method)
        assert live.exited(root).exit_code == 0
        pids = {e.process: e.pid for e in [live.started(root), *live.below(root)]}
        seen: dict[tuple[str, Stream], list[int]] = defaultdict(list)
        for message in messages(live):
            name, pid, *rest = message.text.split()
            assert pids[message.process] == int(pid), message
            if name != "parent":
                seen[name, message.stream].append(int(rest[-1]))
        for child in ("child-0", "child-1", "child-2"):
            assert seen[child, Stream.STDOUT] == list(range(300))
            assert seen[child, Stream.STDERR] == list(range(0, 300, 10))
        described = [live.described(e.process) for e in live.below(root)]
        children = [e for e in described if e.role is Role.CHILD]
        assert len(children) == 3
        assert {e.start_method for e in children} == {method}


def test_grandchildren_that_are_no_python_are_told_apart(tmp_path: Path) -> None:
    script = "for n in 1 2 3; do sh -c 'for i in 1 2 3 4 5; do echo $$ $i; done' & done; wait"
    with Live(tmp_path / "s.spawnscope") as live:
        root = live.launch(
            LaunchSpec(kind=TargetKind.COMMAND, target="sh", arguments=("-c", script))
        )[0]
        live.exited(root)
        pids = {e.process: str(e.pid) for e in live.below(root)}
        lines = defaultdict(list)
        for message in messages(live):
            pid, number = message.text.split()
            assert pids[message.process] == pid
            lines[pid].append(number)
        assert len(lines) == 3
        assert all(numbers == ["1", "2", "3", "4", "5"] for numbers in lines.values())


def test_twenty_writers_killed_at_random_lose_no_line_whose_write_returned(tmp_path: Path) -> None:
    # Each writer counts its finished writes in a mapped file, which outlives it.
    (tmp_path / "writer.py").write_text(
        "import mmap, os, struct, sys\n"
        "size = 8\n"
        "with open(sys.argv[1], 'r+b') as f: counter = mmap.mmap(f.fileno(), size)\n"
        "for n in range(50000):\n"
        "    os.write(1, b'line %d\\n' % n)\n"
        "    struct.pack_into('Q', counter, 0, n + 1)\n"
    )
    chance = random.Random(os.environ.get("SEED", "writers"))
    with Live(tmp_path / "s.spawnscope") as live:
        writers: dict[int, Path] = {}
        for number in range(20):
            counter = tmp_path / f"counter{number}"
            counter.write_bytes(bytes(8))
            spec = LaunchSpec(
                kind=TargetKind.SCRIPT,
                target=str(tmp_path / "writer.py"),
                arguments=(str(counter),),
            )
            writers[live.launch(spec)[0]] = counter
        doomed = {process: chance.randrange(50_000) for process in writers}

        def all_killed() -> bool:
            for process, fate in list(doomed.items()):
                if int.from_bytes(writers[process].read_bytes(), "little") >= fate:
                    live.client.signal(process, signal.SIGKILL)
                    del doomed[process]
            return not doomed

        live.until(all_killed, timeout=60)
        for process in writers:
            live.exited(process, timeout=60)
        found = defaultdict(list)
        for message in messages(live):
            if message.stream is Stream.STDOUT:
                found[message.process].append(message)
        for process, counter in writers.items():
            finished = int.from_bytes(counter.read_bytes(), "little")
            own = found[process]
            assert len(own) in (finished, finished + 1)
            assert all(m.text == f"line {n}" for n, m in enumerate(own))


def test_a_supervisor_that_is_stopped_for_a_while_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "writer.py").write_text(
        "import sys\nfor n in range(60000): sys.stdout.write('%d %s\\n' % (n, 'x' * 50))\n"
    )
    with Live(tmp_path / "s.spawnscope") as live:
        pid = live.until(lambda: live.of(SessionOpened))[0].supervisor_pid
        spec = LaunchSpec(kind=TargetKind.SCRIPT, target=str(tmp_path / "writer.py"))
        root = live.launch(spec)[0]
        live.says(root, "100 ")
        os.kill(pid, signal.SIGSTOP)
        try:
            # Nobody reads: the writer fills its socket and then waits in write().
            worker = live.started(root).pid
            seen: list[str] = []

            def blocked() -> bool:
                seen.append(f"{state(worker)}{_switches(worker)}")
                return len(seen) > 400 and len(set(seen[-400:])) == 1

            wait_until(blocked, timeout=30)
            assert state(worker) == "S"
        finally:
            os.kill(pid, signal.SIGCONT)
        assert live.exited(root).exit_code == 0
        assert [m.text.split()[0] for m in messages(live, root)] == [str(n) for n in range(60000)]


def _switches(pid: int) -> str:
    with open(f"/proc/{pid}/status") as status:
        return status.read().rpartition("voluntary_ctxt_switches:")[2].strip()


def test_odd_bytes_arrive_as_they_were_written(tmp_path: Path) -> None:
    odd = [
        b"\xff\xfe invalid",
        b"nul \0 inside",
        "日本語 и кириллица 🎉".encode(),
        b"\x1b[31mred\x1b[0m",
        b"",
    ]
    (tmp_path / "odd.py").write_text(
        f"import os\nfor line in {odd!r}: os.write(1, line + b'\\n')\nos.write(1, b'no newline')\n"
    )
    with Live(tmp_path / "s.spawnscope") as live:
        root = live.launch(LaunchSpec(kind=TargetKind.SCRIPT, target=str(tmp_path / "odd.py")))[0]
        live.exited(root)
        found = messages(live, root)
        assert [m.raw for m in found] == [*odd, b"no newline"]
        assert found[0].text == "\\xff\\xfe invalid"
        assert found[-1].flags == UNTERMINATED


def test_a_line_of_100_megabytes_comes_in_pieces_and_memory_stays_bounded(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text(
        "import os\n"
        "for n in range(1600): os.write(1, b'%07d|' % n * 8192)\n"
        "os.write(1, b'\\nend\\n')\n"
    )
    with Live(tmp_path / "s.spawnscope") as live:
        pid = live.until(lambda: live.of(SessionOpened))[0].supervisor_pid
        root = live.launch(LaunchSpec(kind=TargetKind.SCRIPT, target=str(tmp_path / "long.py")))[0]
        live.exited(root, timeout=60)
        with open(f"/proc/{pid}/status") as status:
            peak = int(status.read().partition("VmHWM:")[2].split()[0])
        assert peak < 120_000, f"{peak} kB"
        total, pieces = 0, 0
        reader = SessionReader(live.path)
        for number in range(1, reader.messages.last_id() + 1, 50):
            for message in reader.messages.page(number, 50):
                if message.text == "end":
                    continue
                total += len(message.raw)
                pieces += bool(message.flags & CONTINUES)
        reader.close()
        assert total == 1600 * 8192 * 8
        assert pieces > 1000


def test_a_progress_bar_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "bar.py").write_text(
        "import sys\nprint('begin')\n"
        "for n in range(101):\n    sys.stdout.write('\\r%3d %%' % n); sys.stdout.flush()\n"
        "sys.stdin.readline()\n"
        "print()\nprint('windows\\r')\nprint('end')\n"
    )
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    script = f"exec {sys.executable} -u {tmp_path}/bar.py <{pipe}"
    with Live(tmp_path / "s.spawnscope") as live:
        spec = LaunchSpec(kind=TargetKind.COMMAND, target="sh", arguments=("-c", script))
        root = live.launch(spec)[0]

        def open_line() -> list[str]:
            reader = SessionReader(live.path)
            try:
                return [m.text for m in reader.messages.open_lines()]
            finally:
                reader.close()

        with open(pipe, "w"):  # its end lets the program go on
            live.until(lambda: open_line() == ["100 %"], what="the unfinished line")
        live.exited(root)
        assert open_line() == []
        found = [(m.text, m.flags) for m in messages(live)]
        assert found == [("begin", 0), ("100 %", REWRITTEN), ("windows", 0), ("end", 0)]


def test_with_output_as_a_pipe_dev_stdout_can_be_opened(tmp_path: Path) -> None:
    script = "echo one > /dev/stdout; echo two > /dev/stderr; sh -c 'echo three'"
    with Live(tmp_path / "s.spawnscope") as live:
        spec = LaunchSpec(
            kind=TargetKind.COMMAND, target="sh", arguments=("-c", script), output=Output.PIPE
        )
        root = live.launch(spec)[0]
        live.exited(root)
        assert sorted(m.text for m in messages(live, root)) == ["one", "three", "two"]


def test_a_child_that_lives_for_a_moment_is_seen(tmp_path: Path) -> None:
    (tmp_path / "brief.py").write_text(
        "import os\n"
        "for n in range(50):\n"
        "    pid = os.fork()\n"
        "    if pid == 0:\n"
        "        os.write(1, b'here %d\\n' % os.getpid())\n"
        "        os._exit(n)\n"
        "    os.waitpid(pid, 0)\n"
    )
    with Live(tmp_path / "s.spawnscope") as live:
        root = live.launch(LaunchSpec(kind=TargetKind.SCRIPT, target=str(tmp_path / "brief.py")))[0]
        live.exited(root)
        below = live.below(root)
        assert len(below) == 50
        for event in below:
            assert live.exited(event.process)
        wrote = {m.process: m.text for m in messages(live)}
        assert {e.process: f"here {e.pid}" for e in below} == wrote
