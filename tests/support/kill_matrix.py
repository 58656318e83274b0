"""Kill or suspend each process, of ours and of a program, at any moment; see that nothing is left.

    seed --> front (record, window) x victim x signal x moment --> one trial --> Fault or nothing

    python tests/support/kill_matrix.py [--trials 200] [--seed 0]

prints each trial; its exit status is 1 on a fault, and any trial can be run again by its seed.

What is checked after each: every process of the trial is gone, the run folder too; the session
opens; no line of any process is missing before its last one; it ended in order, unless what writes
it was killed.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from processes import children, command_line, descendants, is_alive

from spawnscope.core.session.reader import SessionReader
from spawnscope.core.session.session_error import SessionError

ROOT = Path(__file__).resolve().parents[2]

FRONTS = ("record", "window")
OURS = ("front", "guardian", "supervisor")
THEIRS = ("root", "child", "daemon")
MOMENTS = ("start", "load", "stopping")
METHODS = ("fork", "spawn", "forkserver")
PATIENCE_SECONDS = 40.0
_TRIAL = "KILL_MATRIX_TRIAL"  # in the environment of all processes of a trial
_LINE = re.compile(r"(one|two|daemon) (\d+) (\d+)")


class Fault(Exception):
    """What a trial has found."""


class Trial(NamedTuple):
    """What is done to whom, and when. `wait`: seconds behind the moment."""

    seed: int
    front: str
    victim: str
    signum: signal.Signals
    moment: str
    method: str
    wait: float

    @classmethod
    def of(cls, seed: int, fronts: tuple[str, ...] = FRONTS) -> Trial:
        """The trial of a seed."""
        chance = random.Random(seed)
        moment = chance.choice(MOMENTS)
        return cls(
            seed,
            chance.choice(fronts),
            chance.choice(OURS + THEIRS),
            chance.choice((signal.SIGKILL, signal.SIGSTOP)),
            moment,
            chance.choice(METHODS),
            chance.uniform(0, 0.3 if moment == "start" else 0.15),
        )

    def __str__(self) -> str:
        return (
            f"seed {self.seed}: {self.signum.name} to the {self.victim} of {self.front} "
            f"({self.method}), {self.wait * 1000:.0f} ms after {self.moment}"
        )


def run(trial: Trial, folder: Path) -> None:
    """One trial. Raises Fault."""
    path = folder / "data" / "s.spawnscope"
    path.parent.mkdir()
    mark = f"{trial.seed}-{os.getpid()}"
    environment = {
        **os.environ,
        _TRIAL: mark,
        "QT_QPA_PLATFORM": "offscreen",
        **{f"XDG_{n}_HOME": str(folder / n) for n in ("CONFIG", "DATA", "STATE", "CACHE")},
    }
    program = [str(ROOT / "tests" / "targets" / "busy_family.py"), trial.method]
    options = ["--grace", "0.3", *(["--quiet", "-o", str(path)] if trial.front == "record" else [])]
    command = "record" if trial.front == "record" else "run"
    log = folder / "log"
    with open(log, "wb") as sink:
        front = subprocess.Popen(
            [sys.executable, str(ROOT / "main.py"), command, *options, *program],
            env=environment, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink,
        )  # fmt: skip
        try:
            _strike(trial, front, mark, folder)
            _until(lambda: front.poll() is not None, "the front did not end")
            _until(lambda: not _alive(mark), "processes are left", lambda: _named(_alive(mark)))
            _check(trial, folder)
        except Fault as fault:
            text = log.read_text(errors="replace")
            problems = [line for line in text.splitlines() if not _LINE.fullmatch(line)]
            raise Fault(f"{fault}\n" + "\n".join(problems[-30:])) from None
        finally:
            for pid in _alive(mark):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            front.wait()


def _strike(trial: Trial, front: subprocess.Popen[bytes], mark: str, folder: Path) -> None:
    if trial.moment != "start":
        _until(lambda: _victim("load", front, folder) is not None or _over(front), "no load")
    if trial.moment == "stopping":
        front.send_signal(signal.SIGTERM)
    time.sleep(trial.wait)  # what the matrix is about: any moment
    victim = _victim(trial.victim, front, folder)
    if victim is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(victim, trial.signum)
    time.sleep(0.2 if trial.signum is signal.SIGSTOP else 0.0)
    if trial.moment != "stopping" and front.poll() is None:
        front.send_signal(signal.SIGTERM)
        time.sleep(trial.wait)
    if victim is not None and trial.signum is signal.SIGSTOP and trial.victim in OURS:
        with contextlib.suppress(ProcessLookupError):  # nobody else can go on in its place
            os.kill(victim, signal.SIGCONT)
    # TERM is handed on to the program, and the program may be suspended: a window waits for it, and
    # so does `record`, as a shell would.
    deadline = time.monotonic() + 5
    while front.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    for pid in _alive(mark):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def _over(front: subprocess.Popen[bytes]) -> bool:
    return front.poll() is not None


def _victim(name: str, front: subprocess.Popen[bytes], folder: Path) -> int | None:
    """The pid of a process by its part; None while there is none."""
    below = [pid for pid in descendants(front.pid) if is_alive(pid)]
    names = {pid: _name(pid) for pid in below}
    if name == "front":
        return front.pid
    if name == "guardian":
        return next((p for p in children(front.pid) if "main.py" in command_line(p)), None)
    if name == "supervisor":
        return next((p for p, n in names.items() if n == "spawnscope"), None)
    # Ours name the program among their arguments, too.
    lines = {pid: command_line(pid) for pid in below}
    theirs = [pid for pid, line in lines.items() if "main.py" not in line]
    if name == "root":
        return min(theirs, default=None)
    if name == "load":
        return theirs[-1] if len(theirs) >= 4 else None
    if name == "daemon":
        return next((p for p in theirs if os.path.exists(f"/proc/{p}") and _leads(p)), None)
    return theirs[-1] if len(theirs) > 1 else None


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _leads(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return os.getsid(pid) == pid
    return False


def _alive(mark: str) -> list[int]:
    """The living processes that carry the mark of the trial."""
    wanted = f"{_TRIAL}={mark}".encode()
    found = []
    for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
        with contextlib.suppress(OSError):
            if wanted in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0") and is_alive(pid):
                found.append(pid)
    return found


def _named(pids: list[int]) -> str:
    return ", ".join(f"{pid} {_name(pid)}: {command_line(pid)}" for pid in pids)


def _check(trial: Trial, folder: Path) -> None:
    sessions = list(folder.glob("**/*.spawnscope"))
    if not sessions:
        if trial.moment == "start":
            return  # it had not begun
        raise Fault("there is no session")
    try:
        reader = SessionReader(sessions[0])
        count = reader.messages.last_id()
        messages = reader.messages.page(1, count) if count else []
        clean = reader.ended_cleanly
        reader.close()
    except SessionError as error:
        if trial.moment == "start" and trial.victim == "supervisor":
            return  # killed while it made the file
        raise Fault(f"the session: {error}") from None
    if not clean and (trial.victim, trial.signum) != ("supervisor", signal.SIGKILL):
        raise Fault("the session did not end in order")
    lines = defaultdict(list)
    for message in messages:
        if message.text.startswith("folder /") and os.path.exists(message.text[7:]):
            raise Fault(f"{message.text[7:]} is left")
        match = _LINE.fullmatch(message.text)
        if match:
            lines[match[2]].append(int(match[3]))
    for pid, numbers in lines.items():
        if numbers != list(range(len(numbers))):
            raise Fault(f"lines of {pid} are missing or out of order")


def _until(
    predicate: Callable[[], object], what: str, more: Callable[[], str] = lambda: ""
) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not predicate():
        if time.monotonic() > deadline:
            raise Fault(f"{what} within {PATIENCE_SECONDS:.0f} s {more()}")
        time.sleep(0.02)


def main() -> int:
    """Run trials; 1 when one found a fault, else 0."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0, help="of the first trial")
    parser.add_argument("--front", choices=FRONTS, help="only this one")
    options = parser.parse_args()
    faults = 0
    for seed in range(options.seed, options.seed + options.trials):
        trial = Trial.of(seed, (options.front,) if options.front else FRONTS)
        with tempfile.TemporaryDirectory() as folder:
            begin = time.monotonic()
            try:
                run(trial, Path(folder))
            except Fault as fault:
                faults += 1
                print(f"FAULT {trial}: {fault}", flush=True)
            else:
                print(f"ok {trial}, {time.monotonic() - begin:.1f} s", flush=True)
    print(f"{options.trials} trials, {faults} faults")
    return min(faults, 1)


if __name__ == "__main__":
    sys.exit(main())
