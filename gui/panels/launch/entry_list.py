"""The scrolling list of sections, and the one row in it that the keyboard acts on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QToolButton, QVBoxLayout, QWidget

from spawnscope.core.translation import mark, tr

from .entry import Entry
from .row import LaunchRow
from .section import LaunchSection


class EntryList(QScrollArea):
    """Emits `start_asked(entry)`, `menu_asked(entry, global position)` and
    `key_pressed(entry or None, name)` with the name of an action that a key stands for."""

    start_asked = Signal(object)
    menu_asked = Signal(object, QPoint)
    key_pressed = Signal(object, str)
    KEYS = (
        (mark("Up, Down, Page Up, Page Down, Home, End"), mark("Go to a row")),
        (mark("Return"), mark("Start it")),
        ("F2", mark("Edit it (an example or a recent one: save it as a spec)")),
        ("Ctrl+D", mark("Duplicate it")),
        (mark("Delete"), mark("Delete it, or forget a recent one")),
        ("Ctrl+N, Ctrl+O", mark("New spec, open a script")),
    )

    def __init__(self, sections: Sequence[LaunchSection]) -> None:
        super().__init__()
        self._sections = sections
        self._current: LaunchRow | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr("What can be started"))
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for section in sections:
            layout.addWidget(section)
            section.row_added.connect(self._on_row_added)
            section.row_removed.connect(self._on_row_removed)
        layout.addStretch(1)
        self.setWidget(inner)

    @property
    def current(self) -> Entry | None:
        """The entry that the keyboard acts on."""
        return self._current.entry if self._current is not None else None

    def select(self, key: str) -> None:
        """Make the entry with this key current, and bring it into view."""
        for row in self._rows():
            if row.entry.key == key:
                self._make_current(row)
                QTimer.singleShot(0, self._show_current)  # once it has its place

    def focus_first(self) -> None:
        """Give the keyboard to the current row, or to the first that is visible."""
        rows = self._rows()
        row = self._current if self._current in rows else rows[0] if rows else None
        if row is not None:
            self._make_current(row)
            row.setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, Return starts, and the keys of the context menu's actions."""
        if isinstance(self.focusWidget(), QToolButton) and event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
            return
        rows = self._rows()
        position = rows.index(self._current) if self._current in rows else -1
        key = event.key()
        steps = {
            Qt.Key.Key_Down: position + 1,
            Qt.Key.Key_Up: max(position - 1, 0),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(rows) - 1,
            Qt.Key.Key_PageDown: position + self._page(),
            Qt.Key.Key_PageUp: max(position - self._page(), 0),
        }
        action = _action_of(event)
        if key in steps and rows and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            row = rows[min(steps[Qt.Key(key)], len(rows) - 1)]
            self._make_current(row)
            row.setFocus(Qt.FocusReason.OtherFocusReason)
            self.ensureWidgetVisible(row, 0, row.height())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.start_asked.emit(self.current)
        elif action:
            self.key_pressed.emit(self.current, action)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Claim our keys before shortcuts of the window do."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and _action_of(event) in ("edit", "duplicate", "delete")
        ):
            event.accept()
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu of the row below the pointer, or of the current one for the menu key."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            if self._current is not None:
                place = self._current.rect().center()
                self.menu_asked.emit(self._current.entry, self._current.mapToGlobal(place))
            return
        widget = self.childAt(event.pos())
        while widget is not None and not isinstance(widget, LaunchRow):
            widget = widget.parentWidget()
        if isinstance(widget, LaunchRow):
            self._make_current(widget)
            self.menu_asked.emit(widget.entry, event.globalPos())

    def _rows(self) -> list[LaunchRow]:
        return [row for section in self._sections for row in section.visible_rows()]

    def _show_current(self) -> None:
        if self._current is not None:
            self.ensureWidgetVisible(self._current, 0, self._current.height())

    def _page(self) -> int:
        height = self._current.height() if self._current is not None else 40
        return max(self.viewport().height() // max(height, 1) - 1, 1)

    def _make_current(self, row: LaunchRow) -> None:
        if row is self._current:
            return
        if self._current is not None:
            self._current.set_current(False)
        self._current = row
        row.set_current(True)

    def _on_row_added(self, row: LaunchRow) -> None:
        row.start_asked.connect(self._on_start_asked)
        row.pressed.connect(self._on_row_pressed)
        if self._current is None:
            self._make_current(row)

    def _on_row_removed(self, row: LaunchRow) -> None:
        if row is not self._current:
            return
        had_focus = row.isAncestorOf(self.focusWidget()) or row.hasFocus()
        self._current = None
        rows = [each for each in self._rows() if each is not row]
        if rows:
            self._make_current(min(rows, key=lambda each: abs(_top(each) - _top(row))))
            if had_focus:
                self.focus_first()

    def _on_row_pressed(self) -> None:
        row = self.sender()
        if isinstance(row, LaunchRow):
            self._make_current(row)

    def _on_start_asked(self, entry: Entry) -> None:
        self.select(entry.key)
        self.start_asked.emit(entry)


def _top(row: LaunchRow) -> int:
    return row.mapToGlobal(QPoint(0, 0)).y()


def _action_of(event: QKeyEvent) -> str:
    """The action that a key stands for, "" for none."""
    control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    keys = {
        (Qt.Key.Key_F2, False): "edit",
        (Qt.Key.Key_D, True): "duplicate",
        (Qt.Key.Key_Delete, False): "delete",
        (Qt.Key.Key_N, True): "new",
        (Qt.Key.Key_O, True): "open",
    }
    return keys.get((Qt.Key(event.key()), control), "")
