"""A session in the Trace Event Format, which ui.perfetto.dev and chrome://tracing open.

    operations --sorted by end--> slices, flows, depth of queues --.
    messages ------> instants -------------------------------------+--> {"traceEvents": [
    samples -------> counters of CPU and memory -------------------|      one event a line ...
    processes -----> a slice for each life, metadata --------------'    ]}

The parts follow one another in the file, for its events may stand in any order; memory stays flat.
The format: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

import msgspec

from ..analysis.flows.flows import MATCHED, FlowMatcher
from ..analysis.flows.order import operations_in_order
from ..analysis.flows.survey import session_details
from ..sentences.outcome import outcome
from ..session.message_cursor import MessageCursor
from ..session.reader import SessionReader
from ..translation import english
from .chrome_trace_counters import Depths
from .chrome_trace_lanes import Lanes
from .chrome_trace_operations import OperationEvents
from .chrome_trace_text import Texts, quoted, stamp

_ALIVE = "It was alive at the end."  # untranslated: in a file
_OBJECTS = "Shared objects"  # untranslated: in a file
_LINE = 120  # characters of a message that make its name
_TEXT = 1000  # of the whole of it
_RUNS = 256  # runs of messages between two steps
_SAMPLES = 1000
_ROWS = 1000  # operations between two steps


class ChromeTrace:
    """Writes one trace. For the thread of its reader."""

    def __init__(self, reader: SessionReader, out: BinaryIO) -> None:
        self._reader = reader
        self._out = out
        self._records = reader.processes.all()
        self._lanes = Lanes(self._records)
        self._objects = reader.objects.all()
        # A clock that was set back must not leave everything before the beginning.
        first = [one.start_ns for _, one in reader.operations.page(limit=1)]
        self._began_ns = (
            min([reader.began_ns, *first]) if reader.began_ns else min(first, default=0)
        )
        self._last_ns = self._began_ns
        self._parts: list[str] = []
        self._begun = False
        self._events = OperationEvents(self._lanes, Texts(self._objects), self._began_ns)

    def steps(self) -> Iterator[float]:
        """Write everything, in small steps; yields how far it is, from 0 to 1. Raises
        SessionError, and OSErrors of `out`."""
        reader = self._reader
        operations = reader.operations.last_id()
        messages = reader.messages.last_id()
        samples = reader.samples.last_row()
        # What an operation costs is about what two messages or samples cost.
        total = 2 * operations + messages + samples or 1
        self._out.write(b'{"traceEvents":[\n')
        self._flush()
        yield 0.0
        for done in self._write_operations(operations):
            yield 2 * done / total
        for done in self._write_messages(messages):
            yield (2 * operations + done) / total
        for done in self._write_samples(samples):
            yield (2 * operations + messages + done) / total
        self._write_lives()
        self._flush()
        self._out.write(b'\n],\n"displayTimeUnit":"ns",\n"otherData":')
        self._out.write(msgspec.json.encode(self._facts()))
        self._out.write(b"}\n")
        self._out.flush()

    # Operations

    def _write_operations(self, last_id: int) -> Iterator[float]:
        reader = self._reader
        if not last_id:
            return
        details = session_details(reader, MATCHED, last_id)
        matcher = FlowMatcher(self._objects, details)
        pid = self._lanes.extra_process(_OBJECTS) if self._objects else 0
        depths = Depths(self._objects, details, self._began_ns, pid)
        yield 0.0
        done = 0
        for batch in operations_in_order(reader, None, last_id):
            for start in range(0, len(batch), _ROWS):
                piece = batch[start : start + _ROWS]
                self._parts += self._events.slices(piece)
                self._parts += map(self._events.arrow, matcher.feed(piece))
                self._parts += depths.feed(piece)
                self._flush()
                done += len(piece)
                yield float(done)
            self._last_ns = max(self._last_ns, batch[-1][1].end_ns)
        self._parts += map(self._events.arrow, matcher.finish())
        self._parts += depths.finish()
        self._parts += depths.noted(reader)
        self._flush()

    # Messages, samples, processes

    def _write_messages(self, last_id: int) -> Iterator[float]:
        cursor = MessageCursor(self._reader.messages)
        cursor.limit_id = last_id
        runs = 0
        while (taken := cursor.take(1 << 62, last_id)) is not None:
            time_ns, process, stream, _, lines = taken
            lane = self._lanes.life(process)
            middle = f'"cat":"{stream.label}",{lane.head}"ts":{self._at(time_ns)}'
            for raw in lines:
                text = raw.decode("utf-8", "backslashreplace")
                name = text if len(text) <= _LINE else text[:_LINE] + "…"
                more = f',"args":{{"text":{quoted(text[:_TEXT])}}}' if len(text) > _LINE else ""
                self._parts.append(
                    f',\n{{"ph":"i","s":"t","name":{quoted(name or " ")},{middle}{more}}}'
                )
            runs += 1
            if runs % _RUNS == 0 or len(self._parts) > _ROWS:
                self._flush()
                yield float(cursor.next_id - 1)
        self._flush()

    def _write_samples(self, last_row: int) -> Iterator[float]:
        row = 0
        while row < last_row:
            found = self._reader.samples.after(row, _SAMPLES)
            if not found:
                break
            row = found[-1][0]
            for _, sample in found:
                pid = self._lanes.pid(sample.process)
                middle = f'"pid":{pid},"tid":{pid},"ts":{self._at(sample.time_ns)},"args":'
                self._parts.append(
                    f',\n{{"ph":"C","name":"CPU","cat":"sample",{middle}'
                    f'{{"percent":{sample.cpu_percent!r}}}}}'
                    f',\n{{"ph":"C","name":"memory","cat":"sample",{middle}'
                    f'{{"bytes":{sample.rss_bytes}}}}}'
                )
            self._flush()
            yield float(row)

    def _write_lives(self) -> None:
        """A slice for each process, and what it was in when it ended."""
        for record in self._records:
            started, exited = record.started, record.exited
            last = record.changed or started
            start = max(0, started.time_ns - self._began_ns)
            end_ns = exited.time_ns if exited else self._last_ns
            end = max(start + 1, end_ns - self._began_ns)
            arguments: dict[str, object] = {
                "process": started.process,
                "pid": started.pid,
                "role": last.role.value,
                "command": " ".join(last.cmdline)[:_TEXT],
                "outcome": english(outcome, exited) if exited else _ALIVE,
            }
            life = self._lanes.life(started.process)
            self._parts.append(
                f',\n{{"ph":"X","name":{quoted(last.name or " ")},"cat":"process",{life.head}'
                f'"ts":{stamp(start)},"dur":{stamp(end - start)},'
                f'"args":{msgspec.json.encode(arguments).decode()}}}'
            )
            for doing in exited.doing if exited else ():
                self._parts.append(self._events.unfinished(started.process, doing, end))
        self._flush()

    def _facts(self) -> dict[str, object]:
        lost = self._reader.operations.lost()
        return {
            "program": "Spawnscope",
            "began_ns": self._began_ns,
            "operations_without_details": sum(one.count for one in lost),
            "operations_omitted": self._events.omitted,
            **self._reader.about,
        }

    def _at(self, time_ns: int) -> str:
        self._last_ns = max(self._last_ns, time_ns)
        return stamp(max(0, time_ns - self._began_ns))

    def _flush(self) -> None:
        """Write what is pending, after the metadata of lanes that are new in it."""
        new = [f",\n{msgspec.json.encode(event).decode()}" for event in self._lanes.take_new()]
        text = "".join(new) + "".join(self._parts)
        self._parts.clear()
        if not self._begun and text:
            text = text.removeprefix(",\n")
            self._begun = True
        self._out.write(text.encode("utf-8", "backslashreplace"))


def export_chrome_trace(
    reader: SessionReader,
    out: BinaryIO,
    progress: Callable[[float], bool] = lambda done: True,
) -> bool:
    """Write a whole session. `progress` is told how far it is, from 0 to 1, every few
    milliseconds; when it returns False the export stops, and this returns False."""
    return all(progress(done) for done in ChromeTrace(reader, out).steps()) and progress(1.0)
