"""One thing that is wrong, as a kind of finding reports it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from ...vocabulary.findings import FINDINGS, Cure, Evidence, Severity
from ...vocabulary.kinds import ThreadKey


class Words(msgspec.Struct, frozen=True):
    """What a person reads: one line; a few sentences with the program's own names; what to do."""

    title: str
    explanation: str
    advice: str


class Cause(msgspec.Struct, frozen=True):
    """See the module. `which`: with the code, what makes it the same one at the next look.

    `words` makes the texts when they are needed, in the language of whoever asks then; it holds
    rows, not tables. `waits`: the waits that it explains by itself, whose dependents become its
    symptoms; `entails`: others that do, though no link tells of that. `proof`: what must not have
    changed between two looks for it to be sure, such as since when each wait of a circle lasts.
    `severity` None: as is usual for its code.
    """

    code: str
    which: tuple[int | str, ...]
    words: Callable[[], Words]
    since_ns: int
    processes: tuple[int, ...] = ()
    objects: tuple[int, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    waits: frozenset[ThreadKey] = frozenset()
    entails: frozenset[ThreadKey] = frozenset()
    proof: tuple[object, ...] = ()
    cures: tuple[Cure, ...] = ()
    severity: Severity | None = None

    @property
    def key(self) -> str:
        """What no other cause has: the code and `which` in one."""
        return key_of(self.code, self.which)

    @property
    def weight(self) -> Severity:
        """How bad it is."""
        return self.severity or FINDINGS[self.code].severity


def key_of(code: str, which: tuple[int | str, ...]) -> str:
    """See `Cause.key`."""
    return ":".join((code, *map(str, which)))
