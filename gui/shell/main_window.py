"""The main window: it composes the panels and connects them; what they do is theirs."""

from __future__ import annotations

import sys
import traceback
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QTimer, Signal
from PySide6.QtWidgets import QApplication, QMainWindow

from spawnscope.core.translation import tr

from ..kit.text.foreign import window_title
from .skeleton import Skeleton

# What stands here is loaded before the first paint; the rest is imported where it is used.
if TYPE_CHECKING:
    from PySide6.QtCore import QByteArray, QEvent
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent
    from PySide6.QtWidgets import QSplitter

    from spawnscope.core.client.client import Client
    from spawnscope.core.vocabulary.launch_spec import LaunchSpec

    from ..panels.launch.panel import LaunchPanel
    from .appearance import Appearance
    from .banner import Banner
    from .leaving import Leaving
    from .live_session import LiveSession
    from .session_view import SessionView
    from .status_bar import StatusBar
    from .system_signals import SystemSignals

_LAYOUT_VERSION = 1


class MainWindow(QMainWindow):
    """A window on one session at a time. It emits `closing()` when it closes for good.

    It is shown as an empty shape; the panels are loaded as soon as that has been painted.
    """

    closing = Signal()

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
        self._signals: SystemSignals | None = None
        self._begun = False  # with what comes after the first paint
        self._composed = False
        self._closed = False
        self._leaving: Leaving
        self._banner: Banner
        self._launch: LaunchPanel
        self._view: SessionView
        self._status: StatusBar
        self._columns: QSplitter
        self._settings = QSettings("spawnscope", "spawnscope")
        names = [] if path is None else [_name_of(path)]
        self.setWindowTitle(window_title(" – ".join([*names, "Spawnscope"])))  # untranslated: names
        self.setMinimumSize(800, 480)
        self.setCentralWidget(Skeleton(path is None))
        room = self.screen().availableGeometry()
        self.resize(min(1440, room.width() * 9 // 10), min(900, room.height() * 9 // 10))
        geometry = self._layout("geometry")
        if geometry is not None:
            self.restoreGeometry(geometry)

    def paintEvent(self, event: QPaintEvent) -> None:
        """What can wait until something is to be seen, waits."""
        super().paintEvent(event)
        if not self._begun:
            self._begun = True
            QTimer.singleShot(0, self._begin)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask, then end what runs, visibly: the window goes when `Leaving` says so."""
        if self._composed and not self._closed:
            self._leaving.wish()
            if not self._leaving.is_over:
                event.ignore()
                return
            self._save()
            self._view.close_session()
        self._closed = True
        self.closing.emit()
        self.let_go()
        event.accept()

    def let_go(self) -> bool:
        """However the window ends: what was launched in it is ended, and a signal just ends the
        process. Returns whether it was closed in order; it was not if the display has gone, say."""
        if self._signals is not None:
            self._signals.close()
            self._signals = None
        if self._session is not None:
            self._session.abandon()
        elif self._client is not None:
            self._client.abandon()
        return self._closed

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Python files are welcome."""
        from ..kit.dropping import dropped_files, take_a_copy

        if any(path.endswith(".py") for path in dropped_files(event)):
            take_a_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Start what was dropped."""
        from ..kit.dropping import dropped_files, take_a_copy

        take_a_copy(event)
        for path in dropped_files(event):
            if path.endswith(".py"):
                self._launch.launch_file(path)

    def _begin(self) -> None:
        try:
            self._listen()
            self._compose()
        except BaseException:
            QApplication.exit(1)  # an empty shape is of no use to anybody
            raise
        self._composed = True
        sys.excepthook = self._on_exception
        self._status.show_session(self._view)
        if self._recorded is not None:
            self._show_recorded(self._recorded)
        elif self._client is not None:
            self._attach(self._client)
            self._client = None
            if self._first_spec is not None:
                self._on_launch_requested(self._first_spec)

    def _listen(self) -> None:
        from .system_signals import SystemSignals

        self._signals = SystemSignals(self)
        self._signals.received.connect(self._on_signal)
        self._appearance.follow_desktop()

    def _compose(self) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

        from ..panels.launch.panel import LaunchPanel
        from .banner import Banner
        from .leaving import Leaving
        from .menus import build_menus
        from .session_view import SessionView
        from .status_bar import StatusBar

        self._banner = Banner()
        self._leaving = Leaving(self, self._banner)
        # Not from within a close: Qt takes a close during a close for none.
        self._leaving.over.connect(self.close, Qt.ConnectionType.QueuedConnection)
        self._launch = LaunchPanel()
        self._launch.setVisible(self._recorded is None)
        self._view = SessionView()
        self._view.problem_occurred.connect(self._on_problem)
        self._columns = QSplitter(Qt.Orientation.Horizontal)
        self._columns.setObjectName("columns")
        self._columns.addWidget(self._launch)
        self._columns.addWidget(self._view)
        self._columns.setStretchFactor(1, 1)
        self._columns.setChildrenCollapsible(False)
        self._columns.setSizes([290, 990])
        self._restore()
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._banner)
        layout.addWidget(self._columns, 1)
        self._status = StatusBar()
        build_menus(self, self, self._appearance, live=self._recorded is None)
        self.setCentralWidget(centre)
        self.setStatusBar(self._status)
        self._launch.launch_requested.connect(self._on_launch_requested)
        self._launch.problem_occurred.connect(self._status.show_fault)
        self._leaving.begun.connect(lambda: self._launch.set_enabled_to_launch(False))
        self.setAcceptDrops(self._recorded is None)

    def _show_recorded(self, path: str) -> None:
        from spawnscope.core.session.session_error import SessionError

        try:
            self._view.show_recorded(path)
        except SessionError as error:
            self._banner.show_problem(str(error))
        self._status.show_file(path)

    def _attach(self, client: Client) -> None:
        from .live_session import LiveSession

        session = LiveSession(client, self._view.store.processes, self)
        self._session = session
        session.session_opened.connect(self._status.show_file)
        session.problem_occurred.connect(self._status.show_fault)
        session.launch_refused.connect(self._on_launch_refused)
        session.held_changed.connect(self._status.show_held)
        session.dying.connect(self._on_session_dying)
        session.lost.connect(self._on_session_lost)
        session.running_changed.connect(self._launch.set_running)
        self._view.attach(session)
        self._leaving.attach(session, self._view.store.processes)

    def _on_launch_requested(self, spec: LaunchSpec) -> None:
        if self._session is not None and not self._session.over:
            self._banner.clear()
            self._session.launch(spec)

    def _on_problem(self, sentence: str) -> None:
        self._status.show_fault(sentence)

    def _on_launch_refused(self, sentence: str, request: int) -> None:
        self._banner.show_problem(sentence)

    def _on_session_dying(self) -> None:
        self._view.detach()
        self._launch.set_enabled_to_launch(False)
        self._banner.show_waiting(
            tr("The supervisor has died."), tr("Ending what it had launched …")
        )

    def _on_session_lost(self, sentence: str) -> None:
        self._view.store.mark_lost()
        self._status.show_fault(sentence)
        self._banner.show_problem(sentence, tr("Start a new session"), self._on_new_session)

    def _on_new_session(self) -> None:
        from spawnscope.core.client.client import Client

        from .session_view import SessionView

        try:
            client = Client(stacks=True)
        except OSError as error:
            sentence = tr("A new session cannot begin: {error}.", error=error.strerror)
            self._banner.show_problem(sentence, tr("Try again"), self._on_new_session)
            return
        state = self._view.save_state()
        if self._session is not None:
            self._session.close()
            self._session.deleteLater()
        before = self._view
        before.close_session()
        self._view = SessionView()
        self._view.problem_occurred.connect(self._on_problem)
        self._view.restore_state(state)
        self._columns.replaceWidget(1, self._view)
        before.deleteLater()
        self._banner.clear()
        self._launch.set_enabled_to_launch(True)
        self._attach(client)
        self._status.show_session(self._view)

    def _on_signal(self) -> None:
        self._leaving.order()

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        details = "".join(traceback.format_exception(kind, error, trace))
        sys.stderr.write(details)
        sentence = tr("The window met an error and goes on: {error}", error=repr(error))
        self._status.show_fault(sentence, details)

    def open_script(self) -> None:
        """Ask for a script and start it."""
        self._launch.open_script()

    def new_spec(self) -> None:
        """Open the dialog for a new spec."""
        self._launch.new_spec()

    def stop_all(self) -> None:
        """End the tree of every worker."""
        if self._session is not None and not self._session.over:
            self._session.stop_all()

    def open_recorded(self) -> None:
        """Ask for a session file and open it in a window of its own."""
        from .open_session import choose_session

        choose_session(self, self._status.show_fault)

    def show_shortcuts(self) -> None:
        """List the keys, those of panels that nobody has looked at yet included."""
        from .shortcuts import show_shortcuts

        self._view.tabs.make_all()
        show_shortcuts(self)

    def _save(self) -> None:
        settings = self._settings
        settings.setValue("layout/version", _LAYOUT_VERSION)
        settings.setValue("layout/geometry", self.saveGeometry())
        settings.setValue("layout/columns", self._columns.saveState())
        for name, state in self._view.save_state().items():
            settings.setValue(f"layout/{name}", state)

    def _restore(self) -> None:
        columns = self._layout("columns")
        if columns is not None:
            self._columns.restoreState(columns)
        from ..panels.panels import PANELS

        names = ["processes", "sessionSplitter", *(row.name for row in PANELS)]
        found = {name: self._layout(name) for name in names}
        self._view.restore_state({n: s for n, s in found.items() if s is not None})

    def _layout(self, name: str) -> QByteArray | None:
        """A remembered part of the layout, when this version can read it."""
        if self._settings.value("layout/version", 0, int) != _LAYOUT_VERSION:
            return None
        value = self._settings.value(f"layout/{name}")
        return value if hasattr(value, "toHex") else None  # a QByteArray

    def changeEvent(self, event: QEvent) -> None:
        """Figures that waited while the window was hidden are brought up to date."""
        super().changeEvent(event)
        if event.type().name == "WindowStateChange" and hasattr(self, "_status"):
            self._status.refresh()


def _name_of(path: str) -> str:
    return path.rpartition("/")[2]
