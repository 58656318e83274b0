"""Before processes are ended by force: a question, where others would miss what they have.

    panels --stop, signal--> StrandQuestion --nothing would be missed--> LiveSession
                                   '--box: what would be missed--"Terminate anyway"--^

What is asked of many processes at once is one question: what only those need who end along is no
loss.
"""

from __future__ import annotations

import signal
from collections.abc import Iterable
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from spawnscope.core.analysis.stranding import strands
from spawnscope.core.session.session_error import SessionError
from spawnscope.core.store.store import Store
from spawnscope.core.translation import tr, trn

from ..kit.plain import message_box

_ENDING = frozenset(
    int(getattr(signal, f"SIG{name}")) for name in ("KILL", "TERM", "INT", "HUP", "QUIT", "ABRT")
)
_MOST = 8  # sentences

_Asked = tuple[int, bool, int]  # a process, whether its whole tree, a signal's number or 0: a stop


class EndsProcesses(Protocol):
    """Who does it: a LiveSession."""

    def stop(self, process: int, tree: bool) -> None: ...
    def send_signal(self, process: int, number: int) -> None: ...


class StrandQuestion(QObject):
    """See the module. `store`: what is so now. `home`: the widget that the box stands before."""

    def __init__(self, store: Store, session: EndsProcesses, home: QWidget) -> None:
        super().__init__(home)
        self._store = store
        self._session = session
        self._home = home
        self._asked: list[_Asked] = []
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.timeout.connect(self._decide)

    def stop(self, process: int, tree: bool) -> None:
        """As `LiveSession.stop`, once it is certain that the user wants it."""
        self._asked.append((process, tree, 0))
        self._due.start()

    def send_signal(self, process: int, number: int) -> None:
        """As `LiveSession.send_signal`; of a signal that ends nothing at once."""
        if number in _ENDING:
            self._asked.append((process, False, number))
            self._due.start()
        else:
            self._session.send_signal(process, number)

    def _decide(self) -> None:
        asked, self._asked = self._asked, []
        said = self._strands(asked)
        if said:
            self._ask(asked, said)
        else:
            self._do(asked)

    def _strands(self, asked: Iterable[_Asked]) -> list[str]:
        processes = self._store.processes
        ended = set()
        for process, tree, _ in asked:
            ended.add(process)
            if tree:
                ended.update(processes.descendants(process))
        try:
            return strands(self._store, ended)
        except SessionError:
            return []  # what cannot be known holds nobody up

    def _ask(self, asked: list[_Asked], said: list[str]) -> None:
        shown = said[:_MOST]
        if rest := len(said) - len(shown):
            shown.append(trn("And {count} more.", "And {count} more.", rest))
        box = message_box(
            self._home,
            tr("Terminate"),
            tr("Others would be left waiting, or lose something."),
            more="\n\n".join(shown),
            warning=True,
        )
        roles = box.ButtonRole
        anyway = box.addButton(tr("&Terminate anyway"), roles.DestructiveRole)
        stay = box.addButton(tr("&Let it run"), roles.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        anyway.clicked.connect(partial(self._do, asked))
        box.open()

    def _do(self, asked: list[_Asked], _checked: bool = False) -> None:
        for process, tree, number in asked:
            if number:
                self._session.send_signal(process, number)
            else:
                self._session.stop(process, tree)
