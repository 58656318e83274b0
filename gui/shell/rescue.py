"""What is done for a stuck program from outside, after a question that says what it may cost.

Findings panel --Cure--> Rescue --box--"Release"--> supervisor
                                     --"Remove"---> left_memory
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from spawnscope.core.analysis.waits.situation import who
from spawnscope.core.observe.left_memory import NotRemoved, remove_left
from spawnscope.core.store.store import Store
from spawnscope.core.translation import tr
from spawnscope.core.vocabulary.findings import Cure, Remedy
from spawnscope.core.vocabulary.kinds import INNER_LOCKS

from ..kit.plain import message_box


class GivesBack(Protocol):
    """Who gives back what a dead process holds: a LiveSession."""

    def release(self, number: int, process: int) -> None: ...


class Rescue(QObject):
    """See the module. `home`: the widget that the box stands before. Emits
    problem_occurred(sentence) where something could not be removed."""

    problem_occurred = Signal(str)

    def __init__(self, store: Store, session: GivesBack, home: QWidget) -> None:
        super().__init__(home)
        self._store = store
        self._session = session
        self._home = home

    def ask(self, cure: Cure) -> None:
        """Say what it may cost, and do it if the user wants that."""
        if cure.remedy is Remedy.UNLINK:
            self._ask_to_remove(cure.name)
        elif cure.object is not None and cure.process is not None:
            self._ask_to_release(cure.object, cure.process)

    def _ask_to_release(self, number: int, process: int) -> None:
        row = self._store.objects.get(number)
        if row is None:
            return
        holder = who(self._store.processes.get(process), process)
        if row.type in INNER_LOCKS.values():
            cost = tr(
                "{process} ended while it had it. If it was in the middle of a message, half of "
                "that is still in the pipe, and whoever reads next gets nonsense or an error.",
                process=holder,
            )
        else:
            cost = tr(
                "{process} ended while it held it. What the lock protects may be half done: "
                "written in part, or counted and not stored. Whoever waits goes on with that.",
                process=holder,
            )
        self._open(
            tr("Release {object}?", object=row.phrase),
            cost,
            tr("&Release"),
            lambda: self._session.release(number, process),
        )

    def _ask_to_remove(self, name: str) -> None:
        self._open(
            tr("Remove /dev/shm/{name}?", name=name),
            tr("What is in it is lost. Nothing happens while any process has it open."),
            tr("&Remove"),
            lambda: self._remove(name),
        )

    def _remove(self, name: str) -> None:
        try:
            remove_left(name)
        except NotRemoved as refusal:
            self.problem_occurred.emit(str(refusal))

    def _open(self, text: str, cost: str, button: str, do: Callable[[], None]) -> None:
        box = message_box(self._home, tr("Rescue"), text, more=cost, warning=True)
        roles = box.ButtonRole
        anyway = box.addButton(button, roles.DestructiveRole)
        cancel = box.addButton(tr("&Cancel"), roles.RejectRole)
        box.setDefaultButton(cancel)
        box.setEscapeButton(cancel)
        anyway.clicked.connect(lambda _checked=False: do())
        box.open()
