"""The columns of the operations on one shared object, each an object of its own."""

from __future__ import annotations

from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.translation import tr
from spawnscope.core.vocabulary.operation import Operation

from ...kit.column import RIGHT, Column
from ...kit.row_text import exact_name
from ...kit.text.clock import Clock
from ...kit.text.figures import memory_text, places_text, site_text
from ...kit.text.span import span_text

TIME, PROCESS, THREAD, OPERATION, WAITED, TOOK, SIZE, OUTCOME, PREVIEW, PLACE = range(10)
_SHORT = "000 ms 0"


def operation_columns(processes: ProcessTable, clock: Clock) -> tuple[Column, ...]:
    """The columns, in the order of the numbers above."""
    way = tr("Click to go to it in the tree")

    def person(operation: Operation) -> str:
        return exact_name(processes, operation.process)

    return (
        Column(
            id="time", title=tr("Time"),
            tooltip=tr("When the call was over: the list is in this order"),
            text=lambda each: clock.text(each.end_ns),
            explain=lambda each: clock.exact(each.end_ns), sample="00:00:00.000",
        ),
        Column(
            id="process", title=tr("Process"),
            tooltip=tr("Who called; a click goes to it in the tree"),
            text=person, explain=lambda each: f"{person(each)}\n{way}",
            sample="some_program.py (00000)",
        ),
        Column(
            id="thread", title=tr("Thread"), tooltip=tr("The thread that called"),
            text=lambda each: each.thread, sample="MainThread",
        ),
        Column(
            id="operation", title=tr("Operation"), tooltip=tr("What was called"),
            text=lambda each: f"{each.operation} {each.text}".rstrip(), sample="task_done 0",
        ),
        Column(
            id="waited", title=tr("Waited"), tooltip=tr("How much of the call was waiting"),
            text=lambda each: span_text(each.waited_ns) if each.waited_ns else "",
            alignment=RIGHT, sample=_SHORT,
        ),
        Column(
            id="took", title=tr("Took"), tooltip=tr("How long the call took in all"),
            text=lambda each: _took(each.end_ns - each.start_ns), alignment=RIGHT, sample=_SHORT,
        ),
        Column(
            id="size", title=tr("Size"), tooltip=tr("The size of the item, pickled"),
            text=lambda each: memory_text(each.bytes), alignment=RIGHT, sample="00.0 M",
        ),
        Column(
            id="outcome", title=tr("Outcome"), tooltip=tr("Whether it succeeded"),
            text=lambda each: each.outcome, sample="Outcome 0",
        ),
        Column(
            id="preview", title=tr("Preview"),
            tooltip=tr("The item, or what went wrong, shortened"),
            text=lambda each: each.preview or "", explain=lambda each: each.preview or "",
            sample="a text of the item",  # untranslated: a width
        ),
        Column(
            id="place", title=tr("Place"), tooltip=tr("Where the program calls"),
            text=lambda each: site_text(each.site),
            explain=lambda each: places_text(each.site, each.via),
            sample="some_program.py:000",
        ),
    )  # fmt: skip


def _took(span_ns: int) -> str:
    """Some calls are too short for the recorder's clock."""
    return span_text(span_ns) if span_ns > 0 else ""
