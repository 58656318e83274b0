"""Giving back, from outside, what a dead process holds and others wait for: when the user asks.

Release --everything read anew--> is its holder dead, does anybody wait?
                                     | who waits leads to the semaphore: see observe.semaphores
                                     v
posted once, and counted as a release of the dead --> nobody can do it again
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..observe import ptrace, semaphores
from ..observe.semaphores import Waited
from ..sentences.outcome import named
from ..translation import mark, tr
from ..vocabulary.kinds import INNER_LOCKS, MAIN_THREAD, Holding, kind_of
from .journal import SessionJournal
from .known_process import KnownProcess
from .shared_object import SharedObject
from .shared_objects import SharedObjects
from .watched_process import WatchedProcess

_NEEDS = {  # the operations that need what is held, by the type of the lock
    INNER_LOCKS["read"]: frozenset(("get", "idle")),
    INNER_LOCKS["write"]: frozenset(("put", "feed", "deliver")),
}
_ACQUIRES = frozenset(("acquire",))


class NotReleased(Exception):
    """Why not: a sentence that was marked, and its values."""

    def __init__(self, sentence: str, **values: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values_ = values


class Releasing:
    """See the module. `records`: all processes by number; `watched`: those with a recorder."""

    def __init__(
        self,
        objects: SharedObjects,
        records: Mapping[int, KnownProcess],
        watched: Mapping[int, WatchedProcess],
        journal: SessionJournal,
    ) -> None:
        self._objects = objects
        self._records = records
        self._watched = watched
        self._journal = journal

    def release(self, number: int, process: int) -> None:
        """Give the object back for a process, once everything was read; or say why not."""
        shared, holder = self._objects.by_number(number), self._records.get(process)
        if shared is None or holder is None:
            return
        try:
            self._release(shared, holder)
        except NotReleased as refusal:
            self._journal.problem(refusal.sentence, object=shared.label, **refusal.values_)
        else:
            self._objects.gave_back(shared, process)
            sentence = tr(
                "{object}, which {process} held when it ended, was released by Spawnscope.",
                object=shared.label,
                process=named(holder.name, holder.pid),
            )
            self._journal.note(holder, sentence)

    def _release(self, shared: SharedObject, holder: KnownProcess) -> None:
        exclusive = kind_of(shared.type).holding is Holding.ONE
        held = shared.held_by(holder.number)
        if not held:
            raise NotReleased(
                mark("{object} is not released: {process} does not hold it any more."),
                process=named(holder.name, holder.pid),
            )
        if holder.alive:
            raise NotReleased(
                mark("{object} is not released: {process}, which holds it, lives."),
                process=named(holder.name, holder.pid),
            )
        waiters = self._waiters(shared)
        if not waiters:
            raise NotReleased(
                mark("{object} is not released: nobody waits for it, so nobody needs it yet.")
            )
        try:
            waits = _same(self._blocked(waiters))
            if not waits:
                raise NotReleased(
                    mark(
                        "{object} is not released: which semaphore it is cannot be told from what "
                        "its waiters are blocked in."
                    )
                )
            if exclusive and semaphores.value_of(waits[0]):
                raise NotReleased(mark("{object} is not released: it is free already."))
            users = () if exclusive else [one.record.pid for one in self._living()]
            semaphores.post(waits, 1 if exclusive else held, users)
        except PermissionError:
            raise NotReleased(
                mark(
                    "{object} is not released: the kernel does not let Spawnscope write into "
                    "{process}, which waits for it (kernel.yama.ptrace_scope is {scope}); start "
                    "Spawnscope as that user, and with CAP_SYS_PTRACE where this is a container."
                ),
                process=named(waiters[0][0].name, waiters[0][0].pid),
                scope=str(ptrace.scope()),
            ) from None
        except OSError as error:
            raise NotReleased(
                mark("{object} is not released: {error}."), error=error.strerror or str(error)
            ) from None

    def _waiters(self, shared: SharedObject) -> list[tuple[KnownProcess, str]]:
        """The processes and threads that live and wait for it."""
        wanted, needs = shared, _NEEDS.get(shared.type)
        if needs is not None:
            owner = self._objects.by_identity(shared.identity.split(":", 2)[-1])
            if owner is None:
                return []
            wanted = owner
        return [
            (one.record, doing.thread)
            for one in self._living()
            for doing in one.doing
            if doing.object == wanted.number
            and doing.operation in (needs or _ACQUIRES)
            and not (needs and doing.inside and doing.operation in ("get", "idle", "put"))
        ]

    def _living(self) -> list[WatchedProcess]:
        return [one for one in self._watched.values() if one.record.alive]

    def _blocked(self, waiters: list[tuple[KnownProcess, str]]) -> Iterable[list[Waited]]:
        """Of each process that waits: the semaphores that it may be."""
        threads: dict[KnownProcess, set[str]] = {}
        for record, thread in waiters:
            threads.setdefault(record, set()).add(thread)
        for record, names in threads.items():
            blocked = semaphores.waited_for(record.pid)
            if MAIN_THREAD not in names:
                blocked = [one for one in blocked if one.tid != record.pid]
            elif len(names) == 1:
                blocked = [one for one in blocked if one.tid == record.pid]
            yield blocked


def _same(blocked: Iterable[list[Waited]]) -> list[Waited]:
    """The waits for the one semaphore that all of these processes wait for; none where that is
    none, or may be several."""
    waits = [one for each in blocked for one in each]
    files = [{one.file for one in each} for each in _by_process(waits)]
    common = set.intersection(*files) if files else set()
    if len(common) != 1:
        return []
    return [one for one in waits if one.file in common]


def _by_process(waits: list[Waited]) -> list[list[Waited]]:
    found: dict[int, list[Waited]] = {}
    for one in waits:
        found.setdefault(one.pid, []).append(one)
    return list(found.values())
