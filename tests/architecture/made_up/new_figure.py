"""A figure that nobody measured before, the context switches of a process, from the sampler to the
tree. Runs in a tree that measures it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec

from spawnscope import core
from spawnscope.core.observe.sampler import Sampler
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.vocabulary.events import Batch, ProcessStarted, Role
from spawnscope.gui.panels.processes.columns import COLUMNS

assert Path(core.__path__[0]).is_relative_to(Path.cwd()), "the changed tree is the one that runs"
FIELD = "ctx_switches"

sampler = Sampler()
sampler.add(1, os.getpid())
(first,) = sampler.take(5)
sampler.close()
measured: Any = getattr(first, FIELD)
assert measured > 0
batch = Batch(1, (first,))
assert msgspec.msgpack.decode(msgspec.msgpack.encode(batch), type=Batch) == batch

table = ProcessTable()
table.apply(ProcessStarted(1, os.getpid(), 1, 0, None, 1, None, "p", Role.CHILD, None, ()))
(column,) = [column for column in COLUMNS if FIELD in column.fields]
assert column.text(table[1]) == ""
change = table.apply(first)
assert change is not None
assert FIELD in change.fields
assert column.text(table[1]) == str(measured)
assert column.value(table[1]) == measured
later = msgspec.structs.replace(first, time_ns=6, **{FIELD: measured + 1})
change = table.apply(later)
assert change is not None
assert change.fields == {FIELD}, change
touched = [each for each in COLUMNS if each.fields & change.fields]
assert touched == [column], "only its cell is painted anew"
