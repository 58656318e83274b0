"""What recorders say of processes: what they are called, what for, and who made them.

WatchedProcess --of itself-----> Naming --> the registry tells what is news
               --of its children-'    '--> Strangers: whose child a file's process is
"""

from __future__ import annotations

from . import description
from .known_process import KnownProcess
from .process_registry import ProcessRegistry
from .recognition import NamedProcess, making_of, role_by_run
from .strangers import Strangers
from .watched_process import WatchedProcess

_MOST_NAMED = 200  # processes that one names, which are looked up in a round


class Naming:
    """See the module."""

    def __init__(self, registry: ProcessRegistry, strangers: Strangers) -> None:
        self._registry = registry
        self._strangers = strangers

    def children(self, one: WatchedProcess) -> None:
        """What it says of those that it started."""
        for pid in one.started:
            self._strangers.started(one.record, pid)
        one.started.clear()
        for process in one.named[:_MOST_NAMED]:
            record = self._registry.by_pid(process.pid)
            if record is None:
                self._registry.before_search()  # its fork may have been announced, and not read
                record = self._registry.by_pid(process.pid)
            if record is not None and record.worker == one.record.worker:
                self._child(record, process)
        del one.named[:_MOST_NAMED]

    def _child(self, record: KnownProcess, process: NamedProcess) -> None:
        before = record.description
        role = role_by_run(process.name, process.function)
        if process.by_library and record.alive and (process.name or role):
            self._registry.recognise(record, process.name, role, process.start_method)
        description.made_by(record, process)
        self._registry.tell_change(record, before)

    def itself(self, one: WatchedProcess) -> None:
        """What it says of itself."""
        record = one.record
        own, making = one.new_recognition(), making_of(one.facts) or one.record.making
        if own is None and making == record.making:
            return
        before = record.description
        if own is not None:
            self._registry.recognise(record, own.name, one.role, own.start_method)
        record.making = making
        self._registry.tell_change(record, before)
