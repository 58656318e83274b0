"""Whom it concerns that something is wrong: which processes, objects and waits.

findings that stand --worst first--> by process, by object, by wait --> marks in the panels
"""

from __future__ import annotations

from collections.abc import Iterable

from ...store.doing import Deed
from ...store.findings import by_weight
from ...vocabulary.findings import Finding, Severity

WaitKey = tuple[int, str, str, int | None]
"""(process, thread, operation, object) of a wait."""


class Concerned:
    """See the module; of several findings the worst. `processes`: those that an error or a warning
    is about; `waiting`: those that only wait because of one; `objects`; `waits`: of hints too."""

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self.processes: dict[int, Finding] = {}
        self.waiting: dict[int, Finding] = {}
        self.objects: dict[int, Finding] = {}
        self.waits: dict[WaitKey, Finding] = {}
        self.standing = by_weight(one for one in findings if one.resolved_ns is None)
        self._pairs: set[tuple[int, int]] = set()
        for one in self.standing:
            for fact in (*one.evidence, *one.symptoms):
                key = (fact.process, fact.thread, fact.operation, fact.object)
                self.waits.setdefault(key, one)
            if one.severity is Severity.HINT:
                continue
            for process in one.processes:
                self.processes.setdefault(process, one)
            for number in one.objects:
                self.objects.setdefault(number, one)
            for fact in one.symptoms:
                self.waiting.setdefault(fact.process, one)
            self._pairs.update((p, o) for p in one.processes for o in one.objects)
        for process in self.processes:
            self.waiting.pop(process, None)

    def of_process(self, number: int) -> Finding | None:
        """The error or warning that a process is part of, or waits because of."""
        return self.processes.get(number) or self.waiting.get(number)

    def of_wait(self, process: int, deed: Deed) -> Finding | None:
        """What a wait of a process belongs to."""
        return self.waits.get((process, deed.thread, deed.operation, deed.object))

    def joins(self, process: int, number: int) -> bool:
        """Whether one finding is about both this process and this object."""
        return (process, number) in self._pairs
