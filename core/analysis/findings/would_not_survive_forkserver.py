"""What would break in a program where forkserver or spawn starts its processes, as its own probe
has found it on request: one cause for each argument, guard or global."""

from __future__ import annotations

from collections.abc import Iterator

from ...store.process_row import ProcessRow
from ...translation import tr
from ...vocabulary.checking import Breakage
from ...vocabulary.findings import Evidence, Severity
from ...vocabulary.kinds import MAIN_THREAD
from ..waits.situation import who
from .cause import Cause, Words
from .survival_words import words_of
from .view import View

_MOST_READERS = 20
_Key = tuple[int | None, str, str, str]


def would_not_survive(view: View) -> Iterator[Cause]:
    """One for each thing that would break in a run, whoever is to start with it."""
    found: dict[_Key, list[tuple[ProcessRow, Breakage]]] = {}
    for row in view.processes:
        for each in row.checked.breakages if row.checked is not None else ():
            found.setdefault(_key(row, each), []).append((row, each))
    for key, told in found.items():
        yield _found(key, told)


def _key(row: ProcessRow, one: Breakage) -> _Key:
    if one.kind == "argument":
        return row.worker, one.kind, one.what, one.why
    return row.worker, one.kind, one.name, one.bound


def _found(key: _Key, told: list[tuple[ProcessRow, Breakage]]) -> Cause:
    row = told[0][0]
    breakages = [each for _, each in told]
    first = next((each for each in breakages if each.sure), breakages[0])

    def words() -> Words:
        return words_of(who(row, row.number), first, breakages)

    evidence = tuple(
        Evidence(
            each.number, MAIN_THREAD, "start", None, each.started_ns, site,
            tr("starts {what}", what=one.what) if one.what else tr("starts processes"),
        )
        for each, one in told[:_MOST_READERS]
        for site in (one.site,)
    )  # fmt: skip
    return Cause(
        code="would-not-survive-forkserver",
        which=(str(key[0]), *key[1:]),
        words=words,
        since_ns=row.started_ns,
        processes=tuple(dict.fromkeys(each.number for each, _ in told)),
        evidence=evidence,
        proof=(first.sure, len(told)),
        severity=Severity.WARNING if first.sure else Severity.HINT,
    )
