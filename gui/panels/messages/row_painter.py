"""Paints the visible rows in one go.

In a flood all rows change many times a second, and a delegate's call for each cell would cost ten
times what the drawing does. So the table hands over its repaint: one loop over the rows, the
colours looked up once, and what repeats from row to row (processes, streams) kept as pictures.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QTableView

from spawnscope.core.vocabulary.events import Stream

from ...kit.style import theme
from . import ink
from .columns import writer_of
from .log_style import MARGIN, LogStyle
from .text_painting import draw_text

if TYPE_CHECKING:
    from collections.abc import Hashable

    from spawnscope.core.store.processes import ProcessTable

    from .page_model import MessagePageModel
    from .row import MessageRow

_DOT = 7.0
_GAP = theme.SPACE * 0.75
_MOST_PICTURES = 2000
_DIM = 0.4  # of what came after the moment that is shown


class RowPainter:
    """Paints rows of a model whose columns are time, process, stream, text."""

    def __init__(self, model: MessagePageModel, table: ProcessTable, look: LogStyle) -> None:
        self._model = model
        self._look = look
        self._time = model.columns[0].text
        self._table = table
        self._pictures: dict[Hashable, QPixmap] = {}

    def paint(self, painter: QPainter, table: QTableView, first: int, last: int) -> None:
        """Paint the rows from place `first` to place `last` of the page."""
        look, fonts = self._look, self._look.fonts
        colors = look.ink = ink.current_ink()
        look.pixel_ratio = table.devicePixelRatioF()
        height = fonts.row_height
        metrics = fonts.fixed_metrics
        drop = (height - metrics.height()) / 2 + metrics.ascent()
        lefts = [float(table.columnViewportPosition(column)) for column in range(4)]
        widths = [table.columnWidth(column) for column in range(4)]
        whole = float(lefts[3] + widths[3])
        text_width = widths[3] - 2 * MARGIN
        moment, was_later = look.moment_ns, first > 0 and self._is_later(first - 1)
        for place in range(first, last + 1):
            row = self._model.rows[place]
            top = float(place * height)
            if moment is not None:
                later = row.message.time_ns > moment
                painter.setOpacity(1.0)
                if later and not was_later and place:
                    painter.fillRect(QRectF(0, top - 1, whole, 2), QColor(theme.current().accent))
                painter.setOpacity(_DIM if later else 1.0)
                was_later = later
            if row.selected:
                painter.fillRect(QRectF(0, top, whole, height), colors.selection)
            elif not row.message.id:
                painter.fillRect(QRectF(0, top, whole, height), colors.writing)
            baseline = top + drop
            painter.setFont(fonts.fixed)
            painter.setPen(colors.muted)
            painter.drawText(QPointF(lefts[0] + MARGIN, baseline), self._time(row))
            self._draw_process(painter, lefts[1], widths[1], top, row)
            self._draw_stream(painter, lefts[2], widths[2], top, row)
            area = QRectF(lefts[3] + MARGIN, top, text_width, height)
            if row.message.stream is Stream.SPAWNSCOPE:
                painter.setFont(fonts.styled(False, True, False, False))
                painter.setPen(colors.muted)
                painter.setClipRect(area, Qt.ClipOperation.ReplaceClip)
                painter.drawText(QPointF(area.left() - look.offset, baseline), row.text)
                painter.setClipping(False)
            else:
                draw_text(painter, area, baseline, row, look)

        painter.setOpacity(1.0)

    def _is_later(self, place: int) -> bool:
        moment = self._look.moment_ns
        return moment is not None and self._model.rows[place].message.time_ns > moment

    def _draw_process(
        self, painter: QPainter, left: float, width: int, top: float, row: MessageRow
    ) -> None:
        name, pid = writer_of(self._table, row)
        process = row.message.process
        key = (name, pid, process, width, self._kind)

        def draw(picture: QPainter, baseline: float) -> None:
            look = self._look
            fonts = look.fonts
            color = theme.process_color(process)
            picture.setPen(Qt.PenStyle.NoPen)
            picture.setBrush(color)
            middle = fonts.row_height / 2
            picture.drawEllipse(QRectF(MARGIN, middle - _DOT / 2, _DOT, _DOT))
            start = MARGIN + _DOT + _GAP
            room = width - MARGIN - start
            pid_width = fonts.small_metrics.horizontalAdvance(pid) + _GAP if pid else 0.0
            if pid_width > room / 2:
                pid_width = 0.0
            # In the middle: names of workers end in their numbers.
            shown = fonts.plain_metrics.elidedText(
                name, Qt.TextElideMode.ElideMiddle, room - pid_width
            )
            picture.setFont(fonts.plain)
            picture.setPen(color)
            picture.drawText(QPointF(start, baseline), shown)
            if pid_width:
                start += fonts.plain_metrics.horizontalAdvance(shown) + _GAP
                picture.setFont(fonts.small)
                picture.setPen(look.ink.muted)
                picture.drawText(QPointF(start, baseline), pid)

        painter.drawPixmap(QPointF(left, top), self._picture(key, width, draw))

    def _draw_stream(
        self, painter: QPainter, left: float, width: int, top: float, row: MessageRow
    ) -> None:
        stream = row.message.stream

        def draw(picture: QPainter, baseline: float) -> None:
            look = self._look
            fonts = look.fonts
            text = stream.label
            picture.setFont(fonts.italic if stream is Stream.SPAWNSCOPE else fonts.small)
            picture.setPen(look.ink.muted)
            if stream is Stream.STDERR:
                room = fonts.small_metrics.horizontalAdvance(text) + 2 * _GAP
                tag = QRectF(MARGIN - 2, 3, min(room, width - MARGIN), fonts.row_height - 6)
                picture.setPen(Qt.PenStyle.NoPen)
                picture.setBrush(look.ink.tag)
                picture.drawRoundedRect(tag, 4, 4)
                picture.setPen(look.ink.warning)
            picture.drawText(QPointF(MARGIN + _GAP - 2, baseline), text)

        key = (stream, width, self._kind)
        painter.drawPixmap(QPointF(left, top), self._picture(key, width, draw))

    @property
    def _kind(self) -> Hashable:
        """What all pictures depend on."""
        look = self._look
        return look.ink.theme.dark, look.pixel_ratio, id(look.fonts)

    def _picture(
        self, key: Hashable, width: int, draw: Callable[[QPainter, float], None]
    ) -> QPixmap:
        picture = self._pictures.get(key)
        if picture is None:
            if len(self._pictures) >= _MOST_PICTURES:
                self._pictures.clear()
            fonts, ratio = self._look.fonts, self._look.pixel_ratio
            height = fonts.row_height
            picture = QPixmap(max(1, round(width * ratio)), round(height * ratio))
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            metrics = fonts.fixed_metrics
            draw(painter, (height - metrics.height()) / 2 + metrics.ascent())
            painter.end()
            self._pictures[key] = picture
        return picture
