"""The main window: it composes the panels and connects them; what they do is theirs."""

from __future__ import annotations

import sys
import time
import traceback
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QSettings, Qt, QTimer
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
    QShowEvent,
)
from PySide6.QtWidgets import QMainWindow, QSplitter, QVBoxLayout, QWidget

from .live_session import LiveSession
from .session_view import SessionView
from .style import icons
from .views.banner import Banner
from .views.launch.panel import LaunchPanel
from .views.status_bar import StatusBar

if TYPE_CHECKING:
    from spawnscope.core.client.client import Client
    from spawnscope.core.vocabulary.launch_spec import LaunchSpec

    from .application import Appearance

_LAYOUT_VERSION = 1


class MainWindow(QMainWindow):
    """A window on one session at a time. It emits nothing."""

    def __init__(
        self,
        appearance: Appearance,
        client: Client | None,
        spec: LaunchSpec | None,
        path: str | None,
    ) -> None:
        super().__init__()
        self._appearance = appearance
        self._client = client
        self._first_spec = spec
        self._recorded = path
        self._session: LiveSession | None = None
        self._requests: dict[int, LaunchSpec] = {}
        self._leaving = False
        self._settings = QSettings("spawnscope", "spawnscope")
        self.setWindowTitle("Spawnscope" if path is None else f"{_name_of(path)} – Spawnscope")
        self.setMinimumSize(760, 480)
        self.setAcceptDrops(path is None)

        self._banner = Banner()
        self._launch = LaunchPanel()
        self._launch.setVisible(path is None)
        self._view = SessionView()
        self._columns = QSplitter(Qt.Orientation.Horizontal)
        self._columns.setObjectName("columns")
        self._columns.addWidget(self._launch)
        self._columns.addWidget(self._view)
        self._columns.setStretchFactor(1, 1)
        self._columns.setChildrenCollapsible(False)
        self._columns.setSizes([290, 990])
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._banner)
        layout.addWidget(self._columns, 1)
        self.setCentralWidget(centre)
        self._status = StatusBar()
        self.setStatusBar(self._status)
        self._launch.launch_requested.connect(self._on_launch_requested)
        self._launch.problem_occurred.connect(self._status.show_fault)
        self._build_menus()
        self._restore()

    def showEvent(self, event: QShowEvent) -> None:
        """What can wait until something is to be seen, waits."""
        super().showEvent(event)
        if not event.spontaneous():
            QTimer.singleShot(0, self._begin)

    def closeEvent(self, event: QCloseEvent) -> None:
        """End what runs first, visibly; a second close does not wait for anybody."""
        session = self._session
        if session is None or (session.over and self._leaving):
            self._save()
            event.accept()
            return
        event.ignore()
        if self._leaving:
            session.close()
            session.over = True
            self.close()
            return
        self._leaving = True
        self._save()
        self._launch.set_enabled_to_launch(False)
        live = self._view.table.live_count - 1
        if live > 0:
            self._banner.show_waiting(
                f"Ending {live} process{'' if live == 1 else 'es'} before leaving …",
                "Close again to end them at once.",
            )
        session.ended.connect(self._on_session_left)
        session.leave()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Python files are welcome."""
        if any(url.toLocalFile().endswith(".py") for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Start what was dropped."""
        for url in event.mimeData().urls():
            if url.toLocalFile().endswith(".py"):
                self._launch.launch_file(url.toLocalFile())
        event.acceptProposedAction()

    def _begin(self) -> None:
        sys.excepthook = self._on_exception
        self._status.show_session(self._view)
        if self._recorded is not None:
            self._show_recorded(self._recorded)
        elif self._client is not None:
            self._attach(self._client)
            self._client = None
            if self._first_spec is not None:
                self._on_launch_requested(self._first_spec)

    def _show_recorded(self, path: str) -> None:
        from spawnscope.core.session.session_error import SessionError

        try:
            self._view.show_recorded(path)
        except SessionError as error:
            self._banner.show_problem(str(error))
        self._status.show_file(path)

    def _attach(self, client: Client) -> None:
        session = LiveSession(client, self._view.table, self)
        self._session = session
        session.session_opened.connect(self._status.show_file)
        session.problem_occurred.connect(self._status.show_fault)
        session.launch_refused.connect(self._on_launch_refused)
        session.lost.connect(self._on_session_lost)
        self._view.attach(session)

    def _on_launch_requested(self, spec: LaunchSpec) -> None:
        if self._session is not None and not self._session.over:
            self._banner.clear()
            self._session.launch(spec)

    def _on_launch_refused(self, sentence: str, request: int) -> None:
        self._banner.show_problem(sentence)

    def _on_session_lost(self, sentence: str) -> None:
        self._view.processes.mark_lost(time.time_ns())
        self._view.detach()
        self._launch.set_enabled_to_launch(False)
        self._status.show_fault(sentence)
        self._banner.show_problem(sentence, "Start a new session", self._on_new_session)

    def _on_new_session(self) -> None:
        from spawnscope.core.client.client import Client

        state = self._view.save_state()
        if self._session is not None:
            self._session.close()
            self._session.deleteLater()
        before = self._view
        self._view = SessionView()
        self._view.restore_state(state)
        self._columns.replaceWidget(1, self._view)
        before.deleteLater()
        self._banner.clear()
        self._launch.set_enabled_to_launch(True)
        self._attach(Client())
        self._status.show_session(self._view)

    def _on_session_left(self) -> None:
        if self._session is not None:
            self._session.close()
        self.close()

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        details = "".join(traceback.format_exception(kind, error, trace))
        sys.stderr.write(details)
        self._status.show_fault(f"The window met an error and goes on: {error!r}", details)

    def _build_menus(self) -> None:
        session = self.menuBar().addMenu("&Session")
        if self._recorded is None:
            self._action(session, "&Open script …", "Ctrl+O", self._launch.open_script, "script")
            self._action(session, "&New spec …", "Ctrl+N", self._launch.new_spec, "add")
            session.addSeparator()
        self._action(session, "Open &recorded session …", "Ctrl+Shift+O", self._on_open, "folder")
        if self._recorded is None:
            self._action(session, "&End all workers", "Ctrl+Shift+E", self._on_stop_all, "terminate")
        session.addSeparator()
        self._action(session, "&Quit", "Ctrl+Q", self.close)
        view = self.menuBar().addMenu("&View")
        group = QActionGroup(self)
        for choice in self._appearance.CHOICES:
            title = "Colours as the desktop" if choice == "system" else f"{choice.title()} colours"
            action = QAction(title, self, checkable=True)
            action.setChecked(choice == self._appearance.choice)
            action.triggered.connect(lambda _, choice=choice: self._appearance.choose(choice))
            group.addAction(action)
            view.addAction(action)
        about = self.menuBar().addMenu("&Help")
        self._action(about, "&Keyboard shortcuts", "F1", self._on_shortcuts)
        self._action(about, "&About Spawnscope", None, self._on_about)

    def _action(
        self, menu: object, text: str, shortcut: str | None, slot: object, icon: str = ""
    ) -> QAction:
        action = QAction(text, self)
        if icon:
            action.setIcon(icons.icon(icon))
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
        action.triggered.connect(lambda: slot())  # type: ignore[operator]
        menu.addAction(action)  # type: ignore[attr-defined]
        return action

    def _on_stop_all(self) -> None:
        if self._session is not None and not self._session.over:
            self._session.stop_all()

    def _on_open(self) -> None:
        from .views.open_session import open_session

        open_session(self, self._status.show_fault)

    def _on_shortcuts(self) -> None:
        from .views.about import show_shortcuts

        show_shortcuts(self)

    def _on_about(self) -> None:
        from .views.about import show_about

        show_about(self)

    def _save(self) -> None:
        settings = self._settings
        settings.setValue("layout/version", _LAYOUT_VERSION)
        settings.setValue("layout/geometry", self.saveGeometry())
        settings.setValue("layout/columns", self._columns.saveState())
        for name, state in self._view.save_state().items():
            settings.setValue(f"layout/{name}", state)

    def _restore(self) -> None:
        self.resize(1280, 820)
        settings = self._settings
        if settings.value("layout/version", 0, int) != _LAYOUT_VERSION:
            return
        geometry = settings.value("layout/geometry")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)
        columns = settings.value("layout/columns")
        if isinstance(columns, QByteArray):
            self._columns.restoreState(columns)
        names = ("processes", "messages", "sessionSplitter")
        found = {name: settings.value(f"layout/{name}") for name in names}
        self._view.restore_state({n: s for n, s in found.items() if isinstance(s, QByteArray)})

    def changeEvent(self, event: QEvent) -> None:
        """Figures that waited while the window was hidden are brought up to date."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange and not self.isMinimized():
            self._status.refresh()


def _name_of(path: str) -> str:
    return path.rpartition("/")[2]
