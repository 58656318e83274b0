"""All processes of a session, alive and ended, by their number.

    ProcessStarted, ProcessChanged, ProcessExited,          Change(kind, process, fields)
    Sample, StopProgress, WorkerStarted, --> apply() -->    for the models that show the rows
    ProcessWatched, ProcessDoing, ProcessUnreaped

The table owns the state; item models hold the rows that they show and are told by the changes
which of them to fetch again. It forgives events that come twice or in the wrong order: what comes
before the start of its process waits for it, and a child whose parent is unknown stands at the
top until the parent appears.
"""

from __future__ import annotations

from bisect import insort
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from ..printable import LONGEST_SENTENCE, printable
from ..sentences.outcome import outcome
from ..sentences.watching import unwatched
from ..translation import tr
from ..vocabulary.events import (
    Event,
    ProcessChanged,
    ProcessDoing,
    ProcessExited,
    ProcessStarted,
    ProcessUnreaped,
    ProcessWatched,
    Role,
    Sample,
    StopProgress,
    WorkerStarted,
)
from .change import Change, ChangeKind
from .doing import Deed, deeds
from .objects import ObjectTable
from .process_row import (
    MEASURED,
    ProcessRow,
    Stopping,
    figures_that_differ,
    printable_checked,
    printable_making,
    printable_raised,
)
from .record import Record

ENDED_HISTORIES = 200
"""Ended processes whose CPU histories are kept."""


ALL_FIELDS = frozenset((*ProcessRow.__struct_fields__, *MEASURED))
_END_FIELDS = frozenset(
    (
        "ended_ns", "exit_code", "signal", "terminated_by", "sent", "raised", "outcome", "lost",
        "stopping", "status", "doing", "held",
    )
)  # fmt: skip
_STOP_FIELDS = frozenset(("stopping", "status"))
_DOING_FIELDS = frozenset(("doing", "held"))
_DESCRIPTION = ("ppid", "name", "role", "start_method", "cmdline", "making")
_UNREAPED_FIELDS = frozenset(("unreaped", "zombies"))
_TITLE_FIELDS = frozenset(("title", "worker", "name"))


