"""`record`: run a target to its end without a window.

    stdin ------------------------------------------> TARGET
    stdout, stderr <--passed through-- supervisor <-- TARGET
    SIGINT, SIGTERM, SIGHUP --> record --> supervisor --> TARGET

The exit status is TARGET's own (128+N when signal N ended it; the first that is not 0 of several
workers). What TARGET leaves running is ended, and the summary says so; with --keep it lives on, and
we wait for its end.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import time
from typing import TYPE_CHECKING

from .client.client import Client
from .client.command_socket import ClientError
from .observe import kernel
from .observe.session_clock import SessionClock
from .record_findings import RecordFindings
from .record_options import OptionError, check_options, make_room, open_sink
from .sentences.notes import said
from .sentences.outcome import named
from .sentences.stopping import stopping
from .standard_streams import has_terminal
from .supervisor.settings import CLOSED
from .telling import tell
from .translation import enumerated, tr, trn
from .vocabulary.codes import StopStep
from .vocabulary.events import (
    HELPERS,
    LaunchRefused,
    Problem,
    ProcessChanged,
    ProcessExited,
    ProcessStarted,
    Role,
    SessionOpened,
    StopProgress,
    Stream,
    WorkerStarted,
)
from .vocabulary.launch_spec import LaunchSpec

if TYPE_CHECKING:
    import argparse
    from typing import BinaryIO

    from .export.jsonl import JsonlExport
    from .observe.stacks import ProcessStacks

_PASSED_ON = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
_JSONL_SECONDS = 1.0  # by which live events lag: a start may become known after later events
_MOST_NAMED = 3  # processes
_APART = HELPERS | {Role.SUPERVISOR}
_FAULT_STATUS = 1
_USAGE_STATUS = 2
_LAST_LOOK_SECONDS = 1.0  # for finding out why TARGET is stuck, before it is ended


def record(spec: LaunchSpec, options: argparse.Namespace, streams: set[int]) -> int:
    """Run `spec` to its end; returns the exit status. `streams`: see `open_standard_streams`."""
    path = os.path.abspath(options.output) if options.output else ""
    sink = None
    try:
        check_options(path, options)
        if options.jsonl:
            sink = open_sink(options.jsonl)
        if path:
            make_room(path)
    except OptionError as error:
        return tell(str(error), _USAGE_STATUS)
    with sink or contextlib.nullcontext():
        session = _Recording(spec, path, streams, sink, options)
        gc.freeze()
        gc.enable()
        try:
            status = session.run()
        except ClientError as error:
            session.trouble = session.why_there_is_none() or str(error)
            status = _FAULT_STATUS
        finally:
            session.close()
    if options.report and session.has_run:
        from .report.write import write_report

        write_report(options.report, session.path, session.stacks)
    if session.trouble:
        return tell(session.trouble, status)
    if options.quiet and options.fail_on is None and not options.github:
        return status
    from .github import tell_github
    from .session.session_error import SessionError
    from .summary import print_summary
    from .summary_findings import FAILED_STATUS, findings_of, is_failure

    try:
        findings = findings_of(session.path)
        if not options.quiet:
            print_summary(session.path, findings, session.stacks)
        if options.github:
            tell_github(findings)
    except SessionError as error:
        return tell(tr("There is no summary: {error}", error=error), status)
    return FAILED_STATUS if is_failure(findings, options.fail_on) else status


class _Recording:
    """One run of `record`. `streams`: which of our standard streams are open."""

    def __init__(
        self,
        spec: LaunchSpec,
        path: str,
        streams: set[int],
        sink: BinaryIO | None,
        options: argparse.Namespace,
    ) -> None:
        at_terminal = has_terminal()
        # Those that are ignored stay so, here and in TARGET: `nohup`, a job in the background.
        passed_on = {n for n in _PASSED_ON if signal.getsignal(n) is not signal.SIG_IGN}
        outputs = [(Stream.STDOUT, 1), (Stream.STDERR, 2)]
        self._client = Client(
            session_path=path,
            about={"command": "record"},
            stdin=os.dup(0) if 0 in streams else CLOSED,
            passthrough=tuple((int(s), os.dup(fd)) for s, fd in outputs if fd in streams),
            # At a terminal TARGET joins our group, the one in its foreground: keys and job control
            # reach it as without us. Elsewhere TARGET leads a group, so what it sends to its own
            # group does not hit us.
            group=str(os.getpgrp()) if at_terminal else "group",
            detach=False,
            probe=not options.no_probe,
            previews=not options.no_preview,
            stacks=options.timeout is not None and _tells(options),
        )
        self._client.guard()
        self._findings = RecordFindings(self._client)
        self._at_terminal = at_terminal
        self._signals = kernel.signal_descriptor(passed_on)
        self._spec = spec
        self._sink = sink
        self._export: JsonlExport | None = None
        self._quiet = options.quiet
        self._reads_stacks = _tells(options)
        self._timeout: float | None = options.timeout
        self._deadline: float | None = None
        if self._timeout is not None:
            self._deadline = time.monotonic() + self._timeout
        self._last_look = self._timed_out = False
        self.stacks: list[ProcessStacks] = []
        self._roots: dict[int, int | None] = {}  # process number to exit status
        # Signals that came before all workers had started, with the time, of those of the terminal.
        self._early: list[tuple[int, int | None]] = []
        self._started_ns: dict[int, int] = {}  # of processes that may be workers
        self._keep: bool = options.keep
        # Name, pid and start, without helpers.
        self._living: dict[int, tuple[str, int, int]] = {}
        self._lingering = False
        self._quitting = False
        self._opened = False
        self._clock = SessionClock()
        self._left = ""  # what could not be ended
        self._problem = ""
        self.path = path
        self.trouble = ""

    def run(self) -> int:
        """Until the supervisor has left."""
        self._client.launch(self._spec)
        while not self._client.lost:
            waiting: list[Client | int] = [self._client, self._signals]
            commands = self._client.commands
            unsent = [commands] if commands.blocked else []
            ready, _, _ = select.select(waiting, unsent, [], self._wait())
            commands.flush()
            if self._client in ready:
                events = self._client.receive()
                for event in events:
                    self._on_event(event)
                self._findings.take(events)
            if self._signals in ready:
                self._on_signal(*kernel.read_signal(self._signals))
            self._findings.look()
            self._write_events(self._clock.now_ns() - int(_JSONL_SECONDS * 1e9))
            if self._deadline is not None and time.monotonic() >= self._deadline:
                self._on_deadline()
        return self._finish()

    def _on_deadline(self) -> None:
        """TARGET has had its time. Before it is ended, what it is stuck in is found out."""
        if not self._last_look:
            self._last_look = True
            self._findings.look_now()
            self._deadline = time.monotonic() + _LAST_LOOK_SECONDS
            return
        self._deadline = None
        self._timed_out = True
        if not self._quiet:
            sentence = tr(
                "TARGET is ended: it has run for {seconds:g} s (--timeout).",
                seconds=self._timeout,
            )
            tell(sentence)
        if self._reads_stacks:
            from .record_stacks import read_stacks

            living = self._living.values()
            self.stacks = read_stacks(living, self._client.run_folder, self._client.tracer)
        self._end_lingering()
        for process, status in self._roots.items():
            if status is None:
                self._client.stop(process, tree=True)

    @property
    def has_run(self) -> bool:
        """Whether there is a session in which TARGET ran."""
        return self._opened and bool(self._roots)

    def why_there_is_none(self) -> str:
        """What the supervisor said when it could not begin a session; "" when it said nothing."""
        while not self._client.lost and select.select([self._client], [], [], 0)[0]:
            for event in self._client.receive():
                self._on_event(event)
        return self._problem

    def close(self) -> None:
        """Let go of the supervisor."""
        self._findings.close()
        self._client.close()
        if self._export is not None:
            self._reader.close()

    def _wait(self) -> float | None:
        waits = [] if self._deadline is None else [max(0.0, self._deadline - time.monotonic())]
        due = self._findings.due_in
        return min([*waits, due]) if due is not None else min(waits, default=None)

    def _on_signal(self, number: int, from_terminal: bool) -> None:
        if self._end_lingering():
            return
        if from_terminal and self._at_terminal and self._roots:
            return  # the terminal sent it to the whole foreground group, TARGET included
        if len(self._roots) < self._spec.count:
            at_ns = self._clock.now_ns() if from_terminal and self._at_terminal else None
            self._early.append((number, at_ns))
        for process, status in self._roots.items():
            if status is None:
                self._client.signal(process, number)

    def _on_event(self, event: object) -> None:
        if isinstance(event, SessionOpened):
            self._opened = True
            self._clock = SessionClock(event.clock_offset_ns)
            self.path = self.path or event.path
            if self._sink is not None:
                self._open_export(self._sink)
        elif isinstance(event, WorkerStarted):
            self._roots[event.process] = None
            started_ns = self._started_ns.pop(event.process, 0)
            for number, at_ns in self._early:
                if at_ns is None or at_ns < started_ns:  # else the terminal sent it there as well
                    self._client.signal(event.process, number)
            if self._timed_out:
                self._client.stop(event.process, tree=True)
        elif isinstance(event, StopProgress) and event.step is StopStep.FAILED:
            self._left = stopping(event)
        elif isinstance(event, LaunchRefused):
            self.trouble = said(event)
            self._quit()
        elif isinstance(event, Problem):
            self._problem = said(event)
            if not self._opened:
                return  # there will be no session: `_finish` says it
            tell(said(event), details=event.traceback)
        elif isinstance(event, ProcessStarted) and event.role not in _APART:
            self._living[event.process] = (event.name, event.pid, event.time_ns)
            if len(self._roots) < self._spec.count:
                self._started_ns[event.process] = event.time_ns
        elif isinstance(event, ProcessChanged) and event.process in self._living:
            self._living[event.process] = (event.name, *self._living[event.process][1:])
        elif isinstance(event, ProcessExited):
            self._living.pop(event.process, None)
            if event.process in self._roots:
                self._roots[event.process] = _status_of(event)
                started = len(self._roots) == self._spec.count
                if started and None not in self._roots.values():
                    self._end()

    def _end(self) -> None:
        """All workers have ended."""
        self._lingering = self._keep and not self._timed_out
        if self._lingering and self._living and not self._quiet:
            few = [named(name, pid) for name, pid, _ in list(self._living.values())[:_MOST_NAMED]]
            sentence = tr(
                "TARGET has ended; it left {names}, waited for now (--keep; Ctrl+C ends it).",
                names=enumerated(few, len(self._living) - len(few)),
            )
            tell(sentence)
        self._quit(when_idle=self._lingering)

    def _end_lingering(self) -> bool:
        """End what is waited for since TARGET has ended; False when nothing is."""
        was, self._lingering = self._lingering, False
        if was:
            self._client.quit()
        return was

    def _quit(self, when_idle: bool = False) -> None:
        if not self._quitting:
            self._quitting = True
            self._client.quit(when_idle)

    def _open_export(self, sink: BinaryIO) -> None:
        from .export.jsonl import JsonlExport
        from .session.opening import trust
        from .session.reader import SessionReader

        trust(self.path)
        self._reader = SessionReader(self.path)
        self._export = JsonlExport(self._reader, sink)

    def _write_events(self, until_ns: int | None = None) -> None:
        """Write the events up to a time, or all. A fault costs the file, never the run."""
        from .session.session_error import SessionError

        if self._export is None or self._sink is None:
            return
        try:
            self._export.advance(until_ns)
            return
        except SessionError as error:
            fault = str(error)
        except OSError as error:
            fault = f"{error.strerror}."
        with contextlib.suppress(OSError):
            self._sink.close()
        self._sink = None
        tell(tr("--jsonl ends here, the run goes on: {fault}", fault=fault))

    def _finish(self) -> int:
        clean = self._client.join(10)
        leftovers = self._client.end_leftovers()
        self._write_events()
        if self._left:
            tell(self._left, 0)
        if self.trouble:
            return _USAGE_STATUS
        if self._problem and not self._roots:
            self.trouble = self._problem
            return _FAULT_STATUS
        if not self._quitting or not clean:
            self.trouble = _supervisor_was_killed(leftovers, self.path)
            return _FAULT_STATUS
        return next((status for status in self._roots.values() if status), 0)


def _tells(options: argparse.Namespace) -> bool:
    """Whether anything is told that stacks would be part of."""
    return not options.quiet or bool(options.report)


def _supervisor_was_killed(leftovers: int, path: str) -> str:
    if not leftovers:
        return tr(
            "The supervisor was killed; TARGET was ended with it. What was recorded until then is "
            "in {path}.",
            path=path,
        )
    return trn(
        "The supervisor was killed; TARGET was ended with it, and {count} process below it. What "
        "was recorded until then is in {path}.",
        "The supervisor was killed; TARGET was ended with it, and {count} processes below it. What "
        "was recorded until then is in {path}.",
        leftovers,
        path=path,
    )


def _status_of(event: ProcessExited) -> int:
    if event.signal is not None:
        return 128 + _number_of(event.signal)
    return event.exit_code if event.exit_code is not None else _FAULT_STATUS


def _number_of(name: str) -> int:
    if name in signal.Signals.__members__:
        return int(signal.Signals[name])
    return int(name.removeprefix("signal "))
