"""A kind of shared object that nobody foresaw, a gate that some open and others pass, in all places
where kinds matter. Runs in a tree that has its row; argument: a folder to write to."""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path

from written_store import SECOND, WrittenStore, times

from spawnscope import core
from spawnscope.core.analysis.timeline.rows import SessionRows
from spawnscope.core.analysis.timeline.timeline import Timeline
from spawnscope.core.analysis.waits.chain import waits_of
from spawnscope.core.analysis.waits.situation import Situation
from spawnscope.core.analysis.wiring.wires import direction_of, use_snapshot
from spawnscope.core.export.chrome_trace import export_chrome_trace
from spawnscope.core.export.csv import export_csv
from spawnscope.core.export.jsonl import export
from spawnscope.core.probe._spawnscope_probe.layout import CODE
from spawnscope.core.session.reader import SessionReader
from spawnscope.core.session.writer import SessionWriter
from spawnscope.core.store.objects import ObjectTable
from spawnscope.core.summary import summary
from spawnscope.core.supervisor.shared_object import SharedObject
from spawnscope.core.vocabulary.events import (
    ObjectCreated,
    ObjectState,
    OperationCount,
    ProcessStarted,
    Role,
)
from spawnscope.core.vocabulary.operation import Operation
from spawnscope.gui.kit.object_look import MEANINGS, family_of, type_look
from spawnscope.gui.panels.traffic.columns import explained, traffic_columns
from spawnscope.gui.panels.wiring.shapes import shape_of

folder = Path(sys.argv[1])
assert Path(core.__path__[0]).is_relative_to(Path.cwd()), "the changed tree is the one that runs"
BEGAN = 1_700_000_000 * SECOND
GATE = ObjectCreated(1, 1, BEGAN, "Gate", "main", "app.py:3", None)
OPENED = OperationCount("open", 3, 0, 0, 0, 0, 0)
PASSED = OperationCount("pass", 7, 2, 5 * SECOND, 0, 0, 0)


def call(process: int, operation: str, second: int, waited_ns: int = 0) -> Operation:
    start = BEGAN + second * SECOND
    return Operation(
        process, 1, operation, "MainThread", start, start + 1000 + waited_ns, waited_ns, None, None,
        "ok", "app.py:9", "", 1,
    )  # fmt: skip


# The supervisor puts together what each process counted, and the session keeps it.
gate = SharedObject(1, "Gate")
gate.count(CODE["open"], (3, 0, 0, 0, 0, 0), (1, "MainThread"))
gate.count(CODE["pass"], (7, 5 * SECOND, 2, 0, 0, 0), (2, "MainThread"))
state = gate.state(BEGAN + 20 * SECOND)
assert state == ObjectState(1, BEGAN + 20 * SECOND, (OPENED, PASSED), None, (), ()), state
path = folder / "gates.spawnscope"
writer = SessionWriter(path, about={})
for number, name in ((1, "app"), (2, "guest")):
    writer.process_started(
        ProcessStarted(number, 10 + number, 1, BEGAN, None, 1, 1, name, Role.WORKER, None, ())
    )
writer.shared.created(GATE)
writer.shared.state(state)
writer.shared.counters([(1, 1, OPENED), (1, 2, PASSED)])
writer.shared.operations([call(1, "open", 1), call(2, "pass", 2, SECOND)])
writer.close()
reader = SessionReader(path)
assert reader.objects.all() == [GATE]
assert reader.objects.states() == [state]
assert [one.operation for _, one in reader.operations.page(1)] == ["open", "pass"]

# Traffic: rates, waits and words.
table = ObjectTable()
table.apply(GATE)
table.apply(state)
row = table[1]
assert None not in (row.inward, row.outward)
assert (row.phrase, row.put_wait_ns, row.get_wait_ns) == ("gate main", 0, 5 * SECOND)
assert "pass: 7, 2 waited, 5.00 s in all" in explained(row), explained(row)
texts = {column.id: column.text(row) for column in traffic_columns(WrittenStore().processes)}
assert (texts["name"], texts["type"], texts["get_wait"]) == ("main", "Gate", "5.0 s"), texts

# Wiring: which way things go, and what it looks like.
assert direction_of("open", "Gate") == "into"
assert direction_of("pass", "Gate") == "out"
uses = use_snapshot(reader.objects.counters(), {1: "Gate"}, BEGAN).uses
assert {(key, use.total) for key, use in uses.items()} == {((1, 1, "into"), 3), ((2, 1, "out"), 7)}
picture, meaning = type_look("Gate")
assert (picture, meaning, shape_of("object", picture, meaning)) == ("event", "warning", "slant")

# Timeline: its family.
timeline = Timeline(SessionRows(reader), len(MEANINGS), family_of)
while timeline.step(1):
    pass
((_, tracks),) = timeline.threads(2)
waited, _ = tracks.operations.totals(BEGAN, BEGAN + 60 * SECOND)
assert [bool(each) for each in waited] == [False, True, False, False], waited

# Exports and summary.
lines = io.BytesIO()
export(reader, lines)
assert b'"type":"Gate"' in lines.getvalue()
assert b'"operation":"pass"' in lines.getvalue()
trace = io.BytesIO()
export_chrome_trace(reader, trace)
assert b'"name":"pass main","cat":"Gate"' in trace.getvalue()
sheet = io.BytesIO()
export_csv(reader, lambda _: contextlib.nullcontext(sheet))
assert b"open 3; pass 7" in sheet.getvalue()
told = summary(str(path))
assert "3 opened, 7 passed" in told, told
reader.close()

# Who waits for whom, in words.
store = WrittenStore()
for number in (1, 2, 3):
    store.process(number)
store.object(1, "Gate", "main")
store.doing(1, "pass", 1)
(wait,) = waits_of(Situation(store), 1)
assert wait.deed.phrase == "pass through gate main", wait.deed
store.used(1, {2: [times("open", 1)]})
(wait,) = waits_of(Situation(store), 1)
assert wait.sentence == "p2 (12) sets it.", wait.sentence
