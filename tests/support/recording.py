"""`python main.py record ...` as a person runs it: a process of its own, seen from outside."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from processes import descendants, is_alive
from waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT = 40  # seconds that a run may take on a busy machine


def spawnscope(*arguments: Any) -> list[str]:
    """The command line of `spawnscope ARGUMENTS`."""
    return [sys.executable, str(ROOT / "main.py"), *map(os.fsdecode, map(_as_path, arguments))]


def _as_path(argument: Any) -> str | bytes | os.PathLike[str]:
    return argument if isinstance(argument, (str, bytes, os.PathLike)) else str(argument)


def run(*arguments: Any, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run `spawnscope ARGUMENTS` to its end; its output is captured unless `options` differ."""
    settings: dict[str, Any] = {
        "stdin": None if "input" in options else subprocess.DEVNULL,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "timeout": TIMEOUT,
    }
    if settings["stdin"] is None:
        del settings["stdin"]
    return subprocess.run(spawnscope(*arguments), **{**settings, **options})


def record(*arguments: Any, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """`run` with the command `record`."""
    return run("record", *arguments, **options)


def sentence(done: subprocess.CompletedProcess[bytes]) -> str:
    """The one sentence of a run that was refused: status 2, no traceback, nothing on stdout."""
    text = done.stderr.decode()
    assert done.returncode == 2, text
    assert not done.stdout
    assert text.startswith("spawnscope: "), text
    assert text.endswith("\n")
    assert text.count("\n") == 1, text
    return text.removeprefix("spawnscope: ").rstrip()


class Recording:
    """A `record` under way, in a session of its own; `lines` of its stdout come as they are."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        settings: dict[str, Any] = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "start_new_session": True,
        }
        self.process = subprocess.Popen(spawnscope("record", *arguments), **{**settings, **options})
        self.output = b""

    def __enter__(self) -> Recording:
        return self

    def __exit__(self, *exception: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        with self.process:
            pass

    def says(self, text: bytes) -> bytes:
        """Read until `text` came; all output so far."""
        assert self.process.stdout is not None
        end = time.monotonic() + TIMEOUT
        while text not in self.output:
            ready = select.select([self.process.stdout], [], [], max(0.0, end - time.monotonic()))
            piece = os.read(self.process.stdout.fileno(), 65536) if ready[0] else b""
            assert piece, f"{text!r} did not come, only {self.output!r}"
            self.output += piece
        return self.output

    def finish(self) -> tuple[int, bytes, bytes]:
        """Wait for its end: (status, all of stdout, stderr)."""
        out, err = self.process.communicate(timeout=TIMEOUT)
        return self.process.returncode, self.output + (out or b""), err or b""

    @property
    def supervisor(self) -> int:
        """The pid of the supervisor, which calls itself so."""
        return wait_until(lambda: _named("spawnscope", self.process.pid), TIMEOUT)[0]


class Terminal:
    """A `record` in the foreground of a terminal of its own. `press` types keys."""

    def __init__(self, *arguments: Any) -> None:
        self.master, slave = os.openpty()

        def take_terminal() -> None:
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            spawnscope("record", *arguments),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            preexec_fn=take_terminal,  # noqa: PLW1509 - no thread of ours is in its way
        )
        os.close(slave)
        self.output = b""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *exception: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)

    def press(self, keys: bytes) -> None:
        """Type."""
        os.write(self.master, keys)

    def says(self, text: bytes) -> bytes:
        """Read until `text` came; all output so far."""
        end = time.monotonic() + TIMEOUT
        while text not in self.output:
            assert time.monotonic() < end, f"{text!r} did not come, only {self.output!r}"
            assert self._read(0.1), f"{text!r} did not come, only {self.output!r}"
        return self.output

    def finish(self) -> tuple[int, bytes]:
        """Read to the end: (status, all output)."""
        end = time.monotonic() + TIMEOUT
        while self._read(0.1):
            assert time.monotonic() < end, f"it does not end: {self.output!r}"
        return self.process.wait(TIMEOUT), self.output

    def _read(self, seconds: float) -> bool:
        """False at the end."""
        if select.select([self.master], [], [], seconds)[0]:
            try:
                self.output += os.read(self.master, 65536)
            except OSError:  # EIO: nobody has the terminal any more
                return False
        return True


def _named(name: str, ancestor: int) -> list[int]:
    """The living processes of that name below `ancestor`."""
    found = []
    for pid in descendants(ancestor):
        try:
            comm = Path(f"/proc/{pid}/comm").read_text()
        except OSError:
            continue
        if comm == f"{name}\n" and is_alive(pid):
            found.append(pid)
    return found


def all_gone(pids: Iterable[int]) -> bool:
    """Whether none of these runs."""
    return not any(map(is_alive, pids))


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the whole group of a process, as a CI runner does."""
    os.killpg(process.pid, signal.SIGKILL)