class ProcessTable:
    """The processes of a session. Only the window's thread (or that of `record`) calls it.

    `objects` tells the names of shared objects; whoever applies events to it calls `rename`.
    """

    def __init__(self, objects: ObjectTable | None = None) -> None:
        self.objects = ObjectTable() if objects is None else objects
        # Objects that were spoken of before they were known, and by which processes.
        self._nameless: dict[int, set[int]] = {}
        self._rows: dict[int, ProcessRow] = {}
        self._children: dict[int | None, list[int]] = {None: []}
        self._place: dict[int, int | None] = {}  # where it stands: its parent, if that is known
        self._strays: dict[int, list[int]] = {}  # unknown parent -> those who wait for it
        self._early: dict[int, dict[type, Event]] = {}  # before the start: the last of each type
        self._live = 0
        # In the order in which the events that waited for their process are taken in.
        self._ended: deque[int] = deque()  # those that may have a history yet

    @classmethod
    def of(cls, rows: Iterable[ProcessRow], objects: ObjectTable) -> ProcessTable:
        """A table of these rows, as those of a moment in the past."""
        table = cls(objects)
        for row in rows:
            table._rows[row.number] = row
            table._live += int(row.is_live)
            table._settle(row)
        return table

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[ProcessRow]:
        """The rows in the order in which they became known."""
        return iter(self._rows.values())

    def __contains__(self, process: object) -> bool:
        return process in self._rows

    def __getitem__(self, process: int) -> ProcessRow:
        return self._rows[process]

    def get(self, process: int) -> ProcessRow | None:
        """The row of a process, None when it is unknown."""
        return self._rows.get(process)

    @property
    def live_count(self) -> int:
        """How many live, the supervisor included."""
        return self._live

    def children(self, process: int | None) -> Sequence[int]:
        """The processes that `process` launched, by number; None: those at the top."""
        return self._children.get(process, ())

    def parent(self, process: int) -> int | None:
        """The process that `process` stands under; None at the top."""
        return self._place[process]

    def descendants(self, process: int) -> Iterator[int]:
        """Everything below `process`, parents before children."""
        waiting = list(self.children(process))
        while waiting:
            number = waiting.pop()
            yield number
            waiting.extend(self.children(number))

    def apply(self, event: Event) -> Change | None:
        """Take in one event; says what changed, None when nothing did."""
        handle = _HANDLERS.get(type(event))
        return None if handle is None else handle(self, event)

    def rename(self, number: int) -> list[Change]:
        """A shared object has a name now: say anew what is done to it."""
        changes = []
        for process in sorted(self._nameless.pop(number, ())):
            row = self._rows.get(process)
            if row is None:
                continue
            if number in row.holding or any(deed.object == number for deed in row.doing):
                doing = deeds(row.doing, self.objects)
                held = tuple(map(self.objects.phrase, row.holding))
                if (doing, held) != (row.doing, row.held):
                    self._rows[row.number] = replace(row, doing=doing, held=held)
                    changes.append(Change(ChangeKind.DOING, row.number, _DOING_FIELDS))
        return changes

    def load(
        self, records: Iterable[Record], last_samples: Mapping[int, Sample] | None = None
    ) -> list[Change]:
        """Take in the processes of a past session, and the last sample of each. What the file
        does not tell the end of has ended with the session, at the last time that it tells."""
        events: list[Event] = []
        for record in records:
            events.append(record.started)
            if record.changed is not None:
                events.append(record.changed)
            sample = (last_samples or {}).get(record.started.process)
            if sample is not None:
                events.append(sample)
            if record.exited is not None:
                events.append(record.exited)
        changes = [change for change in map(self.apply, events) if change is not None]
        last = max((getattr(event, "time_ns", 0) for event in events), default=0)
        return changes + self._end_the_living(last, tr("Ended with the session."), crashed=False)

    def mark_lost(self, time_ns: int) -> list[Change]:
        """The supervisor is gone, and with it all that lived, at `time_ns` (Unix time)."""
        return self._end_the_living(time_ns, tr("Ended unexpectedly."), crashed=True)

    # -- one kind of event each ---------------------------------------------------------------

    def _apply_started(self, event: ProcessStarted) -> Change | None:
        number = event.process
        if number in self._rows:
            return None
        row = ProcessRow.from_event(event)
        self._rows[number] = row
        self._live += 1
        adopted = self._settle(row)
        early = self._early.pop(number, None)
        if early:
            for kind, handle in _HANDLERS.items():
                if kind in early:
                    handle(self, early[kind])
        return Change(ChangeKind.STARTED, number, ALL_FIELDS, adopted)

    def _apply_changed(self, event: ProcessChanged) -> Change | None:
        row = self._rows.get(event.process)
        if row is None:
            return self._keep_for_later(event.process, event)
        if event.time_ns < row.described_ns:
            return None
        new = replace(
            row,
            described_ns=event.time_ns,
            ppid=event.ppid,
            name=printable(event.name),
            role=event.role,
            start_method=event.start_method and printable(event.start_method),
            cmdline=event.cmdline,
            making=printable_making(event.making),
        )
        fields = _difference(row, new, _DESCRIPTION)
        self._rows[event.process] = new
        return Change(ChangeKind.CHANGED, event.process, fields) if fields else None

    def _apply_sample(self, event: Sample) -> Change | None:
        row = self._rows.get(event.process)
        if row is None:
            return self._keep_for_later(event.process, event)
        if row.ended_ns is not None or event.time_ns <= row.sampled_ns:
            return None
        new = self._rows[event.process] = row.with_sample(event)
        fields = figures_that_differ(row.sample, event)
        if row.sampled_status != new.sampled_status:
            fields |= {"status"}
        # A flat line that goes on being flat looks the same: idle processes cost no repaint.
        if new.cpu_history != row.cpu_history and (any(new.cpu_history) or any(row.cpu_history)):
            fields |= {"cpu_history"}
        return Change(ChangeKind.SAMPLED, event.process, fields) if fields else None

    def _apply_stop(self, event: StopProgress) -> Change | None:
        row = self._rows.get(event.process)
        if row is None:
            return self._keep_for_later(event.process, event)
        if row.ended_ns is not None:
            return None
        if row.stopping is not None and event.time_ns < row.stopping.since_ns:
            return None
        stopping = Stopping.from_event(event)
        if stopping == row.stopping:
            return None
        self._rows[event.process] = replace(row, stopping=stopping)
        return Change(ChangeKind.STOPPING, event.process, _STOP_FIELDS)

    def _apply_exited(self, event: ProcessExited) -> Change | None:
        row = self._rows.get(event.process)
        if row is None:
            return self._keep_for_later(event.process, event)
        if row.ended_ns is not None and not row.lost:
            return None
        if row.ended_ns is None:
            self._live -= 1
        self._forget_histories(event.process)
        self._rows[event.process] = replace(
            row,
            ended_ns=max(event.time_ns, row.started_ns),
            exit_code=event.exit_code,
            signal=event.signal,
            terminated_by=event.terminated_by,
            sent=event.circumstances is not None and event.circumstances.sent,
            raised=printable_raised(event.raised),
            outcome=printable(outcome(event), LONGEST_SENTENCE),
            lost=False,
            stopping=None,
            doing=self._deeds(event),
            holding=event.holding,
            held=tuple(map(self.objects.phrase, event.holding)),
        )
        return Change(ChangeKind.ENDED, event.process, _END_FIELDS)

    def _apply_worker(self, event: WorkerStarted) -> Change | None:
        row = self._rows.get(event.process)
        if row is None:
            return self._keep_for_later(event.process, event)
        title = printable(event.title)
        if row.title == title and row.worker == event.worker:
            return None
        self._rows[event.process] = replace(row, title=title, worker=event.worker)
        return Change(ChangeKind.CHANGED, event.process, _TITLE_FIELDS)

    def _apply_doing(self, event: ProcessDoing) -> Change | None:
        row = self._rows.get(event.process)
        if row is None:
            return self._keep_for_later(event.process, event)
        doing = self._deeds(event)
        if row.ended_ns is not None or doing == row.doing:
            return None
        self._rows[event.process] = replace(row, doing=doing)
        return Change(ChangeKind.DOING, event.process, _DOING_FIELDS)

    def _apply_unreaped(self, event: ProcessUnreaped) -> Change | None:
        row = self._rows.get(event.process)
        if row is None:
            return self._keep_for_later(event.process, event)
        self._rows[event.process] = replace(row, unreaped=event.children, zombies=event.count)
        return Change(ChangeKind.CHANGED, event.process, _UNREAPED_FIELDS)

    def _apply_watched(self, event: ProcessWatched) -> Change | None:
        row = self._rows.get(event.process)
        if row is None:
            return self._keep_for_later(event.process, event)
        reason = printable(unwatched(event), LONGEST_SENTENCE)
        checked = printable_checked(event.checked) or row.checked
        new = replace(row, watched=event.watched, unwatched_reason=reason, checked=checked)
        if not event.watched and row.is_live:
            new = replace(new, doing=())  # nobody tells any more
        fields = _difference(row, new, ("watched", "unwatched_reason", "checked", "doing"))
        self._rows[event.process] = new
        return Change(ChangeKind.CHANGED, event.process, fields) if fields else None

    def _forget_histories(self, process: int) -> None:
        """A process has ended: the last few keep the curve of what they used."""
        self._ended.append(process)
        while len(self._ended) > ENDED_HISTORIES:
            old = self._ended.popleft()
            if self._rows[old].cpu_history:
                self._rows[old] = replace(self._rows[old], cpu_history=())

    def _deeds(self, event: ProcessDoing | ProcessExited) -> tuple[Deed, ...]:
        numbers = {each.object for each in event.doing if each.object is not None}
        if isinstance(event, ProcessExited):
            numbers.update(event.holding)
        for number in numbers:
            if number not in self.objects:
                self._nameless.setdefault(number, set()).add(event.process)
        return deeds(event.doing, self.objects)

    # -- the shape of the tree ----------------------------------------------------------------

    def _settle(self, row: ProcessRow) -> tuple[int, ...]:
        """Put a new row into its place and those who waited for it below it."""
        number, parent = row.number, row.parent
        self._children.setdefault(number, [])
        if parent == number:
            parent = None
        elif parent is not None and parent not in self._rows:
            self._strays.setdefault(parent, []).append(number)
            parent = None
        self._place[number] = parent
        insort(self._children[parent], number)
        adopted = []
        for stray in self._strays.pop(number, ()):
            if not self._stands_below(number, stray):  # no rings, whatever the events say
                self._children[None].remove(stray)
                self._place[stray] = number
                insort(self._children[number], stray)
                adopted.append(stray)
        return tuple(adopted)

    def _stands_below(self, process: int, ancestor: int) -> bool:
        place: int | None = process
        while place is not None:
            if place == ancestor:
                return True
            place = self._place[place]
        return False

    def _end_the_living(self, time_ns: int, supervisor: str, crashed: bool) -> list[Change]:
        """End all that lives. `supervisor`: the sentence for the supervisor itself."""
        changes = []
        for row in list(self._rows.values()):
            if row.is_live:
                is_supervisor = row.role is Role.SUPERVISOR
                self._rows[row.number] = replace(
                    row,
                    ended_ns=max(time_ns, row.started_ns),
                    outcome=supervisor if is_supervisor else tr("Ended with the supervisor."),
                    lost=crashed or not is_supervisor,
                    stopping=None,
                )
                changes.append(Change(ChangeKind.ENDED, row.number, _END_FIELDS))
        self._live = 0
        return changes

    def _keep_for_later(self, process: int, event: Event) -> Change | None:
        kept = self._early.setdefault(process, {})
        former = kept.get(type(event))
        if former is None or getattr(former, "time_ns", 0) <= getattr(event, "time_ns", 0):
            kept[type(event)] = event
        return None


def _difference(old: ProcessRow, new: ProcessRow, names: Collection[str]) -> frozenset[str]:
    return frozenset(name for name in names if getattr(old, name) != getattr(new, name))


# By kind of event; also the order in which those that waited for their process are taken in.
_HANDLERS: dict[type[Event], Callable[[ProcessTable, Any], Change | None]] = {
    ProcessStarted: ProcessTable._apply_started,
    WorkerStarted: ProcessTable._apply_worker,
    ProcessChanged: ProcessTable._apply_changed,
    ProcessWatched: ProcessTable._apply_watched,
    Sample: ProcessTable._apply_sample,
    ProcessDoing: ProcessTable._apply_doing,
    ProcessUnreaped: ProcessTable._apply_unreaped,
    StopProgress: ProcessTable._apply_stop,
    ProcessExited: ProcessTable._apply_exited,
}
