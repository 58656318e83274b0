"""Finds what is wrong while a session goes on, and tells each finding once, updated and resolved.

    store --look()--> causes --new, or gone?--> confirm(): have everything read now
                                                     |  AllRead
    store, fresh --looked()--> the same causes, with the same proofs --> Finding, told

News of several processes are on their way for different times, and a supervisor that gets no
processor time sends none. So nothing is told before it was seen twice, the second time after
everything had been read anew: what a thread waits in since the same instant at both times, it
waited in all the while.

Called by the thread that owns the store: the window's, or that of `record`.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import NamedTuple

from msgspec.structs import replace

from ...store.store import Store
from ...translation import in_english, tr
from ...vocabulary.findings import Evidence, Finding
from .cause import Cause
from .kinds import FindCauses, find_all
from .view import View

_GROWN = 2.0  # by how much older it is told anew, for the times in its sentences
_YOUNG_NS = 5_000_000_000
_MOST_NAMED = 100  # processes, objects, facts in one finding
TellFinding = Callable[[Finding, Finding], None]
"""A finding that is new or differs: in the person's language, and in English."""


class _Told(NamedTuple):
    """A finding as it was told, in the person's language and in English; `content`: what would have
    to be told anew if it differed."""

    own: Finding
    english: Finding
    cause: Cause
    content: tuple[object, ...]


