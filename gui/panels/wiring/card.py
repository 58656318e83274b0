"""The card with figures that shows beside the pointer, and follows what it tells about."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ...kit.markup import NOTHING, Markup, MarkupLabel, bold, joined, markup, muted
from ...kit.style import theme
from .text import CardText

_AWAY = 16  # px from the pointer
_WIDEST = 380  # px at 100 %


class FigureCard(QFrame):
    """Lies over `over`, out of the pointer's way. It emits nothing."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setObjectName("figureCard")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._label = MarkupLabel(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 12, 9)
        layout.addWidget(self._label)
        self._shown: tuple[CardText, bool] | None = None
        self.hide()

    @property
    def text(self) -> str:
        """What it says, with its markup; "" while hidden."""
        return self._label.text() if self.isVisible() else ""

    def tell(self, card: CardText, at: QPoint) -> None:
        """Show this beside the point `at` of what it lies over."""
        colors = theme.current()
        if self._shown != (card, colors.dark):
            self._shown = card, colors.dark
            self.setStyleSheet(
                f"#figureCard {{ background: {colors.raised}; border: 1px solid {colors.border};"
                f" border-radius: {theme.RADIUS}px; }}"
            )
            self._label.tell(_markup(card))
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


def _markup(card: CardText) -> Markup:
    rows = joined(
        markup("<tr><td style='padding-right:10px'>{}</td><td>{}</td></tr>", muted(name), text)
        for name, text in card.figures
    )
    table = markup("<table cellspacing='0' cellpadding='1'>{}</table>", rows) if rows else NOTHING
    kind = markup(" {}", muted(card.kind)) if card.kind else NOTHING
    return markup("<div style='margin-bottom:3px'>{}{}</div>{}", bold(card.title), kind, table)
