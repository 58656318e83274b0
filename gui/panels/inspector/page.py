"""The page: a header over cards in two columns, or in one where there is little room.

The cards are placed here and not by Qt's layouts: nested ones lose count of heights that depend on
widths.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from ...kit.style import theme

_WIDE = 900  # px at 100 %: room for two columns
_WIDEST = 1500  # a wider page would be hard to read
_SIDE = theme.SPACE * 2
_GAP = theme.SPACE * 3 // 2


class Page(QScrollArea):
    """Scrolls `header` and the cards, which stand in `left` and `right`, in this order."""

    def __init__(self, header: QWidget, left: Sequence[QWidget], right: Sequence[QWidget]) -> None:
        super().__init__()
        self._cards = _Cards(header, left, right)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # It would take room away when it comes, and give it back when it goes: two columns that
        # just fit would flicker.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setWidget(self._cards)

    @property
    def is_wide(self) -> bool:
        """Whether there are two columns."""
        return self._cards.width() >= _WIDE


class _Cards(QWidget):
    """Places its children below one another, as high as their width makes them."""

    def __init__(self, header: QWidget, left: Sequence[QWidget], right: Sequence[QWidget]) -> None:
        super().__init__()
        self._header = header
        self._left, self._right = tuple(left), tuple(right)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        # In the order in which the keyboard goes through them.
        for widget in (header, *self._left, *self._right):
            widget.setParent(self)

    def sizeHint(self) -> QSize:
        """Room for two columns."""
        return QSize(_WIDE, self.heightForWidth(_WIDE))

    def hasHeightForWidth(self) -> bool:
        """Text that wraps is the higher the narrower it is."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all cards."""
        return self._place(width, move=False)

    def event(self, event: QEvent) -> bool:
        """A card that has more or less to say asks for another height."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
            self._place(self.width(), move=True)
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the cards in the new width."""
        self._place(self.width(), move=True)

    def _place(self, width: int, move: bool) -> int:
        """Place everything if `move`; returns the height of it all."""
        room = max(1, min(width, _WIDEST) - 2 * _SIDE)
        top = self._stack([self._header], _SIDE, _GAP, room, move) + _GAP
        if width >= _WIDE:
            half = (room - _GAP) // 2
            ends = [
                self._stack(self._left, _SIDE, top, half, move),
                self._stack(self._right, _SIDE + half + _GAP, top, half, move),
            ]
        else:
            ends = [self._stack([*self._left, *self._right], _SIDE, top, room, move)]
        return max(ends) + _SIDE

    @staticmethod
    def _stack(cards: Sequence[QWidget], left: int, top: int, width: int, move: bool) -> int:
        """Place cards below one another; returns where the last one ends."""
        end = top
        for card in cards:
            if card.isHidden():
                continue
            height = card.heightForWidth(width) if card.hasHeightForWidth() else -1
            if height < 0:
                height = card.sizeHint().height()
            if end > top:
                end += _GAP
            if move:
                card.setGeometry(left, end, width, height)
            end += height
        return end
