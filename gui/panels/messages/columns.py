"""The columns of the messages, a row each: see `gui.kit.column`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spawnscope.core.translation import tr
from spawnscope.core.vocabulary.events import Stream

from ...kit.column import Column

if TYPE_CHECKING:
    from spawnscope.core.store.processes import ProcessTable

    from ...kit.text.clock import Clock
    from .row import MessageRow


def writer_of(table: ProcessTable, row: MessageRow) -> tuple[str, str]:
    """(name, pid in digits) of who wrote the line, the latter "" when unknown."""
    process = table.get(row.message.process)
    if process is None:
        return tr("process {number}", number=row.message.process), ""
    return process.label, str(process.pid)


def message_columns(table: ProcessTable, clock: Clock) -> tuple[Column, ...]:
    """Time, process, stream and text."""
    way = tr("Ctrl+click to select it in the tree of processes")

    def writer(row: MessageRow) -> str:
        name, pid = writer_of(table, row)
        return f"{name} ({pid})" if pid else name

    return (
        Column(
            id="time", title=tr("Time"), tooltip=tr("When Spawnscope read the line"),
            text=lambda row: clock.text(row.message.time_ns),
            explain=lambda row: clock.exact(row.message.time_ns), sample="00:00:00.000",
        ),
        Column(
            id="process", title=tr("Process"), text=writer, sample="worker-00 (0000000)",
            tooltip=tr("Who wrote the line; Ctrl+click selects it in the tree of processes"),
            explain=lambda row: f"{writer(row)}\n{way}",
        ),
        Column(
            id="stream", title=tr("Stream"), tooltip=tr("By which stream the line came"),
            text=lambda row: row.message.stream.label, explain=_about_stream, sample="spawnscope",
        ),
        Column(
            id="text", title=tr("Message"), text=lambda row: row.text, explain=_about_line,
            tooltip=tr("The line; Return or a double click shows the whole of it"),
        ),
    )  # fmt: skip


def _about_stream(row: MessageRow) -> str:
    return tr("Spawnscope itself says this") if row.message.stream is Stream.SPAWNSCOPE else ""


def _about_line(row: MessageRow) -> str:
    if row.continues:
        return tr("This line goes on in a further message; Return shows the whole of it")
    return tr("Return or a double click shows the whole line") if row.line.cut else ""
