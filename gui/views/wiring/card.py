"""The card with figures that shows beside the pointer, and follows what it tells about."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from ...models.wiring_text import Card
from ...style import theme

_AWAY = 16  # px from the pointer
_WIDEST = 380  # px at 100 %


class FigureCard(QFrame):
    """Lies over `over`, out of the pointer's way. It emits nothing."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setObjectName("figureCard")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._label = QLabel(self)
        self._label.setTextFormat(Qt.TextFormat.RichText)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 12, 9)
        layout.addWidget(self._label)
        self._shown: tuple[Card, bool] | None = None
        self.hide()

    @property
    def text(self) -> str:
        """What it says, with its markup; "" while hidden."""
        return self._label.text() if self.isVisible() else ""

    def tell(self, card: Card, at: QPoint) -> None:
        """Show this beside the point `at` of what it lies over."""
        colors = theme.current()
        if self._shown != (card, colors.dark):
            self._shown = card, colors.dark
            self.setStyleSheet(
                f"#figureCard {{ background: {colors.raised}; border: 1px solid {colors.border};"
                f" border-radius: {theme.RADIUS}px; }}"
            )
            self._label.setText(_markup(card))
            self._label.setWordWrap(False)
            if self._label.sizeHint().width() > _WIDEST:
                self._label.setWordWrap(True)
                self._label.setFixedWidth(_WIDEST)
            else:
                self._label.setMinimumWidth(0)
                self._label.setMaximumWidth(_WIDEST)
        self.adjustSize()
        room = self._over.rect()
        place = QRect(at + QPoint(_AWAY, _AWAY), self.size())
        if place.right() > room.right() - 4:
            place.moveRight(at.x() - _AWAY)
        if place.bottom() > room.bottom() - 4:
            place.moveBottom(at.y() - _AWAY)
        place.moveTopLeft(QPoint(max(4, place.x()), max(4, place.y())))
        self.setGeometry(place)
        self.show()
        self.raise_()


def _markup(card: Card) -> str:
    colors = theme.current()
    kind = f" <span style='color:{colors.muted}'>{escape(card.kind)}</span>" if card.kind else ""
    rows = "".join(
        f"<tr><td style='color:{colors.muted}; padding-right:10px'>{escape(name)}</td>"
        f"<td>{escape(text)}</td></tr>"
        for name, text in card.figures
    )
    table = f"<table cellspacing='0' cellpadding='1'>{rows}</table>" if rows else ""
    return f"<div style='margin-bottom:3px'><b>{escape(card.title)}</b>{kind}</div>{table}"
