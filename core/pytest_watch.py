"""What a test did with processes, told where it matters: in its failure, and at the end of all.

    session's file --findings, ends--> section "spawnscope" of a failing report
                                   '-> who was left behind: terminal summary

It changes no outcome. A test that passes costs a look at our children before and after. Called by
pytest in the thread that runs the tests; by pytest-timeout in its own, while that one is stuck.
"""

from __future__ import annotations

import importlib
import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from .observe.proc_files import read_children
from .observe.stacks import Living, is_still
from .plain_text import plain
from .pytest_session import TestProcesses, read_processes
from .sentences.outcome import named
from .session.session_error import SessionError
from .translation import tr, trn
from .vocabulary.kinds import MAIN_THREAD

_PATIENCE = 1.5  # seconds for a finding to be told, of a test that failed with processes alive
_STEP = 0.1
_FLUSHED = 0.15  # seconds until what has happened is in the file
_MOST_STACKS = 12
_TITLE = "spawnscope"


class Window(NamedTuple):
    """Which children the body of a test left, and when all of it was over; Unix time, ns."""

    test: str
    left: frozenset[int]
    end_ns: int


class TestWatch:
    """The plugin, in each pytest process that runs tests or leads those that do."""

    __test__ = False

    def __init__(self, config: pytest.Config, path: str) -> None:
        self._config = config
        self._path = path
        self._begin_ns = time.time_ns()
        self._made: frozenset[int] = frozenset()  # children, by the body of the test
        self._told: set[int] = set()  # findings, of the test that runs
        self._windows: list[Window] = []
        self._left: list[str] = []
        self._last: dict[object, int] = {}  # when a worker of xdist was last heard of
        self._worker = getattr(config, "workerinput", {}).get("workerid", "")  # of xdist
        if self._worker:
            self._note_of(self._worker, "pid").write_text(str(os.getpid()))
        self._restore = _before_the_end(self._on_last_words)

    # -- a test -----------------------------------------------------------------------------------

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """A test begins, and is over."""
        self._begin_ns = time.time_ns()
        self._made = frozenset()
        self._told.clear()
        try:
            return (yield)
        finally:
            if self._made and (left := self._made & _children()):
                self._windows.append(Window(item.nodeid, left, time.time_ns()))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self) -> Generator[None, object, object]:
        """Its body: what fixtures start is theirs."""
        before = _children()
        try:
            return (yield)
        finally:
            self._made = _children() - before

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self,
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """A failure is explained."""
        report = yield
        if report.failed:
            text = self._why()
            if text:
                report.sections.append((_TITLE, text))
        return report

    def _why(self) -> str:
        """What went wrong with the processes of the test that runs; "" where there is nothing."""
        return _explained(self._path, os.getpid(), self._begin_ns, self._told)

    def _on_last_words(self) -> str:
        """pytest-timeout is about to end this process: what to say before."""
        text = self._why()
        if self._worker:
            self._note_of(self._worker, "words").write_text(text, "utf-8", "backslashreplace")
            # The leader would wait for the end of a pipe that the children of this test hold.
            with suppress(SessionError):
                for each in read_processes(self._path, os.getpid()).living(self._begin_ns):
                    _kill(each)
        return text

    # -- xdist ------------------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A worker has got so far."""
        node = getattr(report, "node", None)
        if node is not None:
            self._last[node] = time.time_ns()

    @pytest.hookimpl(optionalhook=True)
    def pytest_handlecrashitem(self, report: Any) -> None:
        """A worker ended within a test, as by pytest-timeout's method thread."""
        worker = str(report.node.gateway.id)
        words, pid = self._note_of(worker, "words"), self._note_of(worker, "pid")
        text = ""
        if words.exists():
            text = words.read_text("utf-8")
        elif pid.exists():
            since = self._last.get(report.node, 0)
            text = _explained(self._path, int(pid.read_text()), since, set())
        if text:
            report.sections.append((_TITLE, text))

    def _note_of(self, worker: str, what: str) -> Path:
        """Where a worker leaves something for the leader: beside the session."""
        return Path(self._path).with_name(f"{worker}.{what}")

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker has ended; it tells what its tests left behind."""
        self._left += getattr(node, "workeroutput", {}).get(_TITLE, ())

    # -- the end ----------------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """See who was left behind."""
        self._restore()
        left = list(self._left_behind())
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            output[_TITLE] = left
        self._left += left

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say who was left behind."""
        if self._left:
            terminalreporter.section(tr("processes that tests left behind (spawnscope)"))
            for line in self._left:
                terminalreporter.line(line)

    def _left_behind(self) -> Iterator[str]:
        if not self._windows:
            return
        time.sleep(_FLUSHED)
        with suppress(SessionError):
            processes = read_processes(self._path, os.getpid())
            for window in self._windows:
                names = processes.left_behind(window.left, window.end_ns)
                if names:
                    yield f"{window.test}: {', '.join(names)}"


