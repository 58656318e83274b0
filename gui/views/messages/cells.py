"""How the cells of the log are painted: one small delegate a column.

These run for every cell on every repaint, in a flood many times a second; so they take the row
straight from the model, keep what they can and save no painter state without need.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from spawnscope.core.vocabulary.events import Stream

from ...style import theme
from . import ink
from .text_painting import draw_text

if TYPE_CHECKING:
    from ...models.message_columns import MessageColumn, ProcessColumn
    from ...models.message_page_model import MessagePageModel
    from ...models.message_row import MessageRow
    from .fonts import LogFonts

MARGIN = theme.SPACE * 0.75
_DOT = 7.0
_SELECTED = QStyle.StateFlag.State_Selected
_FOCUSED = QStyle.StateFlag.State_HasFocus


class Look:
    """What all cells share: the fonts, how far the text is scrolled, what is marked in it."""

    def __init__(self, fonts: LogFonts) -> None:
        self.fonts = fonts
        self.offset = 0.0
        self.pattern: re.Pattern[str] | None = None
        self.current_id = 0


class Cell(QStyledItemDelegate):
    """The ground of a cell; what stands on it is the subclass's `draw`."""

    def __init__(self, model: MessagePageModel, column: MessageColumn, look: Look) -> None:
        super().__init__(model)
        self._model = model
        self._column = column
        self._look = look

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row = self._model.rows[index.row()]
        area = QRectF(option.rect)  # type: ignore[attr-defined]
        if option.state & _SELECTED:  # type: ignore[attr-defined]
            painter.fillRect(area, theme.color(theme.current().selection))
        elif not row.message.id:
            painter.fillRect(area, ink.translucent("accent", 18))
        fonts = self._look.fonts
        metrics = fonts.fixed_metrics
        baseline = area.top() + (area.height() - metrics.height()) / 2 + metrics.ascent()
        self.draw(painter, area.adjusted(MARGIN, 0, -MARGIN, 0), baseline, row)

    def draw(self, painter: QPainter, area: QRectF, baseline: float, row: MessageRow) -> None:
        raise NotImplementedError

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        fonts = self._look.fonts
        text = self._column.text(self._model.rows[index.row()])
        width = fonts.fixed_metrics.horizontalAdvance(text) + 2 * MARGIN
        return QSize(round(width), fonts.row_height)


class TimeCell(Cell):
    """The time, in figures of one width."""

    def draw(self, painter: QPainter, area: QRectF, baseline: float, row: MessageRow) -> None:
        painter.setFont(self._look.fonts.fixed)
        painter.setPen(theme.color(theme.current().muted))
        painter.drawText(QPointF(area.left(), baseline), self._column.text(row))


class ProcessCell(Cell):
    """A dot in the process's colour, its name, and its pid if there is room."""

    def __init__(self, model: MessagePageModel, column: ProcessColumn, look: Look) -> None:
        super().__init__(model, column, look)
        self._process_column = column
        self._fitted: dict[tuple[str, str, int], tuple[str, float, str]] = {}

    def draw(self, painter: QPainter, area: QRectF, baseline: float, row: MessageRow) -> None:
        color = theme.process_color(row.message.process)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(QRectF(area.left(), area.center().y() - _DOT / 2, _DOT, _DOT))
        left = area.left() + _DOT + theme.SPACE * 0.75
        name, pid = self._process_column.parts(row)
        shown, pid_left, shown_pid = self._fit(name, pid, int(area.right() - left))
        painter.setFont(self._look.fonts.plain)
        painter.setPen(color)
        painter.drawText(QPointF(left, baseline), shown)
        if shown_pid:
            painter.setFont(self._look.fonts.small)
            painter.setPen(theme.color(theme.current().muted))
            painter.drawText(QPointF(left + pid_left, baseline), shown_pid)

    def _fit(self, name: str, pid: str, width: int) -> tuple[str, float, str]:
        """(the name, where the pid begins, the pid) as they fit into `width` pixels."""
        key = (name, pid, width)
        fitted = self._fitted.get(key)
        if fitted is None:
            fonts = self._look.fonts
            pid_width = fonts.small_metrics.horizontalAdvance(pid) + theme.SPACE * 0.75
            if not pid or pid_width > width / 2:
                pid, pid_width = "", 0.0
            shown = fonts.plain_metrics.elidedText(
                name, Qt.TextElideMode.ElideRight, width - pid_width
            )
            advance = fonts.plain_metrics.horizontalAdvance(shown)
            fitted = (shown, advance + theme.SPACE * 0.75, pid)
            if len(self._fitted) > 2000:
                self._fitted.clear()
            self._fitted[key] = fitted
        return fitted


class StreamCell(Cell):
    """The stream: stderr stands out a little, what we say ourselves is set apart."""

    def draw(self, painter: QPainter, area: QRectF, baseline: float, row: MessageRow) -> None:
        stream = row.message.stream
        fonts = self._look.fonts
        text = stream.label
        if stream is Stream.STDERR:
            width = fonts.small_metrics.horizontalAdvance(text) + theme.SPACE * 1.5
            tag = QRectF(
                area.left() - 2, area.top() + 3, min(width, area.width()), area.height() - 6
            )
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink.translucent("warning", 38))
            painter.drawRoundedRect(tag, 4, 4)
            painter.setFont(fonts.small)
            painter.setPen(theme.color(theme.current().warning))
            painter.drawText(QPointF(area.left() + theme.SPACE * 0.75 - 2, baseline), text)
            return
        painter.setFont(fonts.italic if stream is Stream.SPAWNSCOPE else fonts.small)
        painter.setPen(theme.color(theme.current().muted))
        painter.drawText(QPointF(area.left() + theme.SPACE * 0.75 - 2, baseline), text)


class TextCell(Cell):
    """The line."""

    def draw(self, painter: QPainter, area: QRectF, baseline: float, row: MessageRow) -> None:
        look = self._look
        if row.message.stream is Stream.SPAWNSCOPE:
            painter.setFont(look.fonts.styled(False, True, False, False))
            painter.setPen(theme.color(theme.current().muted))
            painter.drawText(QPointF(area.left() - look.offset, baseline), row.text)
            return
        draw_text(painter, area, baseline, row, look.fonts, look.offset, look.pattern)
