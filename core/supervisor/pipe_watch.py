"""Who is blocked in a pipe, and who has its ends open: once a second, from outside. And who waits
for a lock that was left behind at its fork.

    pipes that somebody waits for --their inodes--.
    a write that does not return --its pipe-------+--> /proc/PID/fd of all --> open_in of each end

Recorders do not tell this. A program that is not Python, and a `print` of one that is, blocks in a
pipe that nobody reads; and a reader waits for ever while somebody, perhaps itself, has the other
end still open. Nothing is looked for as long as nobody waits; and what looking costs is bounded.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import NamedTuple

from ..observe import descriptors, proc_files
from ..observe.recorder_layout import ObjectDefinition
from ..vocabulary.events import HELPERS, Doing
from ..vocabulary.kinds import LOCK_OF_THREADS, MAIN_THREAD, PIPE, WORKING
from .known_process import KnownProcess
from .shared_object import SharedObject
from .shared_objects import SharedObjects

_SHARE = 50  # after a look, so many times as long passes before the next one
_LONGEST_SECONDS = 0.1  # that a look may take
_MOST_ENDS = 10_000
_MOST_KNOWN = 500  # processes that are told of one end
_IDENTITY = re.compile(r"pipe:fd:\d+:(\d+)(?::([01]))?(?:@.*)?", re.DOTALL)
_STREAMS = {0: "stdin", 1: "stdout", 2: "stderr"}

Call = tuple[int, str, int]
"""(number of a process, read or write, descriptor)."""


class _Pending(NamedTuple):
    """A call that has not returned since `since_ns`."""

    state: str
    since_ns: int
    end: SharedObject | None = None


class PipeWatch:
    """See the module. `clock`: Unix time in ns; `offset_ns`: from the monotonic clock to that."""

    def __init__(self, objects: SharedObjects, clock: Callable[[], int], offset_ns: int) -> None:
        self._objects = objects
        self._clock = clock
        self._offset_ns = offset_ns
        self._pending: dict[Call, _Pending] = {}
        self._looked_in = 0.0
        self._next = 0.0
        self._opened: set[SharedObject] = set()  # ends of which it is known who has them open
        self._device = descriptors.device_of_pipes()
        self.doing: dict[int, Doing] = {}
        """By number of the process, what its main thread is blocked in."""

    def look(
        self, living: Iterable[KnownProcess], recorded: Callable[[int], tuple[Doing, ...]]
    ) -> set[int]:
        """Look at all processes; returns the numbers of those whose `doing` has changed.
        `recorded`: what the recorder of a process tells."""
        begin = time.monotonic()
        if begin < self._next:
            return set()
        people = [each for each in living if each.announced and each.role not in HELPERS]
        before, self.doing = self.doing, {}
        blocked = self._blocked(people, recorded)
        self._tell(before)
        waited_for = self._objects.pipes_waited_for()
        if waited_for or blocked:
            self._find_openers(people, waited_for)
        self._forget_openers(people, {end.worker for end in waited_for})
        took = time.monotonic() - begin
        self._next = begin + took * _SHARE
        return {
            number
            for number in before.keys() | self.doing.keys()
            if before.get(number) != self.doing.get(number)
        }

    def with_outside(self, process: int, recorded: tuple[Doing, ...]) -> tuple[Doing, ...]:
        """What a process is in: what its recorder tells, and what is seen from outside."""
        outside = self.doing.get(process)
        return recorded if outside is None or _tell_main(recorded) else (outside, *recorded)

    def last_words(
        self, process: int, recorded: tuple[Doing, ...], by_signal: str | None
    ) -> tuple[Doing, ...]:
        """The same when it has ended, and let go of it. What one that ended by itself was blocked
        in is over."""
        found = self.with_outside(process, recorded) if by_signal else recorded
        doing = self.doing.pop(process, None)
        if doing is not None and doing.object is not None:
            self._objects.waits_by_number(doing.object, (process, MAIN_THREAD), False)
        return found

    def _blocked(
        self,
        people: Iterable[KnownProcess],
        recorded: Callable[[int], tuple[Doing, ...]],
    ) -> bool:
        """Find calls that have not returned since the last look; whether there are any."""
        pending: dict[Call, _Pending] = {}
        for record in people:
            if _tell_main(recorded(record.number)):
                continue
            found = descriptors.pending_call(record.pid)
            if found is None:
                self._wait_for_lock(record, pending)
                continue
            call = (record.number, found.call, found.descriptor)
            known = self._pending.get(call)
            if known is None or known.state != found.state:
                pending[call] = _Pending(found.state, self._clock())
                continue
            end = known.end or self._end_of(record, found.call, found.descriptor)
            pending[call] = known._replace(end=end)
            if end is not None:
                self.doing[record.number] = Doing(
                    MAIN_THREAD, found.call, end.number, known.since_ns, "", ""
                )
        self._pending = pending
        return bool(self.doing)

    def _wait_for_lock(self, record: KnownProcess, pending: dict[Call, _Pending]) -> None:
        """Note it of one that Python has forked beside other threads."""
        making = record.made
        if making is None or making.threads < 2:
            return
        state = descriptors.lock_for_ever(record.pid)
        if state is None:
            return
        call = (record.number, LOCK_OF_THREADS, 0)
        known = self._pending.get(call)
        if known is None or known.state != state:
            known = _Pending(state, self._clock())
        else:
            self.doing[record.number] = Doing(
                MAIN_THREAD, "acquire", None, known.since_ns, "", LOCK_OF_THREADS
            )
        pending[call] = known

    def _end_of(self, record: KnownProcess, call: str, descriptor: int) -> SharedObject | None:
        """The end of a pipe that a process is blocked in. Those that read and wait for what may
        come are many, so only what subprocess gave somebody as its input is told of them."""
        link = descriptors.link_of(record.pid, descriptor)
        if link is None or not link.startswith("pipe:["):
            return None
        inode = int(link[6:-1])
        end = int(call == "write")
        known = self._objects.by_identity(self._identity(inode, end))
        if known is not None:
            return known
        found = self._stream(record, descriptor, link)
        if found is not None:
            maker, name, stream = found
        elif call == "write":
            maker, name = record, record.name
            stream = f"descriptor {descriptor}"  # untranslated: a name
        else:
            return None
        names = (f"{name}.{stream}", f"{stream} of {name}")  # untranslated: names
        if stream == "stdin":
            names = names[::-1]
        ends = []
        for number, each in enumerate(names):
            definition = ObjectDefinition(
                1, PIPE, self._identity(inode, number), True, "", each, 0,
                self._clock() - self._offset_ns,
            )  # fmt: skip
            ends.append(self._objects.define(definition, maker, time.monotonic()))
        return ends[end]

    def _identity(self, inode: int, end: int) -> str:
        return f"pipe:fd:{self._device}:{inode}:{end}"

    def _stream(
        self, record: KnownProcess, descriptor: int, link: str
    ) -> tuple[KnownProcess, str, str] | None:
        """Who gave this pipe to whom as its stdin, stdout or stderr: who started it, its name, and
        which of the three. None where subprocess has no part in it."""
        above: KnownProcess | None = record
        while above is not None and descriptor in _STREAMS:
            popen = self._objects.started(above.pid)
            if popen is not None:
                return above.parent or above, popen.name, _STREAMS[descriptor]
            above = above.parent
        for child in record.children:
            popen = self._objects.started(child.pid) if child.alive else None
            if popen is None:
                continue
            for number, stream in _STREAMS.items():
                if descriptors.link_of(child.pid, number) == link:
                    return record, popen.name, stream
        return None

    def _tell(self, before: Mapping[int, Doing]) -> None:
        """Tell the ends who is blocked in them."""
        for number in before.keys() | self.doing.keys():
            was, now = before.get(number), self.doing.get(number)
            if was == now:
                continue
            for doing, waits in ((was, False), (now, True)):
                if doing is not None and doing.object is not None:
                    self._objects.waits_by_number(doing.object, (number, MAIN_THREAD), waits)

    def _find_openers(
        self, people: Iterable[KnownProcess], waited_for: Iterable[SharedObject]
    ) -> None:
        """Note of each end of the pipes there, in whose descriptors it is."""
        workers = {end.worker for end in waited_for}
        ends: dict[tuple[str, str], SharedObject] = {}  # by link and side
        for end in islice(self._objects.pipes(), _MOST_ENDS):
            found = _IDENTITY.fullmatch(end.identity)
            if found is not None and end.worker in workers:
                link = f"pipe:[{found[1]}]" if found[2] else f"socket:[{found[1]}]"
                ends[link, found[2] or ""] = end
        links = frozenset(link for link, _ in ends)
        openers: dict[SharedObject, dict[int, None]] = {end: {} for end in ends.values()}
        until = time.monotonic() + _LONGEST_SECONDS
        for record in people:
            if record.worker not in workers:
                continue
            opened = descriptors.open_ends(record.pid, links)
            if opened is None and _is_gone(record.pid):
                continue
            if opened is None or time.monotonic() > until:
                # One who hides what it has open, or was not looked at, may have any of them.
                for end in ends.values():
                    self._objects.opened(end, None)
                return
            for each in opened:
                for side, has in (("0", each.reads), ("1", each.writes), ("", True)):
                    end_there = ends.get((each.link, side)) if has else None
                    if end_there is not None and len(openers[end_there]) < _MOST_KNOWN:
                        openers[end_there][record.number] = None
        for end, processes in openers.items():
            self._objects.opened(end, tuple(processes))
        self._opened.update(openers)

    def _forget_openers(self, people: Iterable[KnownProcess], waiting: set[int | None]) -> None:
        """Where nobody waits any more, what was found is soon not true any more. What the last ones
        of a run waited for stays: it is why they were ended."""
        living = {record.worker for record in people}
        for end in [end for end in self._opened if end.worker in living - waiting]:
            self._objects.opened(end, None)
            self._opened.discard(end)


def _tell_main(recorded: Iterable[Doing]) -> bool:
    """Whether these say what the main thread is in, other than at work."""
    return any(each.thread == MAIN_THREAD and each.operation not in WORKING for each in recorded)


def _is_gone(pid: int) -> bool:
    stat = proc_files.read_stat(pid)
    return stat is None or stat.state in "ZX"
