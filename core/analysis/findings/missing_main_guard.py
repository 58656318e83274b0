"""A program that starts processes as its main module is imported: under spawn and forkserver each
child imports that, and would start processes in turn. Python refuses, in the child."""

from __future__ import annotations

from collections.abc import Iterator

from ...sentences.outcome import exception
from ...sentences.place import file_and_line
from ...store.process_row import ProcessRow
from ...translation import tr, trn
from ...vocabulary.findings import Cure, Remedy
from ...vocabulary.kinds import ThreadKey
from ..waits.situation import who
from .cause import Cause, Words
from .view import View

_PHASE = "bootstrapping phase"  # untranslated: Python's words


def missing_guards(view: View) -> Iterator[Cause]:
    """One for each process whose children ended so; whoever waits in its run does because of it."""
    found: dict[int, list[ProcessRow]] = {}
    for row in view.processes:
        raised = row.raised
        if raised is not None and raised.type == "RuntimeError" and _PHASE in raised.text:
            found.setdefault(_above(view, row), []).append(row)
    for parent, children in found.items():
        yield _found(view, view.row(parent), children)


def _above(view: View, row: ProcessRow) -> int:
    """Whose child it was to be, beyond the fork server."""
    parent = row.parent
    while parent is not None and parent in view.store.processes:
        above = view.row(parent)
        if above.role.value != "forkserver":
            return parent
        parent = above.parent
    return row.number


def _found(view: View, maker: ProcessRow, children: list[ProcessRow]) -> Cause:
    first = children[0]
    raised = first.raised
    assert raised is not None
    family = {maker.number, *view.store.processes.descendants(maker.number)}
    waits: list[ThreadKey] = [wait for wait in view.waiting() if wait[0] in family]

    def words() -> Words:
        place = file_and_line(raised.place)
        module = place.rpartition(":")[0] or maker.label
        title = tr(
            "{module} starts processes as it is imported: its main guard is missing", module=module
        )
        told = [
            tr(
                "{child} was to be started by {maker}; under {method} it imports {module} first, "
                "and there, at {place}, it was to start a process itself.",
                child=who(first, first.number), maker=who(maker, maker.number), module=module,
                method=first.start_method or "spawn", place=place or tr("an unknown place"),
            ),
            tr("Python refuses that: {error}.", error=exception(raised)),
            trn(
                "{count} process has ended so.", "{count} processes have ended so.", len(children)
            ),
        ]  # fmt: skip
        if waits:
            told.append(
                trn(
                    "Somebody waits for what they should have done, for ever.",
                    "{count} threads wait for what they should have done, for ever.",
                    len(waits),
                )
            )
        advice = tr(
            'Put what starts processes into a function, and call that below `if __name__ == '
            '"__main__":` at the end of {module}.',
            module=module,
        )  # fmt: skip
        return Words(title, " ".join(told), advice)

    return Cause(
        code="missing-main-guard",
        which=(maker.number,),
        words=words,
        since_ns=first.ended_ns or view.now_ns,
        processes=(maker.number, first.number),
        waits=frozenset(waits),
        proof=(first.number,),
        cures=(Cure(Remedy.TERMINATE_TREE, maker.number),) if maker.is_live else (),
    )
