"""Takes messages out of the session, in slices: into a file, or into the clipboard.

    MessageQuery of its own --pages--> MessageFormat --text--> FileSink | MemorySink

So the filter of the log can change meanwhile.
"""

from __future__ import annotations

import os
import time
from typing import IO, TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from spawnscope.core.private_file import keep_mode, private
from spawnscope.core.session.written_now import check_free
from spawnscope.core.translation import tr

from ...kit.sliced_work import SlicedWork
from .formats import MessageFormat

if TYPE_CHECKING:
    from spawnscope.core.session.message_query import MessageFilter
    from spawnscope.core.session.reader import SessionReader

_CHUNK = 400  # messages at a time


class Sink(Protocol):
    """Where the text goes."""

    def write(self, text: str) -> bool:
        """Take text; False when no more is wanted."""
        ...

    def done(self) -> None:
        """All of it was written."""
        ...

    def abandon(self) -> None:
        """The rest will not come; leave nothing half-written behind."""
        ...


class FileSink:
    """A file that appears under its name only when it is complete."""

    def __init__(self, path: str) -> None:
        """For its owner alone, unless it replaces a file with another mode. Raises OSError."""
        check_free(path)
        self.path = path
        self._part = f"{path}.part-{os.getpid()}"
        self._file: IO[str] = open(  # noqa: SIM115
            self._part, "x", encoding="utf-8", newline="", opener=private
        )
        keep_mode(self._file.fileno(), path)

    def write(self, text: str) -> bool:
        self._file.write(text)
        return True

    def done(self) -> None:
        self._file.close()
        os.replace(self._part, self.path)

    def abandon(self) -> None:
        self._file.close()
        if os.path.exists(self._part):
            os.remove(self._part)


class MemorySink:
    """Text in memory, up to a limit; `full` says that it was reached."""

    def __init__(self, limit: int) -> None:
        self._parts: list[str] = []
        self._left = limit
        self.full = False

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def write(self, text: str) -> bool:
        self.full = len(text) > self._left
        self._parts.append(text[: self._left])
        self._left -= len(self._parts[-1])
        return not self.full

    def done(self) -> None:
        pass

    def abandon(self) -> None:
        self._parts.clear()


class MessageExport(QObject):
    """One export, from `start()` to `finished(messages)`, `failed(sentence)` or `cancel()`.

    Emits `progressed(share)` with 0 to 1. Takes what is there at the start, no later messages.
    """

    progressed = Signal(float)
    finished = Signal(int)
    failed = Signal(str)

    def __init__(
        self,
        reader: SessionReader,
        wanted: MessageFilter | None,
        form: MessageFormat,
        sink: Sink,
        ids: tuple[int, int] | None = None,
        parent: QObject | None = None,
    ) -> None:
        """`ids`: first and last of the messages to take; None for all. Raises SessionError."""
        from spawnscope.core.session.message_query import MessageFilter, MessageQuery

        super().__init__(parent)
        self._form = form
        self._sink = sink
        self._query = MessageQuery(reader.messages, wanted or MessageFilter())
        self._last_id = reader.messages.last_id()
        self._first_id = 1
        if ids is not None:
            self._first_id, self._last_id = ids[0], min(ids[1], self._last_id)
        self._closed = False
        self._next = -1
        self._begin = self._end = 0
        self._work = SlicedWork(self._step, self)

    def start(self) -> None:
        self._work.start()

    def cancel(self) -> None:
        """Stop, and leave nothing behind."""
        if not self._closed:  # also after a step that has raised
            self._work.stop()
            self._close(complete=False)

    def _step(self, budget_seconds: float) -> bool:
        from spawnscope.core.session.session_error import SessionError

        try:
            if self._next < 0:
                return self._look(budget_seconds)
            return self._write(time.perf_counter() + budget_seconds)
        except OSError as error:
            self._fail(tr("The file cannot be written: {error}.", error=error.strerror or error))
        except SessionError as error:
            self._fail(str(error))
        return False

    def _look(self, budget_seconds: float) -> bool:
        """Let the query find out what passes, as far as it is wanted."""
        more = self._query.advance(budget_seconds)
        if not more:
            self._begin = self._next = self._query.position_of(self._first_id)
            self._end = self._query.position_of(self._last_id + 1)
        self.progressed.emit(self._query.progress / 2)
        return True

    def _write(self, deadline: float) -> bool:
        while self._next < self._end:
            messages = self._query.page(self._next, min(_CHUNK, self._end - self._next))
            if not messages:
                break
            self._next += len(messages)
            if not self._sink.write(self._form.written(messages)):
                break
            if time.perf_counter() >= deadline:
                share = (self._next - self._begin) / max(1, self._end - self._begin)
                self.progressed.emit(0.5 + share / 2)
                return True
        self._sink.write(self._form.end())
        self._close(complete=True)
        self.finished.emit(self._next - self._begin)
        return False

    def _fail(self, sentence: str) -> None:
        self._close(complete=False)
        self.failed.emit(sentence)

    def _close(self, complete: bool) -> None:
        self._closed = True
        if complete:
            self._sink.done()
        else:
            self._sink.abandon()
