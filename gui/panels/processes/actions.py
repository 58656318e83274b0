"""What can be done to the selected processes, as actions for toolbar, menu and keyboard.

Each action says to which rows it applies; it is enabled when it applies to at least one of the
selected, and then acts on just those.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence

import msgspec
from PySide6.QtCore import QObject, Qt
from PySide6.QtCore import Signal as QtSignal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from spawnscope.core.store.process_row import ProcessRow
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.translation import tr

from ...kit.plain import set_tip
from ...kit.style.icons import icon
from .signal_words import signal_words


class ProcessAction(msgspec.Struct, frozen=True, eq=False):
    """One thing to do. `changes`: it needs a living session; the others only look."""

    id: str
    text: str
    icon: str
    shortcut: str
    explanation: str
    applies: Callable[[ProcessRow], bool]
    changes: bool = True
    meaning: str = "text"


def _always(_row: ProcessRow) -> bool:
    return True


def _may_end(row: ProcessRow) -> bool:
    return row.may_be_signalled and not row.is_stopping


def _may_signal(row: ProcessRow) -> bool:
    return row.may_be_signalled


def _may_suspend(row: ProcessRow) -> bool:
    return row.may_be_signalled and not row.is_suspended


def _may_resume(row: ProcessRow) -> bool:
    return row.may_be_signalled and (row.is_suspended or not row.sampled_status)


def _may_restart(row: ProcessRow) -> bool:
    return row.is_worker_root


DEEDS = (
    ProcessAction("terminate", tr("Terminate"), "terminate", "Del",  # untranslated: a key
         tr("Ask with SIGTERM, wait, then SIGKILL"), _may_end, meaning="bad"),
    ProcessAction("kill", tr("Kill"), "kill", "Shift+Del",
         tr("End at once with SIGKILL; nothing is saved"), _may_signal, meaning="bad"),
    ProcessAction("tree", tr("Terminate tree"), "terminate-tree", "Ctrl+Shift+Del",
         tr("End the process and everything below it"), _may_signal, meaning="bad"),
    ProcessAction("suspend", tr("Suspend"), "suspend", "Ctrl+Shift+S",
         tr("Hold it where it is, with SIGSTOP"), _may_suspend),
    ProcessAction("resume", tr("Resume"), "resume", "Ctrl+Shift+U",
         tr("Let a suspended process go on, with SIGCONT"), _may_resume),
    ProcessAction("signal", tr("Send signal"), "signal", "Ctrl+Shift+G",
         tr("Send any signal, chosen from a list"), _may_signal),
    ProcessAction("restart", tr("Restart"), "restart", "Ctrl+Shift+R",
         tr("End the worker and all below it, then launch it again"), _may_restart),
    ProcessAction("copy", tr("Copy"), "copy", "Ctrl+C",
         tr("Copy the selected rows as text"), _always, changes=False),
    ProcessAction("copy_cell", tr("Copy cell"), "", "Ctrl+Shift+C",
         tr("Copy the text of the current cell"), _always, changes=False),
    ProcessAction("copy_pid", tr("Copy PID"), "", "Ctrl+Alt+C",
         tr("Copy the process ids"), _always, changes=False),
    ProcessAction("reveal", tr("Show in messages"), "reveal", "Return",  # untranslated: a key
         tr("Go to what it wrote"), _always, changes=False),
)  # fmt: skip

_ALSO = {"reveal": [QKeySequence("Enter")]}  # untranslated: a key; further keys for the same

_MENU = (
    "terminate", "kill", "tree", "",
    "suspend", "resume", "signal", "",
    "restart", "",
    "copy", "copy_cell", "copy_pid", "",
    "reveal",
)  # fmt: skip


class ProcessActions(QObject):
    """The actions, bound to a widget whose focus makes their shortcuts work.

    Emits, once for each process concerned: signal_requested(process, signum),
    stop_requested(process, tree), restart_requested(process); and
    reveal_requested(process), copy_requested(str: "rows", "cell" or "pids").
    """

    signal_requested = QtSignal(int, int)
    stop_requested = QtSignal(int, bool)
    restart_requested = QtSignal(int)
    reveal_requested = QtSignal(int)
    copy_requested = QtSignal(str)

    def __init__(
        self, table: ProcessTable, home: QWidget, selected: Callable[[], Sequence[int]]
    ) -> None:
        super().__init__(home)
        self._table = table
        self._home = home
        self._selected = selected
        self._live = True
        self._signals: QMenu | None = None
        self._menu: QMenu | None = None
        self._actions = {deed.id: self._make(deed) for deed in DEEDS}
        for deed, run in (
            ("terminate", lambda: self._stop(_may_end, False)),
            ("kill", lambda: self._send(signal.SIGKILL, _may_signal)),
            ("tree", self._stop_trees),
            ("suspend", lambda: self._send(signal.SIGSTOP, _may_suspend)),
            ("resume", lambda: self._send(signal.SIGCONT, _may_resume)),
            ("signal", self._pop_up_signals),
            ("restart", self._restart),
            ("copy", lambda: self.copy_requested.emit("rows")),
            ("copy_cell", lambda: self.copy_requested.emit("cell")),
            ("copy_pid", lambda: self.copy_requested.emit("pids")),
            ("reveal", self._reveal),
        ):
            self._actions[deed].triggered.connect(run)
        self._actions["signal"].setMenu(self.signal_menu())
        self.refresh()

    def __getitem__(self, deed: str) -> QAction:
        return self._actions[deed]

    def set_live(self, live: bool) -> None:
        """Whether the session lives; a past one can only be looked at."""
        self._live = live
        self.refresh()

    def refresh(self) -> None:
        """Enable what applies to the selection as it stands."""
        rows = self._rows(_always)
        for deed in DEEDS:
            enabled = (self._live or not deed.changes) and any(map(deed.applies, rows))
            action = self._actions[deed.id]
            if action.isEnabled() != enabled:
                action.setEnabled(enabled)

    def menu(self) -> QMenu:
        """The context menu, made when first asked for."""
        if self._menu is None:
            self._menu = QMenu(tr("Process"), self._home)
            self._menu.setToolTipsVisible(True)
            for deed in _MENU:
                if not deed:
                    self._menu.addSeparator()
                else:
                    self._menu.addAction(self._actions[deed])
        return self._menu

    def signal_menu(self) -> QMenu:
        """All signals of this system by name, made when first shown."""
        if self._signals is None:
            self._signals = QMenu(tr("Send signal"), self._home)
            self._signals.setToolTipsVisible(True)
            self._signals.aboutToShow.connect(self._fill_signals)
        return self._signals

    def _make(self, deed: ProcessAction) -> QAction:
        action = QAction(deed.text, self._home)
        action.setObjectName(deed.id)
        if deed.icon:
            action.setIcon(icon(deed.icon, deed.meaning))
        sequence = QKeySequence(deed.shortcut)
        action.setShortcuts([sequence, *_ALSO.get(deed.id, ())])
        # Of the tree alone: in the filter box, Delete deletes letters.
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        shown = sequence.toString(QKeySequence.SequenceFormat.NativeText)
        set_tip(action, f"{deed.text} ({shown})\n{deed.explanation}")
        action.setStatusTip(deed.explanation)
        self._home.addAction(action)
        return action

    def _rows(self, applies: Callable[[ProcessRow], bool]) -> list[ProcessRow]:
        rows = (self._table.get(process) for process in self._selected())
        return [row for row in rows if row is not None and applies(row)]

    def _stop(self, applies: Callable[[ProcessRow], bool], tree: bool) -> None:
        for row in self._rows(applies):
            self.stop_requested.emit(row.number, tree)

    def _stop_trees(self) -> None:
        rows = self._rows(_may_signal)
        within = {below for row in rows for below in self._table.descendants(row.number)}
        for row in rows:
            if row.number not in within:  # it goes with its ancestor
                self.stop_requested.emit(row.number, True)

    def _send(self, number: int, applies: Callable[[ProcessRow], bool]) -> None:
        for row in self._rows(applies):
            self.signal_requested.emit(row.number, int(number))

    def _restart(self) -> None:
        for row in self._rows(_may_restart):
            self.restart_requested.emit(row.number)

    def _reveal(self) -> None:
        rows = self._rows(_always)
        if rows:
            self.reveal_requested.emit(rows[0].number)

    def _pop_up_signals(self) -> None:
        place = self._home.rect().topLeft()
        self.signal_menu().popup(self._home.mapToGlobal(place))

    def _fill_signals(self) -> None:
        menu = self.signal_menu()
        if not menu.isEmpty():
            return
        for each in sorted(signal.Signals):
            words = signal_words(each)
            action = menu.addAction(f"{each.name}\t{words}" if words else each.name)
            set_tip(action, f"{each.name} ({int(each)}): {words or tr('no common use')}")
            action.triggered.connect(
                lambda _checked=False, number=int(each): self._send(number, _may_signal)
            )
