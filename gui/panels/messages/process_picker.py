"""A list of the processes to tick those whose messages are wanted."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from spawnscope.core.sentences.status import status_name
from spawnscope.core.store.process_row import ProcessRow
from spawnscope.core.store.session import Session
from spawnscope.core.translation import tr, trn

from ...kit.plain import set_tip
from ...kit.style import theme
from ...kit.text_field import TextField

_PROCESS = Qt.ItemDataRole.UserRole
_MOST = 200  # processes that are listed at once


class ProcessPicker(QFrame):
    """A popup. Emits `processes_picked(frozenset or None)`, None for all, at every tick; and
    `following_tree_toggled(on)`."""

    processes_picked = Signal(object)
    following_tree_toggled = Signal(bool)

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAccessibleName(tr("Processes whose messages are shown"))
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._session = session
        self._chosen: set[int] = set()
        self._search = TextField(self, tr("Name or PID"))
        self._search.setAccessibleName(tr("Look for a process by name or PID"))
        self._search.add_picture("search")
        self._search.add_clear()
        self._search.textChanged.connect(self._on_search_edited)
        self._list = QListWidget(self)
        self._list.setAccessibleName(tr("Processes"))
        self._list.setUniformItemSizes(True)
        self._list.itemChanged.connect(self._on_ticked)
        self._list.itemActivated.connect(self._on_activated)
        everyone = QPushButton(tr("Show all"), self)
        set_tip(everyone, tr("Show the messages of all processes"))
        everyone.clicked.connect(self._on_all_clicked)
        self.following_tree = QCheckBox(tr("Follow the selection in the tree"), self)
        set_tip(
            self.following_tree, tr("Selecting processes in the tree shows their messages alone")
        )
        self.following_tree.setChecked(True)
        self.following_tree.toggled.connect(self.following_tree_toggled)
        row = QHBoxLayout()
        row.addWidget(self._search, 1)
        row.addWidget(everyone)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACE, theme.SPACE, theme.SPACE, theme.SPACE)
        layout.setSpacing(theme.SPACE)
        layout.addLayout(row)
        layout.addWidget(self._list)
        layout.addWidget(self.following_tree)
        self.resize(340, 360)

    def _paint_boxes(self) -> None:
        """A frame, and boxes to tick that are seen on any ground."""
        colors = theme.current()
        box = "::indicator { width: 13px; height: 13px; border-radius: 3px; "
        ticked = f"border: 1px solid {colors.accent}; background: {colors.accent};"
        self.setStyleSheet(
            f"ProcessPicker {{ border: 1px solid {colors.border}; background: {colors.raised}; }}"
            + "".join(
                f"{kind}{box} border: 1px solid {colors.faint}; background: {colors.base}; }}"
                f"{kind}::indicator:checked {{ {ticked} }}"
                for kind in ("QListWidget", "QCheckBox")
            )
        )

    def open_at(self, place: QPoint, chosen: frozenset[int] | None) -> None:
        """Show the processes as they are now, those `chosen` ticked, at a global place."""
        self._paint_boxes()
        self._chosen = set(chosen or ())
        with QSignalBlocker(self._search):
            self._search.clear()
        self._fill("")
        area = self.screen().availableGeometry()
        place.setX(max(area.left(), min(place.x(), area.right() - self.width())))
        place.setY(max(area.top(), min(place.y(), area.bottom() - self.height())))
        self.move(place)
        self.show()
        self._search.setFocus()

    def _fill(self, wanted: str) -> None:
        """List the processes whose line holds a text, as many as anybody would look through."""
        # Who lives is looked for most often; of the ended, the latest.
        session = self._session
        shown = filter(session.sight.shows, session.processes)
        rows = sorted(shown, key=lambda row: (not row.is_live, -row.started_ns))
        lines = ((row.number, _line(row)) for row in rows)
        found = [line for line in lines if wanted in line[1].casefold()]
        with QSignalBlocker(self._list):
            self._list.clear()
            for number, text in found[:_MOST]:
                item = QListWidgetItem(_dot(number), text, self._list)
                item.setData(_PROCESS, number)
                ticked = number in self._chosen
                item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            if len(found) > _MOST:
                count = len(found) - _MOST
                more = trn(
                    "{count} more: type a name or a PID",
                    "{count} more: type a name or a PID",
                    count,
                )
                QListWidgetItem(more, self._list).setFlags(Qt.ItemFlag.NoItemFlags)

    def _on_search_edited(self, text: str) -> None:
        self._fill(text.casefold())

    def _on_activated(self, item: QListWidgetItem) -> None:
        ticked = item.checkState() is Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked)

    def _on_ticked(self, item: QListWidgetItem) -> None:
        ticked = item.checkState() is Qt.CheckState.Checked
        (self._chosen.add if ticked else self._chosen.discard)(item.data(_PROCESS))
        self.processes_picked.emit(frozenset(self._chosen) or None)

    def _on_all_clicked(self) -> None:
        self._chosen.clear()
        self._fill(self._search.text().casefold())
        self.processes_picked.emit(None)


def _line(row: ProcessRow) -> str:
    ended = "" if row.is_live else f"   {status_name(row.status)}"
    return f"{row.label}   {row.pid}{ended}"


def _dot(process: int) -> QIcon:
    pixmap = QPixmap(32, 32)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.process_color(process))
    painter.drawEllipse(QRectF(7, 7, 18, 18))
    painter.end()
    return QIcon(pixmap)
