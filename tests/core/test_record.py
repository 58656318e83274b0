"""`record`: TARGET runs as it would without us; its signals, its terminal, its end."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from live import TARGETS
from processes import is_alive
from recording import TIMEOUT, Recording, Terminal, all_gone, kill_group, record, spawnscope
from waiting import wait_until

pytestmark = pytest.mark.usefixtures("home")

COUNTING = """
import os, signal, sys, time
count = 0
def note(number, frame):
    global count
    count += 1
    print("got", signal.Signals(number).name, flush=True)
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, note)
print("ready", flush=True)
while not count:
    time.sleep(0.01)
time.sleep(0.3)  # a second one would come now
print("cleaned up", flush=True)
sys.exit(40 + count)
"""


@pytest.fixture
def counting(tmp_path: Path) -> Path:
    """A script that exits with 40 and the number of signals that it got."""
    script = tmp_path / "counting.py"
    script.write_text(COUNTING)
    return script


def shell(script: str, *arguments: str) -> tuple[str, ...]:
    """TARGET: a line for sh."""
    return ("--", "sh", "-c", script, *arguments)


# The exit status


@pytest.mark.parametrize(
    ("script", "status"),
    [("exit 0", 0), ("exit 3", 3), ("kill -KILL $$", 137), ("kill -TERM $$", 143)],
)
def test_the_exit_status_is_that_of_the_target(script: str, status: int) -> None:
    assert record("--quiet", *shell(script)).returncode == status


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_of_several_workers_the_first_failure_is_the_exit_status(
    tmp_path: Path, method: str
) -> None:
    (tmp_path / "jobs.py").write_text(
        "import os, sys\n"
        "def job(*args, **kwargs):\n"
        "    number = int(os.environ['SPAWNSCOPE_WORKER'].partition(':')[2])\n"
        "    print(f'{number} {args} {kwargs}\\n', end='')\n"  # whole, however others write
        "    sys.exit(6 if number == 2 else 0)\n"
    )
    done = record(
        "--quiet", "--count", 3, "--start-method", method, "--arg", "[1]", "--kwarg", "a=b",
        "jobs:job", "x", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 6
    expected = [f"{number} ('x', [1]) {{'a': 'b'}}" for number in (1, 2, 3)]
    assert sorted(done.stdout.decode().splitlines()) == expected


# What goes in


@pytest.mark.parametrize(
    ("plumbing", "expected"),
    [("echo hello |", b"<hello>\n"), ("", b"<>\n"), ("</dev/null", b"<>\n"), ("<&-", b"<>\n")],
)
def test_stdin_is_passed_through(plumbing: str, expected: bytes) -> None:
    before, after = (plumbing, "") if plumbing.endswith("|") else ("", plumbing)
    command = spawnscope("record", "--quiet", *shell('read line; echo "<$line>"'))
    done = subprocess.run(
        ["sh", "-c", f'{before} exec "$@" {after}', "sh", *command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=TIMEOUT,
    )
    assert (done.stdout, done.stderr) == (expected, b"")


def test_the_environment_is_ours_but_for_spawnscopes_own_variables(tmp_path: Path) -> None:
    script = tmp_path / "show.py"
    script.write_text(
        "import os\nos.write(1, b'\\0'.join(b'='.join(p) for p in os.environb.items()))"
    )
    environment = {**os.environ, "ODD": os.fsdecode(b"\xff\n")}
    for name in ("PYTHONUNBUFFERED", "PYTHONPATH"):
        environment.pop(name, None)
    plain = subprocess.run([sys.executable, script], env=environment, capture_output=True).stdout
    done = record("--quiet", script, env=environment).stdout
    before, after = set(plain.split(b"\0")), set(done.split(b"\0"))
    assert before - after == set()
    added = {variable.partition(b"=")[0] for variable in after - before}
    assert added == {
        b"PYTHONPATH",
        b"SPAWNSCOPE_OUTPUT",
        b"SPAWNSCOPE_PROBE",
        b"SPAWNSCOPE_PROBE_OPTIONS",
        b"SPAWNSCOPE_WORKER",
    }
    done = record(
        "--quiet", "--no-probe", script, env={**environment, "PYTHONPATH": "/ours"}
    ).stdout
    added = {pair.partition(b"=")[0] for pair in set(done.split(b"\0")) - before}
    assert added == {b"PYTHONPATH", b"PYTHONUNBUFFERED", b"SPAWNSCOPE_WORKER"}
    assert b"PYTHONPATH=/ours" in done.split(b"\0")
    done = record("--quiet", script, env={**environment, "PYTHONPATH": "/ours"}).stdout
    (path,) = (pair for pair in done.split(b"\0") if pair.startswith(b"PYTHONPATH="))
    assert path.endswith(b":/ours")


# Signals


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_passed_on_once_and_the_target_cleans_up(
    counting: Path, number: signal.Signals
) -> None:
    with Recording("--quiet", counting) as recording:
        recording.says(b"ready")
        recording.process.send_signal(number)
        status, out, err = recording.finish()
    assert out.decode().split("\n") == ["ready", f"got {number.name}", "cleaned up", ""]
    assert (status, err) == (41, b"")


def test_what_was_ignored_stays_ignored(counting: Path) -> None:
    def as_nohup_does() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    target = shell("echo ready; read line; kill -HUP $$; echo survived")
    with Recording(*target, preexec_fn=as_nohup_does, stdin=subprocess.PIPE) as recording:
        recording.says(b"ready")
        recording.process.send_signal(signal.SIGHUP)
        assert recording.process.stdin is not None
        recording.process.stdin.write(b"\n")
        recording.process.stdin.flush()
        status, out, _ = recording.finish()
    assert (status, out) == (0, b"ready\nsurvived\n")


# At a terminal


def test_ctrl_c_at_the_terminal_reaches_the_target_once(counting: Path) -> None:
    with Terminal("--quiet", counting) as terminal:
        terminal.says(b"ready")
        terminal.press(b"\x03")
        status, out = terminal.finish()
    assert status == 41, out
    assert out.count(b"got SIGINT") == 1


def test_the_target_reads_from_the_terminal_and_sees_it() -> None:
    script = 'test -t 0 && echo "name?"; read a; read b </dev/tty; echo "<$a $b>"; stty -echo'
    with Terminal("--quiet", *shell(script)) as terminal:
        terminal.says(b"name?")
        terminal.press(b"Ann\nLee\n")
        status, out = terminal.finish()
    assert status == 0, out
    assert b"<Ann Lee>" in out


def test_a_terminal_that_shows_nothing_keeps_nothing_alive(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    with Terminal("--quiet", *shell(f"echo $$ > {mark}; exec yes")) as terminal:
        pid = int(wait_until(lambda: mark.exists() and mark.read_text(), TIMEOUT))
        terminal.says(b"y\r\ny\r\n")  # and then nobody reads: writers wait
        terminal.process.kill()
        wait_until(lambda: not is_alive(pid), TIMEOUT)


# What comes out


def test_output_is_passed_through_byte_for_byte_and_apart() -> None:
    script = r"printf '\377\0\r\ta\033[1m'; printf 'err\201' >&2"
    done = record("--quiet", *shell(script))
    assert done.stdout == b"\xff\0\r\ta\x1b[1m"
    assert done.stderr == b"err\x81"


def test_a_flood_of_bytes_arrives_whole(tmp_path: Path) -> None:
    source = tmp_path / "random"
    source.write_bytes(os.urandom(1 << 20) * 20)
    with open(tmp_path / "out", "wb") as out:
        done = record("--quiet", "--", "cat", source, stdout=out, timeout=3 * TIMEOUT)
    assert done.returncode == 0
    assert subprocess.run(["cmp", source, tmp_path / "out"]).returncode == 0
    reader = f"sleep 0.2; exec cmp - {source}"  # behind at first, so writers have to wait
    command = spawnscope("record", "--quiet", "--", "cat", source)
    done = subprocess.run(
        ["sh", "-c", f'"$@" | {{ {reader}; }}', "sh", *command], stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0


def test_a_reader_that_has_seen_enough_ends_the_target() -> None:
    with Recording("--quiet", "--", "yes") as recording:
        recording.says(b"y\n")
        assert recording.process.stdout is not None
        recording.process.stdout.close()
        assert recording.process.wait(TIMEOUT) == 128 + signal.SIGPIPE


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_do_no_harm(closed: str, tmp_path: Path) -> None:
    session = tmp_path / "session"
    command = spawnscope("record", "-o", session, *shell("echo out; echo err >&2; exit 5"))
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {closed}', "sh", *command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=TIMEOUT,
    )
    assert done.returncode == 5
    assert done.stdout == (b"" if " >&-" in f" {closed}" else b"out\n")
    assert done.stderr.startswith(b"" if "2>&-" in closed else b"err\n")
    assert b"Error" not in done.stderr
    assert b"cannot" not in done.stderr


def test_a_full_disk_behind_stdout_is_said_and_ends_nothing_else() -> None:
    with open("/dev/full", "wb") as full:
        done = record("--quiet", *shell("echo out; exit 6"), stdout=full)
    assert done.returncode == 6
    assert done.stderr == b"spawnscope: The stdout cannot be written: No space left on device.\n"


# Nothing is left


def family(recording: Recording) -> dict[str, int]:
    """The pids of the stubborn family, when it stands."""
    for name in (b"root", b"ignorer", b"daemon", b"orphan"):
        recording.says(b"pid " + name)
    text = recording.says(b"ready\n").decode()
    return {name: int(pid) for name, pid in re.findall(r"pid (\w+) (\d+)\n", text)}


def kill_record(recording: Recording) -> None:
    recording.process.kill()


def kill_supervisor(recording: Recording) -> None:
    os.kill(recording.supervisor, signal.SIGKILL)


def kill_whole_group(recording: Recording) -> None:
    kill_group(recording.process)


@pytest.mark.parametrize("blow", [kill_record, kill_supervisor, kill_whole_group])
def test_whoever_is_killed_nothing_of_the_target_is_left(blow: Callable[..., None]) -> None:
    with Recording("--grace", 0.1, TARGETS / "stubborn_family.py") as recording:
        pids = family(recording).values()
        assert len(pids) == 4
        blow(recording)
        status, _, err = recording.finish()
        wait_until(lambda: all_gone(pids), TIMEOUT)
    if blow is kill_supervisor:
        assert status == 1
        assert b"The supervisor was killed" in err
        assert b"Traceback" not in err


def test_the_supervisor_killed_during_a_flood_leaves_nothing() -> None:
    with Recording("--quiet", *shell("yes & yes & exec yes")) as recording:
        recording.says(b"y\n")
        os.kill(recording.supervisor, signal.SIGKILL)
        status, _, _ = recording.finish()
    assert status == 1


def test_what_the_target_leaves_running_is_ended_and_told(tmp_path: Path) -> None:
    mark = tmp_path / "pids"
    script = (
        f"(setsid sh -c 'echo $$ >> {mark}; exec sleep 60' &); "
        f"sh -c 'echo $$ >> {mark}; trap \"\" TERM; while :; do sleep 1; done' & "
        f"until [ $(wc -l < {mark}) = 2 ]; do sleep 0.01; done; exit 3"
    )
    mark.touch()
    done = record("--grace", 0.2, *shell(script))
    assert done.returncode == 3
    assert all_gone(map(int, mark.read_text().split()))
    assert b"Killed by SIG" in done.stderr


@pytest.mark.parametrize(
    ("script", "status"),
    [
        ("exec 0<&- 1>&- 2>&-; sleep 0.1; exit 7", 7),
        ("exec sh -c 'exit 8'", 8),
        ("kill -TERM 0", 143),
        ("kill -KILL 0", 137),
        (f"{sys.executable} -c 'import os; os.setpgid(0, 0); os._exit(9)'", 9),
        (f"exec setsid -w {sys.executable} -c 'raise SystemExit(10)'", 10),
    ],
)
def test_targets_with_habits_end_as_without_us(script: str, status: int) -> None:
    done = record("--quiet", *shell(script))
    assert (done.returncode, done.stderr) == (status, b"")


# Time


def test_a_target_that_takes_too_long_is_ended() -> None:
    script = "trap '' TERM; echo begun; while :; do sleep 0.05; done"
    done = record("--timeout", 0.6, "--grace", 0.1, *shell(script))
    assert done.returncode == 137
    assert b"has run for 0.6 s (--timeout)" in done.stderr
    assert b"Killed by SIGKILL" in done.stderr


def test_a_timeout_shorter_than_the_start_ends_the_target_too() -> None:
    done = record("--quiet", "--timeout", 0.0001, "--", "sleep", "60")
    assert (done.returncode, done.stderr) == (143, b"")
