"""The rows on screen as a Qt model: as many as fit, whatever the length of the session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ...kit.text.foreign import tip
from .row import MessageRow

if TYPE_CHECKING:
    from spawnscope.core.vocabulary.message import Message

    from ...kit.column import Column

MESSAGE_ROLE = Qt.ItemDataRole.UserRole

_Role = Qt.ItemDataRole
_Index = QModelIndex | QPersistentModelIndex
_CONTENT = [_Role.DisplayRole, _Role.ToolTipRole, _Role.AccessibleTextRole, MESSAGE_ROLE]


class MessagePageModel(QAbstractTableModel):
    """Holds one page. The page slides over the session: the rows of the model keep their places
    and what they say changes."""

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._rows: list[MessageRow] = []
        self._root = QModelIndex()

    @property
    def rows(self) -> Sequence[MessageRow]:
        """The rows of the page, from top to bottom."""
        return self._rows

    def show_page(self, messages: Sequence[Message]) -> None:
        """Let the page be these messages; says only what differs."""
        before = self._rows
        known = {row.message.id: row for row in before if row.message.id}
        rows = []
        for position, message in enumerate(messages):
            row = known.get(message.id)
            if row is None and position < len(before) and before[position].message == message:
                row = before[position]  # a line still being written that didn't change
            rows.append(MessageRow(message) if row is None else row)
        kept = min(len(before), len(rows))
        if kept < len(before):
            self.beginRemoveRows(self._root, kept, len(before) - 1)
            self._rows = before[:kept]
            self.endRemoveRows()
        first = 0
        while first < kept and rows[first] is before[first]:
            first += 1
        last = kept - 1
        while last > first and rows[last] is before[last]:
            last -= 1
        if first <= last:
            self._rows = rows[:kept]
            self._changed(first, last, 0, len(self.columns) - 1)
        if kept < len(rows):
            self.beginInsertRows(self._root, kept, len(rows) - 1)
            self._rows = rows
            self.endInsertRows()

    def column_changed(self, column: int) -> None:
        """What this column says about its rows is different now (a name, the kind of time)."""
        if self._rows:
            self._changed(0, len(self._rows) - 1, column, column)

    def forget(self) -> None:
        """Work every row out anew when it is next shown, as for another session's rows."""
        count = len(self._rows)
        if count:
            self.beginRemoveRows(self._root, 0, count - 1)
            self._rows = []
            self.endRemoveRows()

    def _changed(self, first: int, last: int, left: int, right: int) -> None:
        self.dataChanged.emit(self.index(first, left), self.index(last, right), _CONTENT)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        place = index.row()
        if not index.isValid() or place >= len(self._rows):
            return None
        row = self._rows[place]
        if role == _Role.DisplayRole or role == _Role.AccessibleTextRole:
            return self.columns[index.column()].text(row)
        if role == _Role.ToolTipRole:
            return tip(self.columns[index.column()].explained_at(row, 0)) or None
        if role == MESSAGE_ROLE:
            return row.message
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        return self.columns[section].header(role)
