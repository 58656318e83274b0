"""Everything that happens, into the session file and on to the window, in this order.

    started, exited, samples, steps --> SessionJournal --> SessionWriter (at the next flush)
    lines, shared objects           -->       |
                                              '--> Outbox: events at once; messages as
                                                   "committed up to id N" after each flush

A flush follows the first change by at most FLUSH_SECONDS, so what a crash can cost is bounded by
that; a line, which somebody may wait for at the screen, by LINE_SECONDS, unless they come in a
flood. When the file cannot be
written (a full disk), nothing is dropped: workers are held back until it can.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from ..session.message_block import BLOCK_BYTES
from ..session.records import LostOperations, OperationRow
from ..session.session_error import SessionError
from ..session.writer import SessionWriter
from ..translation import mark
from ..vocabulary.events import (
    AllRead,
    Event,
    MessagesCommitted,
    ObjectCreated,
    ObjectState,
    OperationCount,
    Problem,
    ProcessChanged,
    ProcessDoing,
    ProcessExited,
    ProcessStarted,
    ProcessWatched,
    Role,
    Sample,
    Stream,
)
from ..vocabulary.findings import Finding
from ..vocabulary.kept_task import KeptTask
from .known_process import KnownProcess
from .line_assembler import LineAssembler, Lines
from .loop import EventLoop, Timer
from .outbox import Outbox

FLUSH_SECONDS = 0.05
LINE_SECONDS = 0.02
_LARGEST_PENDING = 1 << 20  # bytes of messages at which we do not wait for the timer
_RETRY_SECONDS = 1.0


class SessionJournal:
    """See the module. `on_full(True)` asks to hold the workers back, `on_full(False)` ends that."""

    def __init__(
        self,
        loop: EventLoop,
        writer: SessionWriter,
        outbox: Outbox,
        clock: Callable[[], int],
        on_full: Callable[[bool], None],
    ) -> None:
        self._loop = loop
        self._writer = writer
        self._outbox = outbox
        self._clock = clock
        self._on_full = on_full
        self._timer: Timer | None = None  # of the next flush
        self._due = 0.0  # time.monotonic() of it
        self._full = False
        self._flooded = False  # lines come faster than anybody reads
        self._root = 0  # the supervisor's number
        self._unfinished: dict[tuple[int, Stream], LineAssembler] = {}
        self._held: list[Event] = []  # an end, and what came after it, until its messages are there

    @property
    def full(self) -> bool:
        """The file could not be written at the last try."""
        return self._full

    def tell(self, event: Event) -> None:
        """An event for the window alone."""
        self._post(event)

    def started(self, event: ProcessStarted) -> None:
        """A process appeared."""
        if event.role is Role.SUPERVISOR:
            self._root = event.process
        self._writer.process_started(event)
        self._post(event)
        self._schedule()

    def changed(self, event: ProcessChanged) -> None:
        """A process is described anew."""
        self._writer.process_changed(event)
        self._post(event)
        self._schedule()

    def exited(self, event: ProcessExited) -> None:
        """A process ended: all that it wrote is committed before anybody hears of it."""
        self._writer.process_exited(event)
        # Once for all that end in this turn of the loop; what follows stays behind them.
        if not self._held:
            self._loop.call_later(0, self._release)
        self._held.append(event)

    def _release(self) -> None:
        self.flush()
        held, self._held = self._held, []
        for event in held:
            self._outbox.post(event)

    def _post(self, event: Event) -> None:
        if self._held:
            self._held.append(event)
        else:
            self._outbox.post(event)

    def worker(self, number: int, process: int, title: str, spec: str) -> None:
        """A worker was launched from `spec` (JSON, secrets masked)."""
        self._writer.worker_started(number, process, title, spec, self._clock())
        self._schedule()

    def samples(self, samples: list[Sample]) -> None:
        """What processes use."""
        if samples:
            self._writer.samples(samples)
            for sample in samples:
                self._post(sample)
            self._schedule()

    def watched(self, event: ProcessWatched) -> None:
        """A process carries a recorder, or does not."""
        self._writer.shared.watched(event)
        self._post(event)
        self._schedule()

    def doing(self, event: ProcessDoing) -> None:
        """What the threads of a process are in; not kept."""
        self._post(event)

    def object_created(self, event: ObjectCreated) -> None:
        """A shared object is known."""
        self._writer.shared.created(event)
        self._post(event)
        self._schedule()

    def object_state(self, event: ObjectState) -> None:
        """A shared object has changed."""
        self._writer.shared.state(event)
        self._post(event)
        self._schedule()

    def kept_task(self, event: KeptTask, pickled: bytes | None) -> None:
        """A task that failed is kept, with its pickle unless that is too large."""
        self._writer.kept_task(event, pickled)
        self._post(event)
        self._schedule()

    def finding(self, event: Finding) -> None:
        """What whoever launched all this has found to be wrong."""
        self._writer.finding(event)
        self._schedule()

    def all_read(self, event: AllRead) -> None:
        """All that was read is in the session, and told, before this."""
        self.flush()
        self._outbox.post(event)

    def text_id(self, text: str) -> int:
        """What stands for a text in rows of operations."""
        return self._writer.shared.text_id(text)

    def operations(self, rows: Sequence[OperationRow]) -> None:
        """What was done to shared objects; the window reads it from the file."""
        self._writer.shared.rows(rows)
        self._schedule()

    def counters(self, rows: Sequence[tuple[int, int, OperationCount]]) -> None:
        """Totals: (object, process, of one operation)."""
        self._writer.shared.counters(rows)
        self._schedule()

    def counter_history(
        self, time_ns: int, rows: Sequence[tuple[int, int, OperationCount]]
    ) -> None:
        """Totals as they were at a moment, to be kept."""
        self._writer.shared.counter_history(time_ns, rows)
        self._schedule()

    def object_history(self, states: Sequence[ObjectState]) -> None:
        """States of objects, to be kept."""
        self._writer.shared.object_history(states)
        self._schedule()

    def lost(self, lost: LostOperations) -> None:
        """Operations of a process that have no row."""
        self._writer.shared.lost(lost)
        self._schedule()

    def lines(self, record: KnownProcess, stream: Stream, lines: Lines) -> None:
        """Whole lines that a process wrote."""
        self._writer.messages(
            record.number, stream, lines.body, lines.lines, self._clock(), lines.flags
        )
        self._after_lines()

    def mixed_lines(
        self, numbers: list[int], counts: list[int], stream: Stream, body: bytes
    ) -> None:
        """Whole lines that several processes wrote in turn; see `SessionWriter.mixed`."""
        self._writer.mixed(numbers, counts, stream, body, self._clock())
        self._after_lines()

    def _after_lines(self) -> None:
        if self._writer.pending_bytes > _LARGEST_PENDING:
            self.flush()
        else:
            self._schedule(FLUSH_SECONDS if self._flooded else LINE_SECONDS)

    def unfinished(self, record: KnownProcess, stream: Stream, assembler: LineAssembler) -> None:
        """The line that a process is still writing has changed; only its last state is kept."""
        self._unfinished[record.number, stream] = assembler
        self._schedule(LINE_SECONDS)

    def note(self, record: KnownProcess, sentence: str) -> None:
        """What we say about a process, among its messages."""
        self._writer.messages(
            record.number, Stream.SPAWNSCOPE, sentence.encode(), 1, self._clock(), 0
        )
        self._schedule()

    def problem(self, sentence: str, traceback: str = "", **values: str) -> None:
        """Something of ours went wrong: a sentence that was marked, and its values."""
        self._post(Problem(self._clock(), sentence, traceback, values))

    def flush(self) -> bool:
        """Commit all that is pending; False when the file cannot be written now."""
        for (process, stream), assembler in self._unfinished.items():
            assembler.changed = False
            self._writer.open_line(process, stream, assembler.line, self._clock(), assembler.flags)
        self._unfinished.clear()
        if not self._writer.dirty:
            return True
        # Of what nobody could read along, fewer and larger pieces: a block that is not full is
        # written again when it is.
        self._flooded = self._writer.pending_bytes >= BLOCK_BYTES
        try:
            last = self._writer.flush()
        except SessionError as error:
            self._hold(error)
            return False
        if self._full:
            self._full = False
            self._on_full(False)
        self._outbox.post(MessagesCommitted(last))
        return True

    def close(self) -> None:
        """The session has ended cleanly."""
        self._release()
        try:
            missing = self._writer.close(self._root)
        except SessionError as error:
            missing = str(error)
        if missing:
            self.problem("{error}", error=missing)

    def _schedule(self, seconds: float = FLUSH_SECONDS) -> None:
        if self._full:  # the next try is due when it is
            return
        due = time.monotonic() + seconds
        if self._timer is not None:
            if self._due <= due:
                return
            self._timer.cancel()
        self._due = due
        self._timer = self._loop.call_later(seconds, self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        self.flush()

    def _hold(self, error: SessionError) -> None:
        if not self._full:
            self._full = True
            self._on_full(True)
            self.problem(mark("{error} Workers that write wait until it can."), error=str(error))
        if self._timer is None:
            self._due = time.monotonic() + _RETRY_SECONDS
            self._timer = self._loop.call_later(_RETRY_SECONDS, self._on_timer)