def _explained(path: str, pid: int, begin_ns: int, told: set[int]) -> str:
    """The findings about processes below `pid` that were started since, and how these ended; those
    in `told` are known already. Waits a moment for findings, where somebody may yet be stuck."""
    deadline = time.monotonic() + _PATIENCE
    try:
        time.sleep(_FLUSHED / 2)
        processes = read_processes(path, pid)
        while processes.living(begin_ns) and not processes.findings(begin_ns):
            if time.monotonic() >= deadline:
                break
            time.sleep(_STEP)
            processes = read_processes(path, pid)
    except SessionError:
        return ""
    return "\n".join(map(plain, _lines(processes, begin_ns, told)))


def _lines(processes: TestProcesses, begin_ns: int, told: set[int]) -> Iterable[str]:
    lines = []
    for finding in processes.findings(begin_ns):
        if finding.finding not in told:
            told.add(finding.finding)
            lines.append(f"{finding.severity.value} {finding.code}: {finding.title}")
            lines += [f"  {finding.explanation}", f"  {finding.advice}"]
    return [*lines, *processes.failures(begin_ns), *_alive(processes.living(begin_ns))]


def _alive(living: list[Living]) -> Iterator[str]:
    """Those that still run, and where in the program's own code."""
    if not living:
        return
    from .record_stacks import read_stacks

    folder = os.environ.get("SPAWNSCOPE_PROBE", "")
    for each in read_stacks(living[:_MOST_STACKS], folder, None):
        name = named(each.process.name, each.process.pid)
        threads = each.stacks.threads if each.stacks is not None else ()
        main = next((thread for thread in threads if thread.name == MAIN_THREAD), None)
        frames = main.frames if main is not None else ()
        own = next((frame for frame in frames if not frame.is_library), None)
        if own is None:
            yield tr("{process} still runs.", process=name)
        else:
            where = f"{own.function} ({own.file}:{own.line})"
            yield tr("{process} still runs, in {where}.", process=name, where=where)
    if len(living) > _MOST_STACKS:
        more = len(living) - _MOST_STACKS
        yield trn("{count} more still runs.", "{count} more still run.", more)


def _children() -> frozenset[int]:
    """Those of this process that live, by pid."""
    return frozenset(read_children(os.getpid()))


def _kill(process: Living) -> None:
    with suppress(OSError):
        descriptor = os.pidfd_open(process.pid)
        try:
            if is_still(process.pid, process.started_ns):
                signal.pidfd_send_signal(descriptor, signal.SIGKILL)
        finally:
            os.close(descriptor)


def _before_the_end(last_words: Callable[[], str]) -> Callable[[], None]:
    """pytest-timeout's method thread writes stacks and ends the process: have it write what we know
    as well. Returns what ends that."""
    try:
        module: Any = importlib.import_module("pytest_timeout")
    except ImportError:
        return lambda: None
    before = getattr(module, "dump_stacks", None)
    if before is None:
        return lambda: None

    def dump_stacks(terminal: Any) -> None:
        before(terminal)
        if threading.current_thread() is threading.main_thread():
            return  # method signal: the test will fail, and its report says it
        text = last_words()
        if text:
            terminal.sep("~", title=_TITLE)
            terminal.write(f"{text}\n")

    module.dump_stacks = dump_stacks

    def restore() -> None:
        module.dump_stacks = before

    return restore
