"""The columns of the messages: each knows its title and what it says about a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spawnscope.core.vocabulary.events import Stream

if TYPE_CHECKING:
    from spawnscope.core.store.processes import ProcessTable

    from ...kit.text.clock import Clock
    from .row import MessageRow


class MessageColumn:
    """One column. `sample` is a text as wide as the column should be at first."""

    id = ""
    title = ""
    tip = ""
    sample = ""

    def text(self, row: MessageRow) -> str:
        """What the cell shows, and what a screen reader says."""
        raise NotImplementedError

    def tooltip(self, row: MessageRow) -> str:
        """What the pointer learns by resting on the cell; "" for nothing."""
        return ""


class TimeColumn(MessageColumn):
    """When the line was read."""

    id = "time"
    title = "Time"
    tip = "When Spawnscope read the line"
    sample = "00:00:00.000"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def text(self, row: MessageRow) -> str:
        return self._clock.text(row.message.time_ns)

    def tooltip(self, row: MessageRow) -> str:
        return self._clock.exact(row.message.time_ns)


class ProcessColumn(MessageColumn):
    """Who wrote the line: the process's name and pid."""

    id = "process"
    title = "Process"
    tip = "Who wrote the line; Ctrl+click selects it in the tree of processes"
    sample = "worker-00 (0000000)"

    def __init__(self, table: ProcessTable) -> None:
        self._table = table

    def parts(self, row: MessageRow) -> tuple[str, str]:
        """(name, pid in digits), the latter "" when unknown."""
        process = self._table.get(row.message.process)
        if process is None:
            return f"process {row.message.process}", ""
        return process.label, str(process.pid)

    def text(self, row: MessageRow) -> str:
        name, pid = self.parts(row)
        return f"{name} ({pid})" if pid else name

    def tooltip(self, row: MessageRow) -> str:
        return f"{self.text(row)}\nCtrl+click to select it in the tree of processes"


class StreamColumn(MessageColumn):
    """The stream by which the line came."""

    id = "stream"
    title = "Stream"
    tip = "By which stream the line came"
    sample = "spawnscope"

    def text(self, row: MessageRow) -> str:
        return row.message.stream.label

    def tooltip(self, row: MessageRow) -> str:
        return "Spawnscope itself says this" if row.message.stream is Stream.SPAWNSCOPE else ""


class TextColumn(MessageColumn):
    """The line itself."""

    id = "text"
    title = "Message"
    tip = "The line; Return or a double click shows the whole of it"

    def text(self, row: MessageRow) -> str:
        return row.text

    def tooltip(self, row: MessageRow) -> str:
        if row.continues:
            return "This line goes on in a further message; Return shows the whole of it"
        return "Return or a double click shows the whole line" if row.line.cut else ""
