"""The status bar: processes, messages a second, our own cost, the session's file, our faults."""

from __future__ import annotations

import resource
import time
from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QFontMetrics, QResizeEvent, Qt
from PySide6.QtWidgets import QStatusBar, QToolButton, QWidget

from spawnscope.core.translation import tr, trn

from ..kit.elided import ElidedLabel
from ..kit.plain import Figure, message_box, set_tip
from ..kit.style import icons
from ..kit.text.foreign import caption

if TYPE_CHECKING:
    from .session_view import SessionView

_INTERVAL_MS = 1000
_KEPT_FAULTS = 50
# px, of the name of the session's file: its icon and the gaps beside it, and how wide it may be
_AROUND_FILE, _LEAST_FILE, _MOST_FILE = 90, 60, 320


class StatusBar(QStatusBar):
    """Reads the session view it is given once a second while the window is visible."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._view: SessionView | None = None
        self._message_mark = (0, 0.0)
        self._cpu_mark = (0.0, 0.0)
        self._path = ""
        self._faults: deque[str] = deque(maxlen=_KEPT_FAULTS)
        self._processes = Figure()
        self._messages = Figure()
        self._cost = Figure()
        for figure, name, meaning in (
            (self._processes, tr("Processes"), tr("Processes that live in this session")),
            (
                self._messages,
                tr("Messages"),
                tr("Messages so far; while the session lives, how many a second"),
            ),
            (
                self._cost,
                tr("Own cost"),
                tr("CPU that Spawnscope itself uses: window + supervisor"),
            ),
        ):
            figure.setAccessibleDescription(name)
            set_tip(figure, meaning)
        self._file = QToolButton()
        self._file.setAccessibleDescription(tr("Session file"))
        self._file.setIcon(icons.icon("folder", "muted"))
        self._file.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._file.clicked.connect(self._on_file_clicked)
        self._file.hide()
        self._fault = QToolButton()
        self._fault.setAccessibleDescription(tr("Latest fault of Spawnscope"))
        self._fault.setIcon(icons.icon("warning", "bad"))
        self._fault.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._fault.clicked.connect(self._on_fault_clicked)
        self._fault.hide()
        self._note = self._label(
            tr("Limits on this machine"),
            tr(
                "The kernel tells of forks only to processes with CAP_NET_ADMIN; without it, "
                "Spawnscope looks for children when something stirs."
            ),
        )
        self._note.hide()
        self._held = self._label(
            tr("The supervisor"),
            tr(
                "It has been suspended, or this machine is too busy for it. What you asked for is "
                "done as soon as it goes on."
            ),
        )
        self._held.setProperty("warning", True)
        self._held.hide()
        for label in (self._processes, self._messages, self._cost, self._held, self._note):
            self.addWidget(label)
        self.addWidget(self._fault, 1)
        self.addPermanentWidget(self._file)
        self._timer = QTimer(self, interval=_INTERVAL_MS)
        self._timer.timeout.connect(self.refresh)

    def show_session(self, view: SessionView) -> None:
        """Take the figures from `view` from now on."""
        self._view = view
        self._message_mark = (view.store.last_message, time.monotonic())
        self._timer.start()
        self.refresh()

    def show_file(self, path: str, notes: tuple[str, ...] = ()) -> None:
        """The session's file, and what the supervisor cannot do on this machine."""
        self._note.setText(" ".join(notes))
        self._note.setVisible(bool(notes))
        self._path = path
        self._fit_file()
        click = tr("Click to open its folder")
        set_tip(self._file, f"{path}\n{click}")
        self._file.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_file()

    def show_held(self, held: bool) -> None:
        """Whether the supervisor leaves unread what it is asked."""
        supervisor = self._view.store.processes.get(1) if self._view is not None else None
        self._held.setText(
            tr("The supervisor does not answer; what you asked for waits.")
            if supervisor is None
            else tr(
                "The supervisor (PID {pid}) does not answer; what you asked for waits.",
                pid=supervisor.pid,
            )
        )
        self._held.setVisible(held)

    def show_fault(self, sentence: str, details: str = "") -> None:
        """One of our own faults: it stays until it is read, and is in the log file."""
        from spawnscope.core.log_file import log

        fault = f"{sentence}\n{details}".strip()
        if not self._faults or self._faults[-1] != fault:  # one may come at each beat of a timer
            log(sentence, details)
            self._faults.append(fault)
        metrics = QFontMetrics(self._fault.font())
        room = max(160, min(560, self.width() - 640))  # beside all that stands there at most
        shown = metrics.elidedText(sentence[:1000], Qt.TextElideMode.ElideRight, room)
        self._fault.setText(caption(shown))
        set_tip(self._fault, tr("Click to read it whole"))
        self._fault.show()

    def refresh(self) -> None:
        """Bring the figures up to date; nothing is done while the window cannot be seen."""
        view = self._view
        if view is None or not self.isVisible():
            return
        live = sum(run.living for run in view.store.runs())
        self._processes.setText(trn("{count} process", "{count} processes", live))
        last, then = self._message_mark
        now = time.monotonic()
        if now - then >= 0.5:
            rate = (view.store.last_message - last) / (now - then)
            self._message_mark = (view.store.last_message, now)
            text = trn("{count} message", "{count} messages", view.store.last_message)
            self._messages.setText(f"{text} · {rate:,.0f}/s" if view.store.is_live else text)
            percent = self._own_percent(now)
            cost = "<1" if percent < 1 else f"{percent:.0f}"
            self._cost.setText(tr("Spawnscope {percent} % CPU", percent=cost))
            self._fit_file()

    def _own_percent(self, now: float) -> float:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        used = usage.ru_utime + usage.ru_stime
        before, then = self._cpu_mark
        self._cpu_mark = (used, now)
        percent = 100 * (used - before) / (now - then) if then else 0.0
        # A recorded session's supervisor costs nothing now, nor does one that has died.
        live = self._view is not None and self._view.store.is_live
        supervisor = self._view.store.processes.get(1) if self._view is not None and live else None
        if supervisor is None or not supervisor.is_live:
            return percent
        return percent + (supervisor.measured("cpu_percent") or 0.0)

    def _fit_file(self) -> None:
        """The name of the file, as far as there is room for it beside the figures."""
        figures = (self._processes, self._messages, self._cost)
        room = self.width() - sum(figure.width() for figure in figures) - _AROUND_FILE
        room = max(_LEAST_FILE, min(_MOST_FILE, room))
        metrics, name = QFontMetrics(self._file.font()), self._path.rpartition("/")[2]
        self._file.setText(caption(metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, room)))

    def _label(self, name: str, tip: str) -> ElidedLabel:
        label = ElidedLabel(explanation=tip)
        label.setAccessibleDescription(name)
        set_tip(label, tip)
        return label

    def _on_file_clicked(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._path.rpartition("/")[0]))

    def _on_fault_clicked(self) -> None:
        from spawnscope.core.log_file import log_path

        message_box(
            self,
            tr("Faults of Spawnscope"),
            self._faults[-1].partition("\n")[0],
            more=tr("All of them are in {path}.", path=log_path()),
            details="\n\n".join(self._faults),
            warning=True,
        ).open()
        self._fault.hide()
