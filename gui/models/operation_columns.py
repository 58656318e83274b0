"""The columns of the operations on one shared object, each an object of its own."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from PySide6.QtCore import Qt

from spawnscope.core.client.process_table import ProcessTable
from spawnscope.core.vocabulary.operation import Operation

from ..text.clock import Clock
from ..text.span import span_text
from .process_columns import LEFT, RIGHT, memory_text
from .traffic_columns import site_text

TIME, PROCESS, THREAD, OPERATION, WAITED, TOOK, SIZE, OUTCOME, PREVIEW, PLACE = range(10)


class OperationColumn(msgspec.Struct, frozen=True, eq=False):
    """`sample`: a text as wide as the column should be at first."""

    id: str
    title: str
    tooltip: str
    text: Callable[[Operation], str]
    explain: Callable[[Operation], str]
    alignment: Qt.AlignmentFlag = LEFT
    sample: str = "000 ms 0"


def operation_columns(processes: ProcessTable, clock: Clock) -> tuple[OperationColumn, ...]:
    """The columns, in the order of the numbers above."""

    def person(operation: Operation) -> str:
        row = processes.get(operation.process)
        return f"process {operation.process}" if row is None else f"{row.label} ({row.pid})"

    def nothing(_operation: Operation) -> str:
        return ""

    return (
        OperationColumn(
            "time", "Time", "When the call was over: the list is in this order",
            lambda each: clock.text(each.end_ns), lambda each: clock.exact(each.end_ns),
            sample="00:00:00.000",
        ),
        OperationColumn(
            "process", "Process", "Who called; a double-click selects it in the tree",
            person, lambda each: f"{person(each)}\nDouble-click to select it in the tree",
            sample="some_program.py (00000)",
        ),
        OperationColumn(
            "thread", "Thread", "The thread that called",
            lambda each: each.thread, nothing, sample="MainThread",
        ),
        OperationColumn(
            "operation", "Operation", "What was called",
            lambda each: f"{each.operation} {each.text}".rstrip(), nothing, sample="task_done 0",
        ),
        OperationColumn(
            "waited", "Waited", "How much of the call was waiting",
            lambda each: span_text(each.waited_ns) if each.waited_ns else "", nothing, RIGHT,
        ),
        OperationColumn(
            "took", "Took", "How long the call took in all",
            lambda each: _took(each.end_ns - each.start_ns), nothing, RIGHT,
        ),
        OperationColumn(
            "size", "Size", "The size of the item, pickled",
            lambda each: memory_text(each.bytes), nothing, RIGHT, sample="00.0 M",
        ),
        OperationColumn(
            "outcome", "Outcome", "Whether it succeeded",
            lambda each: each.outcome, nothing, sample="Outcome 0",
        ),
        OperationColumn(
            "preview", "Preview", "The item, or what went wrong, shortened",
            lambda each: each.preview or "", lambda each: each.preview or "",
            sample="a text of the item",
        ),
        OperationColumn(
            "place", "Place", "Where the program calls",
            lambda each: site_text(each.site), lambda each: each.site, sample="some_program.py:000",
        ),
    )  # fmt: skip


def _took(span_ns: int) -> str:
    """Some calls are too short for the recorder's clock."""
    return span_text(span_ns) if span_ns > 0 else ""