class Finder:
    """See the module. `confirm` is to have everything read, and `looked` to be called then."""

    def __init__(
        self,
        store: Store,
        tell: TellFinding,
        confirm: Callable[[], object],
        fault: Callable[[str, str], object],
    ) -> None:
        """`fault` is told what of ours has failed: a sentence, and the traceback."""
        self._store = store
        self._fault = fault
        self._broken: dict[FindCauses, str] = {}
        self._unsaid: set[str] = set()  # keys of causes whose sentences could not be made
        self._tell = tell
        self._confirm = confirm
        self._seen: dict[str, Cause] = {}  # at the last look, by key
        self._told: dict[str, _Told] = {}
        self._over: dict[str, Finding] = {}  # what stands since all that it concerns has ended
        self._asked = False

    @property
    def is_needed(self) -> bool:
        """Whether time alone may change what it tells: something stands."""
        return bool(self._told or self._seen)

    def look(self) -> None:
        """See what is wrong; ask for a confirmation where that differs from what was told, or has
        become so much older that its sentences are."""
        found = self._found(View(self._store, told=self._told))
        self._seen = {each.key: each for each, _ in found}
        now_ns = self._store.now_ns()
        news = any(
            self._differs(each, symptoms) or self._is_dated(each.key, now_ns)
            for each, symptoms in found
        )
        gone = self._told.keys() - self._seen.keys()
        if (news or gone) and not self._asked:
            self._asked = True
            self._confirm()

    def looked(self, time_ns: int) -> None:
        """Everything was read at this time (Unix time) or later: tell what is the same as before,
        and what is gone."""
        self._asked = False
        before, found = self._seen, self._found(View(self._store, time_ns, told=self._told))
        self._seen = {each.key: each for each, _ in found}
        for each, symptoms in found:
            earlier = before.get(each.key)
            if earlier is not None and earlier.proof == each.proof:
                self._note(each, symptoms, time_ns)
        graver = [each for each, _ in found if each.key in self._told]
        for key in [key for key in self._told if key not in self._seen and key not in before]:
            self._resolve(key, time_ns, graver)

    def renew(self) -> None:
        """Tell all that stands anew at the next confirmation, for the times in its sentences."""
        self._told = {key: told._replace(content=()) for key, told in self._told.items()}

    def finish(self) -> list[Finding]:
        """Nothing goes on any more: tell what only the end shows. Returns what was told now."""
        now_ns = self._store.now_ns()
        known = {finding.key: finding for finding in self._store.findings}
        return [
            told
            for each, symptoms in self._found(View(self._store, over=True))
            if (before := known.get(each.key)) is None or each.weight.rank < before.severity.rank
            if (told := self._note(each, symptoms, now_ns, before)) is not None
        ]

    # -- within -----------------------------------------------------------------------------------

    def _found(self, view: View) -> list[tuple[Cause, tuple[Evidence, ...]]]:
        before = len(self._broken)
        causes = find_all(view, self._broken)
        for find_causes, trace in list(self._broken.items())[before:]:
            name = find_causes.__module__.rpartition(".")[2]
            sentence = tr("Findings of the kind {name} are not looked for any more.", name=name)
            self._fault(sentence, trace)
        return [(each, view.evidence(view.symptoms(place))) for place, each in enumerate(causes)]

    def _differs(self, found: Cause, symptoms: tuple[Evidence, ...]) -> bool:
        if found.key in self._unsaid:
            return False
        told = self._told.get(found.key)
        return told is None or told.content != _content(found, symptoms)

    def _is_dated(self, key: str, time_ns: int) -> bool:
        """Whether the times in the sentences of what was told are far from those of now."""
        told = self._told.get(key)
        if told is None:
            return False
        age, told_age = time_ns - told.own.since_ns, told.own.time_ns - told.own.since_ns
        return age >= max(_YOUNG_NS, told_age * _GROWN)

    def _note(
        self,
        found: Cause,
        symptoms: tuple[Evidence, ...],
        time_ns: int,
        known: Finding | None = None,
    ) -> Finding | None:
        """Tell it, if it is new, differs, or is so much older that its sentences are. `known`: as
        it was told by somebody else before."""
        if found.key in self._unsaid:
            return None
        content = _content(found, symptoms)
        before = self._told.get(found.key)
        known = known or self._over.pop(found.key, None)
        number = self._store.findings.next_number() if known is None else known.finding
        if before is not None:
            if found.weight.rank > before.own.severity.rank and self._is_over(before.cause):
                self._told[found.key] = before._replace(content=content)  # it stands as it was
                return None
            if content == before.content and not self._is_dated(found.key, time_ns):
                return None
            number = before.own.finding
        try:
            own = _event(found, symptoms, number, time_ns)
            with in_english():
                english = _event(found, symptoms, number, time_ns)
        except Exception:  # noqa: BLE001 - a sentence that cannot be made costs itself alone
            self._unsaid.add(found.key)
            sentence = tr("A finding of the kind {name} could not be told.", name=found.code)
            self._fault(sentence, traceback.format_exc())
            return None
        self._told[found.key] = _Told(own, english, found, content)
        self._tell(own, english)
        return own

    def _resolve(self, key: str, time_ns: int, others: list[Cause]) -> None:
        """It holds no more. Where all that it concerns has ended, it stands as it was: that is no
        remedy; unless somebody was helped before, or one of the `others`, which is graver, tells
        more about that now."""
        told = self._told.pop(key)
        stands = self._is_over(told.cause) and not self._went_on(told.cause)
        if stands and not any(
            each.weight.rank < told.own.severity.rank
            and {*told.cause.processes} <= {*each.processes}
            for each in others
        ):
            self._over[key] = told.own
            return
        self._tell(*(
            replace(each, time_ns=time_ns, resolved_ns=time_ns) for each in (told.own, told.english)
        ))  # fmt: skip

    def _is_over(self, found: Cause) -> bool:
        """Whether all that it concerns has ended."""
        rows = [self._store.processes.get(number) for number in found.processes]
        return bool(rows) and all(row is None or not row.is_live for row in rows)

    def _went_on(self, found: Cause) -> bool:
        """Whether one that it held up has got what it waited for, and ended in order."""
        return any(
            (fact.process, fact.thread) in found.waits and self._got_through(fact)
            for fact in found.evidence
        )

    def _got_through(self, fact: Evidence) -> bool:
        row = self._store.processes.get(fact.process)
        used = None if fact.object is None else self._store.objects.get(fact.object)
        if row is None or row.exit_code != 0 or row.sent or used is None:
            return False
        failed = any(each.errors for each in used.counts if each.operation == fact.operation)
        return not failed and all(deed.thread != fact.thread for deed in row.doing)


def _content(found: Cause, symptoms: tuple[Evidence, ...]) -> tuple[object, ...]:
    """What has to be told anew when it differs."""
    waits = tuple((one.process, one.thread, one.object) for one in symptoms)
    return found.processes, found.objects, found.weight, found.proof, found.evidence, waits


def _event(found: Cause, symptoms: tuple[Evidence, ...], number: int, time_ns: int) -> Finding:
    words = found.words()
    return Finding(
        finding=number,
        time_ns=time_ns,
        code=found.code,
        severity=found.weight,
        since_ns=found.since_ns,
        title=words.title,
        explanation=words.explanation,
        advice=words.advice,
        processes=found.processes[:_MOST_NAMED],
        objects=found.objects[:_MOST_NAMED],
        evidence=found.evidence[:_MOST_NAMED],
        symptoms=symptoms[:_MOST_NAMED],
        cures=found.cures,
        key=found.key,
    )
