"""The table of environment variables; values that look like secrets are masked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from spawnscope.core.translation import tr
from spawnscope.core.vocabulary.secrets import MASK, is_secret

from ...kit.plain import set_tip
from ...kit.style import icons, theme
from ...kit.text.foreign import tip
from ...kit.text_field import TextField

NAME, VALUE = 0, 1


class EnvironmentTable(QWidget):
    """Two columns with buttons to add, remove and reveal. Emits `edited()`."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._revealed = False
        self._table = QTableWidget(0, 2)
        self._table.setHorizontalHeaderLabels([tr("Name"), tr("Value")])
        self._table.verticalHeader().hide()
        self._table.verticalHeader().setDefaultSectionSize(theme.ROW_HEIGHT + 4)
        header = self._table.horizontalHeader()
        header.setSectionResizeMode(VALUE, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.resizeSection(NAME, 180)
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.setShowGrid(False)
        self._table.setStyleSheet("QTableWidget::item { padding-left: 5px; }")
        self._table.setTabKeyNavigation(False)
        self._table.setFixedHeight(132)
        self._table.setAccessibleName(tr("Environment variables to add"))
        self._delegate = _Delegate(self)
        self._table.setItemDelegate(self._delegate)
        self._table.itemChanged.connect(self._on_item_changed)
        self._table.itemSelectionChanged.connect(self._on_selection_changed)
        add = self._button("add", tr("Add a variable"))
        add.clicked.connect(self._on_add_clicked)
        self._remove = self._button("remove", tr("Remove the selected variables"))
        self._remove.clicked.connect(self._on_remove_clicked)
        self._remove.setEnabled(False)
        self._reveal = self._button("eye", tr("Show values of secrets"))
        self._reveal.setCheckable(True)
        self._reveal.toggled.connect(self._on_reveal_toggled)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE // 2)
        buttons.addWidget(add)
        buttons.addWidget(self._remove)
        buttons.addStretch(1)
        buttons.addWidget(self._reveal)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE // 2)
        layout.addWidget(self._table)
        layout.addLayout(buttons)
        self.setFocusProxy(self._table)

    @property
    def revealed(self) -> bool:
        """Whether secrets are shown as they are."""
        return self._revealed

    def values(self) -> dict[str, str]:
        """The variables; rows without name and value don't count."""
        found = {}
        for row in range(self._table.rowCount()):
            name, value = self._text(row, NAME).strip(), self._text(row, VALUE)
            if name or value:
                found[name] = value
        return found

    def doubled(self) -> str:
        """A name that is there twice; "" when there is none."""
        names = [self._text(row, NAME).strip() for row in range(self._table.rowCount())]
        return next((name for name in names if name and names.count(name) > 1), "")

    def set_values(self, values: Mapping[str, str]) -> None:
        """Show these variables."""
        self._table.setRowCount(0)
        for name, value in values.items():
            self._add(name, value)

    def is_masked(self, row: int) -> bool:
        """Whether the value in `row` must not be shown."""
        return not self._revealed and is_secret(self._text(row, NAME))

    def _text(self, row: int, column: int) -> str:
        item = self._table.item(row, column)
        return str(item.data(Qt.ItemDataRole.EditRole) or "") if item is not None else ""

    def _add(self, name: str, value: str) -> int:
        row = self._table.rowCount()
        self._table.insertRow(row)
        self._table.setItem(row, NAME, QTableWidgetItem(name))
        self._table.setItem(row, VALUE, _Value(self, value))
        return row

    def _button(self, icon: str, name: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(icons.icon(icon))
        button.setIconSize(QSize(16, 16))
        button.setAccessibleName(name)
        set_tip(button, name)
        return button

    def _on_add_clicked(self) -> None:
        row = self._add("", "")
        self._table.setCurrentCell(row, NAME)
        item = self._table.item(row, NAME)
        if item is not None:
            self._table.editItem(item)

    def _on_remove_clicked(self) -> None:
        rows = {index.row() for index in self._table.selectedIndexes()}
        for row in sorted(rows, reverse=True):
            self._table.removeRow(row)
        self.edited.emit()

    def _on_reveal_toggled(self, revealed: bool) -> None:
        self._revealed = revealed
        does = tr("Mask values of secrets") if revealed else tr("Show values of secrets")
        set_tip(self._reveal, does)
        self._table.viewport().update()

    def _on_item_changed(self, item: QTableWidgetItem) -> None:
        self._table.viewport().update()  # another name may mask or unmask its value
        self.edited.emit()

    def _on_selection_changed(self) -> None:
        self._remove.setEnabled(bool(self._table.selectedIndexes()))


class _Value(QTableWidgetItem):
    """A value that shows itself, to eyes and to screen readers, only as far as it may."""

    def __init__(self, owner: EnvironmentTable, value: str) -> None:
        super().__init__(value)
        self._owner = owner

    def data(self, role: int) -> Any:
        roles = Qt.ItemDataRole
        value = super().data(roles.EditRole)
        if role not in (roles.DisplayRole, roles.ToolTipRole) or not value:
            return super().data(role)
        shown = MASK if self._owner.is_masked(self.row()) else value
        if role == roles.ToolTipRole:
            return tip(shown)
        return shown


class _Delegate(QStyledItemDelegate):
    """Edits a secret as a password is edited."""

    def __init__(self, table: EnvironmentTable) -> None:
        super().__init__(table)
        self._owner = table

    def createEditor(
        self,
        parent: QWidget,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QWidget:
        editor = TextField(parent)
        editor.setFrame(False)
        editor.setStyleSheet("QLineEdit { border-radius: 0; padding: 0 4px; }")
        editor.setAccessibleName(tr("Name") if index.column() == NAME else tr("Value"))
        if index.column() == VALUE and self._owner.is_masked(index.row()):
            editor.setEchoMode(TextField.EchoMode.Password)
        return editor
