"""A tooltip tells about the row below the pointer. When that row moves away, so does the tooltip.

Qt takes it away when the pointer moves, not when the rows do.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QAbstractItemView

from .plain import hide_tip


class MovingTips(QObject):
    """Watches over the tooltips of a view that has its model. `key`: what the row of an index is
    about, where it is not the row itself that moves. It emits nothing."""

    def __init__(
        self, view: QAbstractItemView, key: Callable[[QModelIndex], object] | None = None
    ) -> None:
        super().__init__(view)
        self._view = view
        self._key = key or _row
        self._at: QPoint | None = None  # while a tooltip may be shown
        self._told: object = None
        view.viewport().installEventFilter(self)
        view.verticalScrollBar().valueChanged.connect(self._check)
        model = view.model()
        for signal in (model.rowsInserted, model.rowsRemoved, model.rowsMoved,
                       model.layoutChanged, model.modelReset, model.dataChanged):  # fmt: skip
            signal.connect(self._check)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Remember where a tooltip was asked for, and what about; the view answers."""
        kind = event.type()
        if isinstance(event, QHelpEvent) and kind is QEvent.Type.ToolTip:
            self._at = event.pos()
            self._told = self._key(self._view.indexAt(event.pos()))
        elif kind in (QEvent.Type.Leave, QEvent.Type.MouseMove):
            self._at = None
        return False

    def _check(self, *_: object) -> None:
        if self._at is not None and self._key(self._view.indexAt(self._at)) != self._told:
            self._at = None
            hide_tip()


def _row(index: QModelIndex) -> QPersistentModelIndex:
    return QPersistentModelIndex(index.siblingAtColumn(0))
