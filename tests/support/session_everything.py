"""A session with something in every table, and everything that reads one."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable

from spawnscope.core.analysis.flows.flows import served_by, serves
from spawnscope.core.analysis.timeline.rows import SessionRows
from spawnscope.core.analysis.timeline.timeline import Timeline
from spawnscope.core.export.chrome_trace import export_chrome_trace
from spawnscope.core.export.csv import export_csv
from spawnscope.core.export.jsonl import export
from spawnscope.core.launch.alone import AloneError, alone
from spawnscope.core.session.message_query import MessageFilter, MessageQuery, find
from spawnscope.core.session.reader import SessionReader
from spawnscope.core.session.records import LostOperations
from spawnscope.core.session.session_error import SessionError
from spawnscope.core.session.writer import SessionWriter
from spawnscope.core.summary import summary
from spawnscope.core.vocabulary.events import (
    Doing,
    ObjectCreated,
    ObjectState,
    OperationCount,
    ProcessChanged,
    ProcessExited,
    ProcessStarted,
    ProcessWatched,
    Role,
    Sample,
    Stream,
)
from spawnscope.core.vocabulary.kept_task import CallContext, KeptTask
from spawnscope.core.vocabulary.operation import Operation

_BEGAN = 1_700_000_000_000_000_000
_OPERATIONS = ("put", "get", "acquire", "release", "submit", "task", "send", "recv", "set", "wait")
_KINDS = ("Queue", "Lock", "Pool", "Pipe", "Pipe", "Event", "Condition", "Semaphore")


def make_session(path: str, steps: int = 40) -> None:
    """A session with something in every table; each step adds about 20 KB."""
    writer = SessionWriter(path, about={"title": "to be mutated"})
    shared = writer.shared
    for number in range(1, 6):
        parent = None if number == 1 else number // 2
        role = Role.SUPERVISOR if number == 1 else Role.WORKER
        writer.process_started(
            ProcessStarted(
                number,
                100 + number,
                5,
                _BEGAN + number,
                parent,
                1,
                1,
                "app",
                role,
                "fork",
                ("app",),
            )
        )
        shared.watched(ProcessWatched(number, _BEGAN, number % 2 == 0, "why"))
    writer.process_changed(
        ProcessChanged(3, _BEGAN + 9, 1, "sh", Role.CHILD, None, ("sh", "-c", "x"))
    )
    writer.worker_started(1, 2, "app", "{}", _BEGAN)
    for number, kind in enumerate(_KINDS, 1):
        shared.created(ObjectCreated(number, 2, _BEGAN, kind, kind.lower(), "app.py:3", None))
    for step in range(steps):
        now = _BEGAN + step * 50_000_000
        body = b"\n".join(b"line %d of a program that talks" % line for line in range(60))
        writer.messages(2 + step % 4, Stream(1 + step % 3), body, 60, now, step % 2)
        writer.samples([Sample(2 + step % 4, 102 + step % 4, now, 1.5, 4096, 1, 3, "running")])
        shared.operations(
            Operation(
                2 + at % 4, 1 + (step + at) % len(_KINDS), _OPERATIONS[at % len(_OPERATIONS)],
                f"T{at % 2}", now + at, now + at + 900, at % 3 * 100, at, "item", "ok", "app.py:5",
                "job", 1 + at + step,
            )
            for at in range(250)
        )  # fmt: skip
        counts = (
            OperationCount("put", step, 1, 2, 3, 0, 0),
            OperationCount("get", 1, 0, 0, 3, 0, 0),
        )
        states = [
            ObjectState(number, now, counts, step, ((2, "T0"),), ((3, "T1"),))
            for number in range(1, len(_KINDS) + 1)
        ]
        for state in states:
            shared.state(state)
        shared.object_history(states)
        rows = [(number, 2, counts[0]) for number in range(1, len(_KINDS) + 1)]
        shared.counters(rows)
        shared.counter_history(now, rows)
        writer.flush()
    shared.lost(LostOperations(2, _BEGAN, 5, 3, 2))
    writer.open_line(4, Stream.STDOUT, b"50 %", _BEGAN + 5, 4)
    context = CallContext("/usr/bin/python3", folder="/", path=("/", "/usr/lib"), name="worker")
    task = KeptTask(1, 4, _BEGAN + 6, 3, 1 << 32 | 1, "work", "ValueError", 5, True, context)
    writer.kept_task(task, b"\x80\x04N.\n")
    doing = (Doing("T0", "get", 1, _BEGAN + 5, "app.py:9", ""),)
    for number in range(2, 5):
        writer.process_exited(
            ProcessExited(number, 100 + number, _BEGAN + 2 * 10**9, 0, None, "Ended.", doing, (2,))
        )
    writer.close()


def read_all(path: str, *, deep: bool = False) -> str:
    """Open, summarise and export the session, in all formats; "" or the sentence that came. `deep`:
    also what only the window asks. Anything but a SessionError is a fault of ours."""
    try:
        reader = SessionReader(path)
    except SessionError as error:
        return str(error)
    faults = []
    try:
        for act in [*_ACTS, *(_WINDOW_ACTS if deep else ())]:
            try:
                act(reader)
            except SessionError as error:
                faults.append(str(error))
    finally:
        reader.close()
    return faults[0] if faults else ""


def _csv(reader: SessionReader) -> None:
    export_csv(reader, lambda table: contextlib.nullcontext(io.BytesIO()))


def _messages(reader: SessionReader) -> None:
    for wanted in (MessageFilter(text="talks"), MessageFilter(processes=frozenset({2}))):
        query = MessageQuery(reader.messages, wanted)
        for _ in range(10_000):
            if not query.advance(0.01):
                break
        else:
            raise AssertionError("a query that never comes to its end")
        query.page(max(0, query.count - 50), 100)
        list(find(reader.messages, wanted, reader.messages.last_id(), backwards=True))
    reader.messages.page(1, 5000)


def _moments(reader: SessionReader) -> None:
    first, last = reader.span()
    middle = (first + last) // 2
    reader.history.states_at(middle)
    reader.history.counters_at(middle)
    reader.samples.at(middle)
    reader.history.series(1, first, last, 100)
    reader.samples.series(2, first, last, 100)
    reader.objects.watched()
    reader.processes.workers()


def _kept_tasks(reader: SessionReader) -> None:
    for task in reader.kept_tasks():
        try:
            alone(task, reader.pickled_task(task.task))
        except AloneError:
            pass


def _operations(reader: SessionReader) -> None:
    for number in (1, 2, 3):
        for numbered in reader.operations.page(number, newest=True, limit=5, text="item"):
            served_by(reader, numbered[0])
            serves(reader, numbered[0])
        reader.operations.by_site(number)
        reader.operations.count(number)


def _timeline(reader: SessionReader) -> None:
    timeline = Timeline(SessionRows(reader), 4, lambda name: len(name) % 4)
    while timeline.step(0.05):
        pass


_ACTS: tuple[Callable[[SessionReader], object], ...] = (
    lambda reader: summary(reader.path),
    lambda reader: export(reader, io.BytesIO()),
    lambda reader: export_chrome_trace(reader, io.BytesIO()),
    _csv,
)
_WINDOW_ACTS = (_messages, _moments, _operations, _timeline, _kept_tasks)
