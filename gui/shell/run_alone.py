"""A task that failed, run alone: in the living session, or, if that is over or was recorded, in a
window of its own and after a question.

panels --number of the task--> RunAlone --> LiveSession, as a run of its own
                                   '--box "This runs code from the session"--> another window
"""

from __future__ import annotations

import sys
from typing import Protocol

from PySide6.QtCore import QObject, QProcess, Signal
from PySide6.QtWidgets import QWidget

from spawnscope.core.launch.alone import AloneError, alone
from spawnscope.core.session.session_error import SessionError
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.translation import tr
from spawnscope.core.vocabulary.kept_task import KeptTask
from spawnscope.core.vocabulary.launch_spec import LaunchSpec

from ..kit.plain import message_box
from .open_session import MAIN


class StartsTasks(Protocol):
    """Who starts it: a LiveSession."""

    def run_alone(self, spec: LaunchSpec, payload: bytes, process: int) -> int: ...


class RunAlone(QObject):
    """See the module. `home`: the widget that the box stands before; `session`: the living one,
    None while there is none. Emits problem_occurred(sentence) where a task cannot be run."""

    problem_occurred = Signal(str)

    def __init__(self, store: SessionStore, home: QWidget) -> None:
        super().__init__(home)
        self._store = store
        self._home = home
        self.session: StartsTasks | None = None

    def ask(self, number: int) -> None:
        """Run the task of this number; its pickle is not looked at here."""
        task = self._store.kept.get(number)
        try:
            reader = self._store.lend()
            if task is None or reader is None:
                return
            spec, payload = alone(task, reader.pickled_task(number))
        except (AloneError, SessionError) as error:
            self.problem_occurred.emit(str(error))
            return
        if self.session is not None:
            self.session.run_alone(spec, payload, task.process)
        else:
            self._ask(task, spec.title)

    def _ask(self, task: KeptTask, title: str) -> None:
        box = message_box(
            self._home,
            tr("Run it alone"),
            tr("Run {function} of a recorded session?", function=task.function or tr("the task")),
            more=tr(
                "This runs code from the session '{path}', which can do whatever you can: do it "
                "only if you trust whoever made that file.",
                path=self._store.path,
            ),
            warning=True,
        )
        roles = box.ButtonRole
        anyway = box.addButton(tr("&Run it"), roles.DestructiveRole)
        cancel = box.addButton(tr("&Cancel"), roles.RejectRole)
        box.setDefaultButton(cancel)
        box.setEscapeButton(cancel)
        anyway.clicked.connect(lambda _checked=False: self._open(task.task, title))
        box.open()

    def _open(self, number: int, title: str) -> None:
        """In another window: that of a recorded session has nothing that could start it."""
        ours = [sys.executable, str(MAIN)]
        task = [*ours, "run-alone", "--yes", self._store.path, str(number)]
        started, _ = QProcess.startDetached(
            ours[0], [*ours[1:], "run", f"--name={title}", "--", *task]
        )
        if not started:
            self.problem_occurred.emit(tr("No window could be opened to run the task in."))
