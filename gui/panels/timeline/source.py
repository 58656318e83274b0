"""Where the timeline takes everything from: the session's file.

    file --SessionRows, a slice at a time--> Timeline          what is drawn
      '----SessionReader, when asked-------> one operation, one message, samples, who served whom

It reads in slices between two rounds of the event loop, see `sliced_work`: in a live session what
is new, four times a second; nothing while nobody looks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from spawnscope.core.analysis.timeline.rows import SessionRows
from spawnscope.core.analysis.timeline.timeline import Timeline
from spawnscope.core.session.session_error import SessionError
from spawnscope.core.store.store import Store

from ...kit.sliced_work import SlicedWork

if TYPE_CHECKING:
    from spawnscope.core.session.reader import SessionReader
    from spawnscope.core.vocabulary.message import Message
    from spawnscope.core.vocabulary.operation import Operation

T = TypeVar("T")

_BEAT = 250  # ms between two looks for something new


class TimelineSource(QObject):
    """Emits `grown()` when there is more to draw, `settled()` when all there was is read, and
    `problem_occurred(sentence)` when the file cannot be read; nothing comes after that."""

    grown = Signal()
    settled = Signal()
    problem_occurred = Signal(str)

    def __init__(
        self,
        store: Store,
        families: int,
        family_of: Callable[[str], int],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store.session
        self._families = families
        self._family_of = family_of
        self._failed = False
        self._awake = False
        self._cancelled = False
        self._total = 0
        self.timeline: Timeline | None = None
        self._work = SlicedWork(self._step, self)
        self._work.progressed.connect(self.grown)
        self._work.finished.connect(self._on_finished)
        self._beat = QTimer(self)
        self._beat.setInterval(_BEAT)
        self._beat.timeout.connect(self._on_beat)

    def open(self) -> None:
        """The session's file is another one, or is known now."""
        self.close()
        self._run()

    def close(self) -> None:
        """Let go of what was read."""
        self._work.stop()
        self._beat.stop()
        self.timeline = None
        self._failed = self._cancelled = False
        self._total = 0

    def run(self) -> None:
        """The session may have ended."""
        self._run()

    def set_awake(self, awake: bool) -> None:
        """Whether somebody looks."""
        self._awake = awake
        self._run()

    def cancel(self) -> None:
        """Leave unread what is not read yet, until `resume`."""
        self._cancelled = True
        self._run()

    def resume(self) -> None:
        """Read on after all."""
        self._cancelled = False
        self._run()

    @property
    def cancelled(self) -> bool:
        """Whether the user does not want the rest."""
        return self._cancelled

    @property
    def is_behind(self) -> bool:
        """Whether there is a lot to read yet."""
        return self.timeline is not None and self._total - self.timeline.read > 5000

    @property
    def progress(self) -> tuple[int, int]:
        """(operations read, operations in the file)."""
        read = 0 if self.timeline is None else self.timeline.read
        return read, max(read, self._total)

    # -- single things ------------------------------------------------------------------------

    def operation(self, number: int) -> Operation | None:
        """One operation by its id."""

        def read(reader: SessionReader) -> Operation | None:
            found = reader.operations.page(after_id=number - 1, limit=1)
            return found[0][1] if found and found[0][0] == number else None

        return self._asked(read, None)

    def message(self, number: int) -> Message | None:
        """One message by its id."""

        def read(reader: SessionReader) -> Message | None:
            found = reader.messages.page(number, 1)
            return found[0] if found else None

        return self._asked(read, None)

    def served_by(self, number: int) -> tuple[int, Operation] | None:
        """What ended the wait of an operation: the put that served a get, the release that served
        an acquire. None where nobody can tell."""

        def read(reader: SessionReader) -> tuple[int, Operation] | None:
            try:
                from spawnscope.core.analysis.flows.flows import served_by
            except ImportError:
                return None
            server = served_by(reader, number)
            found = [] if server is None else reader.operations.page(after_id=server - 1, limit=1)
            return found[0] if found and found[0][0] == server else None

        return self._asked(read, None)

    def samples(
        self, process: int, start_ns: int, end_ns: int, points: int
    ) -> list[tuple[int, float, int]]:
        """(time, CPU percent, memory in bytes) of a process within a span, and what held at its
        start; about so many."""
        return self._asked(
            lambda reader: reader.samples.series(process, start_ns, end_ns, points), []
        )

    # -- reading ------------------------------------------------------------------------------

    def _run(self) -> None:
        wanted = self._awake and bool(self._store.path) and not self._failed
        if not wanted or self._cancelled:
            self._work.pause(True)
            self._beat.stop()
            return
        self._work.pause(False)
        if self.timeline is None:
            self._begin()
        if self.timeline is not None:
            self._work.start()
            if self._store.is_live:
                self._beat.start()
            else:
                self._beat.stop()

    def _begin(self) -> None:
        try:
            reader = self._store.lend()
            if reader is None:
                return
            self.timeline = Timeline(SessionRows(reader), self._families, self._family_of)
            self._total = self.timeline.total()
        except SessionError as error:
            self._fail(error)

    def _on_beat(self) -> None:
        if self.timeline is None or self._work.running:
            return
        try:
            if self.timeline.has_more():
                self._work.start()
        except SessionError as error:
            self._fail(error)

    def _step(self, budget: float) -> bool:
        if self.timeline is None:
            return False
        try:
            more = self.timeline.step(budget)
            if not more:
                self._total = self.timeline.read
            elif self._store.is_live:
                self._total = self.timeline.total()
        except SessionError as error:
            self._fail(error)
            return False
        return more

    def _on_finished(self) -> None:
        if self.timeline is not None and not self._store.is_live:
            self.timeline.trim()
        self.settled.emit()

    def _asked(self, read: Callable[[SessionReader], T], otherwise: T) -> T:
        if self._failed:
            return otherwise
        try:
            reader = self._store.lend()
            return otherwise if reader is None else read(reader)
        except SessionError as error:
            self._fail(error)
            return otherwise

    def _fail(self, error: SessionError) -> None:
        self._work.stop()
        self._beat.stop()
        if not self._failed:
            self._failed = True
            self.problem_occurred.emit(str(error))
