"""A kind of event that nobody foresaw, a remark on a process, on its way to the row. Runs in a tree
that knows it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from spawnscope import core
from spawnscope.core.store.change import StoreChange
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary import events
from spawnscope.core.vocabulary.events import Batch, Event, ProcessStarted, Role

assert Path(core.__path__[0]).is_relative_to(Path.cwd()), "the changed tree is the one that runs"

remark: Event = events.ProcessRemarked(1, 7, "slow")  # type: ignore[attr-defined]
batch = Batch(1, (remark,))
assert msgspec.msgpack.decode(msgspec.msgpack.encode(batch), type=Batch) == batch

store = SessionStore()
told: list[StoreChange] = []
store.subscribe(told.append)
store.apply([remark])  # before its process is known: it waits
store.apply([ProcessStarted(1, 11, 1, 0, None, 1, None, "p", Role.CHILD, None, ())])
assert store.processes[1].remark == "slow"  # type: ignore[attr-defined]
store.apply([msgspec.structs.replace(remark, text="fast")])
assert [each.fields for each in told[-1].processes] == [{"remark"}], told[-1]
assert told[-1].events, "who else wants to know is told"
