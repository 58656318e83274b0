"""The Python stacks of all that runs, read once: when `record` ends TARGET since its time is over.

living processes --a few at a time--> StackReader --> (process, Stacks or why there are none)
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from rich.text import Text

from .observe.probe_stacks import ProbeStacks
from .observe.py_spy import PySpy
from .observe.stacks import Frame, Living, ProcessStacks, StackError, StackReader
from .plain_text import plain
from .sentences.outcome import named
from .translation import tr, trn

if TYPE_CHECKING:
    from .observe.tracer import Tracer

_AT_ONCE = 4
_SECONDS = 8.0  # for all of them
_MOST = 60  # processes
_MOST_FRAMES = 12  # of a thread, that are printed


def read_stacks(
    those: Iterable[tuple[str, int, int]], run_folder: str, tracer: Tracer | None
) -> list[ProcessStacks]:
    """The stacks of these processes (see Living), as far as they can be had in some seconds; blocks
    so long."""
    living = [Living(*each) for each in those]
    cancel = threading.Event()
    spy = PySpy(run=tracer.run if tracer is not None else None)
    reader = StackReader([ProbeStacks(run_folder), spy])
    end = time.monotonic() + _SECONDS

    def read(process: Living) -> ProcessStacks:
        if time.monotonic() >= end:
            return ProcessStacks(process, None, tr("There was no time left to read its stack."))
        try:
            return ProcessStacks(process, reader.read(process.pid, process.started_ns, cancel))
        except StackError as error:
            return ProcessStacks(process, None, str(error))

    with ThreadPoolExecutor(_AT_ONCE) as readers:
        return list(readers.map(read, living[:_MOST]))


def stack_lines(found: Sequence[ProcessStacks]) -> Iterator[Text]:
    """The lines to print of what was read."""
    if found:
        yield Text(tr("Python stacks when it was ended, the innermost call first:"), style="bold")
    for each in found:
        yield Text(named(plain(each.process.name), each.process.pid))
        if each.stacks is None:
            yield Text(f"  {plain(each.why)}", style="dim")
            continue
        for thread in each.stacks.threads:
            yield Text(f"  {plain(thread.name)}", style="cyan")
            yield from map(_frame_line, thread.frames[:_MOST_FRAMES])
            more = len(thread.frames) - _MOST_FRAMES
            if more > 0:
                yield Text("    " + trn("{count} more", "{count} more", more), style="dim")


def _frame_line(frame: Frame) -> Text:
    style = "dim" if frame.is_library else ""
    return Text(f"    {plain(frame.function)}  {plain(frame.file)}:{frame.line}", style=style)
