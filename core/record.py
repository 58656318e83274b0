"""`record`: run a target to its end without a window.

    stdin ------------------------------------------> TARGET
    stdout, stderr <--passed through-- supervisor <-- TARGET
    SIGINT, SIGTERM, SIGHUP --> record --> supervisor --> TARGET

The exit status is TARGET's own (128+N when signal N ended it; the first that is not 0 of several
workers). What TARGET leaves running is ended, and the summary says so.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import time
from typing import TYPE_CHECKING

from .client.client import Client
from .observe import kernel
from .vocabulary.events import (
    LaunchRefused,
    Problem,
    ProcessExited,
    SessionOpened,
    Stream,
    WorkerStarted,
)
from .vocabulary.launch_spec import LaunchSpec

if TYPE_CHECKING:
    import argparse

    from .session.jsonl_export import JsonlExport

_PASSED_ON = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
_FAULT_STATUS = 1
_USAGE_STATUS = 2


def record(spec: LaunchSpec, options: argparse.Namespace) -> int:
    """Run `spec` to its end; returns the exit status."""
    path = os.path.abspath(options.output) if options.output else ""
    for place in filter(None, (path, options.jsonl)):
        fault = _cannot_be_written(place) or (_not_replaceable(place) if place == path else "")
        if fault:
            print(f"spawnscope: {fault}", file=sys.stderr)
            return _USAGE_STATUS
    session = _Recording(spec, path, options.jsonl, options.timeout)
    try:
        status = session.run()
    finally:
        session.close()
    if session.trouble:
        print(f"spawnscope: {session.trouble}", file=sys.stderr)
    elif not options.quiet:
        from .summary import print_summary

        print_summary(session.path)
    return status


class _Recording:
    """One run of `record`."""

    def __init__(
        self, spec: LaunchSpec, path: str, jsonl: str | None, timeout: float | None
    ) -> None:
        at_terminal = os.isatty(0) if _is_open(0) else False
        streams = [(Stream.STDOUT, 1), (Stream.STDERR, 2)]
        self._client = Client(
            session_path=path,
            about={"command": "record"},
            stdin=os.dup(0) if _is_open(0) else -1,
            passthrough=tuple((int(s), os.dup(fd)) for s, fd in streams if _is_open(fd)),
            # At a terminal all stay in its foreground group: keys and job control reach TARGET
            # as without us. Elsewhere TARGET leads a group, so what it sends to its own group
            # does not hit us.
            group="none" if at_terminal else "group",
            detach=False,
        )
        self._client.guard()
        self._at_terminal = at_terminal
        self._signals = kernel.signal_descriptor(_PASSED_ON)
        self._spec = spec
        self._jsonl_path = jsonl
        self._export: JsonlExport | None = None
        self._deadline = time.monotonic() + timeout if timeout else None
        self._roots: dict[int, int | None] = {}  # process number to exit status
        self._early: list[int] = []
        self._quitting = False
        self._problem = ""
        self.path = path
        self.trouble = ""

    def run(self) -> int:
        """Until the supervisor has left."""
        self._client.launch(self._spec)
        while not self._client.lost:
            waiting: list[Client | int] = [self._client, self._signals]
            ready, _, _ = select.select(waiting, [], [], self._wait())
            if self._signals in ready:
                self._on_signal(*kernel.read_signal(self._signals))
            if self._client in ready:
                for event in self._client.receive():
                    self._on_event(event)
                if self._export is not None:
                    self._export.advance(time.time_ns() - 10**9)
            if self._deadline is not None and time.monotonic() >= self._deadline:
                self._deadline = None
                for process in self._roots:
                    self._client.stop(process, tree=True)
        return self._finish()

    def close(self) -> None:
        """Let go of the supervisor."""
        self._client.close()

    def _wait(self) -> float | None:
        if self._deadline is None:
            return None
        return max(0.0, self._deadline - time.monotonic())

    def _on_signal(self, number: int, from_terminal: bool) -> None:
        if from_terminal and self._at_terminal:
            return  # the terminal sent it to the whole foreground group, TARGET included
        if not self._roots:
            self._early.append(number)
        for process in self._roots:
            self._client.signal(process, number)

    def _on_event(self, event: object) -> None:
        if isinstance(event, SessionOpened):
            self.path = event.path
            if self._jsonl_path:
                self._open_export()
        elif isinstance(event, WorkerStarted):
            self._roots[event.process] = None
            for number in self._early:
                self._client.signal(event.process, number)
        elif isinstance(event, LaunchRefused):
            self.trouble = event.sentence
            self._quit()
        elif isinstance(event, Problem):
            self._problem = event.sentence
            print(f"spawnscope: {event.sentence}\n{event.traceback}".rstrip(), file=sys.stderr)
        elif isinstance(event, ProcessExited) and event.process in self._roots:
            self._roots[event.process] = _status_of(event)
            started = len(self._roots) == self._spec.count
            if started and None not in self._roots.values():
                self._quit()

    def _quit(self) -> None:
        if not self._quitting:
            self._quitting = True
            self._client.quit()

    def _open_export(self) -> None:
        from .session.jsonl_export import JsonlExport
        from .session.reader import SessionReader

        assert self._jsonl_path is not None
        sink = open(self._jsonl_path, "wb")  # noqa: SIM115 - closed in _finish
        self._sink = sink
        self._export = JsonlExport(SessionReader(self.path), sink)

    def _finish(self) -> int:
        clean = self._client.join(10)
        leftovers = self._client.end_leftovers()
        if self._export is not None:
            self._export.advance()
            self._sink.close()
        if self.trouble:
            return _USAGE_STATUS
        if self._problem and not self._roots:
            return _FAULT_STATUS
        if not self._quitting or not clean:
            self.trouble = (
                "The supervisor was killed; TARGET was ended with it"
                f"{f', and {leftovers} processes below it' if leftovers else ''}. "
                f"What was recorded until then is in {self.path}."
            )
            return _FAULT_STATUS
        return next((status for status in self._roots.values() if status), 0)


def _status_of(event: ProcessExited) -> int:
    if event.signal is not None:
        return 128 + _number_of(event.signal)
    return event.exit_code if event.exit_code is not None else _FAULT_STATUS


def _number_of(name: str) -> int:
    if name in signal.Signals.__members__:
        return int(signal.Signals[name])
    return int(name.removeprefix("signal "))


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def _cannot_be_written(path: str) -> str:
    """Why a file cannot be made at `path`; "" when it can."""
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        return f"'{path}' cannot be written: there is no folder '{folder}'."
    if os.path.isdir(path):
        return f"'{path}' cannot be written: it is a folder."
    if not os.access(path if os.path.exists(path) else folder, os.W_OK):
        return f"'{path}' cannot be written: permission is denied."
    return ""


def _not_replaceable(path: str) -> str:
    """Make room at `path`: a session recorded there before is replaced, anything else is not."""
    if not os.path.exists(path):
        return ""
    from .session.reader import SessionReader
    from .session.session_error import SessionError

    try:
        SessionReader(path).close()
    except SessionError:
        if os.path.getsize(path):
            return f"'{path}' exists and is no session file; choose another name for -o."
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path + suffix)
    return ""
