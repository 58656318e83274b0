"""How the waiting for the selected queue splits: verdict, bar of two colours, what would help."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from spawnscope.core.analysis.waits.split import Balance, WaitSplit
from spawnscope.core.translation import tr

from ...kit.cell_text import CellText
from ...kit.markup import markup, markup_tr, set_markup_tip
from ...kit.style import theme
from ...kit.text.figures import wait_text
from ...kit.text.foreign import spoken

_BAR = 150  # px at 100 %
_ROOMY = 900  # px from which on the bar has its full length
_HIGH = 8
_PUT, _GET = "warning", "accent"  # the colours of both sides


class WaitStrip(QFrame):
    """Shows a WaitSplit in one line, or nothing. It emits nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("How the wait splits"))
        self._split: WaitSplit | None = None
        self._when = ""
        self._cells = CellText()
        self._bold = CellText()

    def show_split(self, split: WaitSplit | None, when: str) -> None:
        """Show this; `when`: of which time it tells, such as "in the last minute"."""
        if (split, when) == (self._split, self._when):
            return
        self._split, self._when = split, when
        if split is not None:
            verdict = tr("{verdict} {when}.", verdict=split.title, when=when)
            words = f"{verdict} {split.reason} {split.advice}"
            self.setAccessibleDescription(spoken(words))
            put, get = (
                wait_text(span) or tr("not at all") for span in (split.put_ns, split.get_ns)
            )
            set_markup_tip(
                self,
                markup(
                    "{}<br>{}<br>{}<br>{}",
                    markup_tr("<b>{verdict}</b> {when}", verdict=split.title, when=when),
                    tr(
                        "All {putters} together waited: {put}, all {getters}: {get}.",
                        putters=split.sides[0], put=put, getters=split.sides[1], get=get,
                    ),
                    split.reason, split.advice,
                ),
            )  # fmt: skip
        self.update()

    @property
    def split(self) -> WaitSplit | None:
        """What is shown."""
        return self._split

    def sizeHint(self) -> QSize:
        return QSize(400, self.fontMetrics().height() + theme.SPACE * 3 // 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        split = self._split
        if split is None:
            return
        colors = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color(colors.base))
        painter.setPen(theme.color(colors.border))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        font = self.font()
        bold = self.font()
        bold.setBold(True)
        self._cells.use(font)
        self._bold.use(bold)
        rect = self.rect().adjusted(theme.SPACE, 0, -theme.SPACE, -1)
        painter.setFont(bold)
        ink = colors.muted if split.balance is Balance.NOBODY_WAITS else colors.text
        self._bold.draw(painter, rect, split.title, ink)
        rect.setLeft(rect.left() + self._bold.metrics.horizontalAdvance(split.title) + 12)
        painter.setFont(font)
        put_side, get_side = (side.capitalize() for side in split.sides)
        self._draw(painter, rect, f"{put_side} {wait_text(split.put_ns) or '0 s'}", _PUT)
        width = _BAR if self.width() >= _ROOMY else _BAR // 2
        self._paint_bar(painter, QRect(rect.left(), rect.top(), width, rect.height()), split)
        rect.setLeft(rect.left() + width + theme.SPACE)
        self._draw(painter, rect, f"{get_side} {wait_text(split.get_ns) or '0 s'}", _GET)
        rect.setLeft(rect.left() + theme.SPACE)
        words = f"{split.reason} {split.advice} ({self._when})"
        self._cells.draw(painter, rect, words, colors.muted)
        painter.end()

    def _draw(self, painter: QPainter, rect: QRect, text: str, meaning: str) -> None:
        """A text in a colour of the theme, which is taken off the left of `rect`."""
        self._cells.draw(painter, rect, text, str(getattr(theme.current(), meaning)))
        rect.setLeft(rect.left() + self._cells.metrics.horizontalAdvance(text) + theme.SPACE)

    def _paint_bar(self, painter: QPainter, rect: QRect, split: WaitSplit) -> None:
        colors = theme.current()
        bar = QRectF(rect.left(), rect.top() + (rect.height() - _HIGH) / 2, rect.width(), _HIGH)
        shape = QPainterPath()
        shape.addRoundedRect(bar, _HIGH / 2, _HIGH / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.save()
        painter.setClipPath(shape)
        if split.put_ns + split.get_ns == 0:
            painter.fillRect(bar, theme.color(colors.border))
        else:
            edge = bar.left() + bar.width() * split.put_share
            put, get = QRectF(bar), QRectF(bar)
            put.setRight(edge)
            get.setLeft(edge)
            painter.fillRect(put, theme.color(getattr(colors, _PUT)))
            painter.fillRect(get, theme.color(getattr(colors, _GET)))
            if 0 < split.put_share < 1:
                gap = QRectF(edge - 1, bar.top(), 2, bar.height())
                painter.fillRect(gap, theme.color(colors.base))
        painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
