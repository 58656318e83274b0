"""In which order the shared objects stand: groups by type, a column, or where time is lost."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt

from .columns import LOST, TYPE
from .head import TrafficHead
from .model import TrafficModel
from .object_list import ObjectList


class ObjectOrder(QObject):
    """Does what the head asks for, and lets it show what is in force. It emits nothing."""

    def __init__(
        self, model: TrafficModel, objects: ObjectList, head: TrafficHead, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._list = objects
        self._head = head
        self._before_lost: tuple[bool, int, Qt.SortOrder] | None = None
        objects.fold_toggled.connect(model.fold)
        objects.horizontalHeader().sortIndicatorChanged.connect(self._show)
        head.grouped_toggled.connect(self.set_grouped)
        head.lost_toggled.connect(self.sort_by_lost)
        head.fold_all_asked.connect(self._on_fold_all_asked)
        self.set_grouped(True)

    def set_grouped(self, grouped: bool) -> None:
        """Group the objects by type, or not."""
        self._model.set_grouped(grouped)
        self._list.setColumnHidden(TYPE, grouped)
        self._show()

    def sort_by_lost(self, wanted: bool) -> None:
        """Put first where time is lost, without groups; or go back to the order before."""
        header = self._list.horizontalHeader()
        if wanted:
            self._before_lost = (
                self._model.grouped,
                header.sortIndicatorSection(),
                header.sortIndicatorOrder(),
            )
            self.set_grouped(False)
            self._list.sortByColumn(LOST, Qt.SortOrder.DescendingOrder)
            self._list.scrollToTop()
            return
        grouped, section, order = self._before_lost or (True, -1, Qt.SortOrder.AscendingOrder)
        self._list.sortByColumn(-1 if section == LOST else section, order)
        self.set_grouped(grouped)

    def _on_fold_all_asked(self, folded: bool) -> None:
        self._model.set_folded(self._model.types if folded else ())

    def _show(self) -> None:
        header = self._list.horizontalHeader()
        is_lost = (
            header.sortIndicatorSection() == LOST
            and header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
            and not self._model.grouped
        )
        self._head.tell_order(grouped=self._model.grouped, lost=is_lost)
