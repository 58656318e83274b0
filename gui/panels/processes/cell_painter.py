"""How the cells of the process tree are drawn.

They are drawn from the row itself: no data() per role, no delegate per cell. Qt's own way costs
about 1.3 ms a row from Python, this one a fifth of it. The background of a row (selection, glow)
belongs to the tree.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen

from spawnscope.core.analysis.process_fold import FoldRow, Shown
from spawnscope.core.analysis.process_helpers import HelpersRow
from spawnscope.core.store.process_row import HISTORY, ProcessRow
from spawnscope.core.translation import tr

from ...kit.cell_text import DOT, CellText, draw_dot
from ...kit.column import RIGHT, Column
from ...kit.process_look import ROLE_ICONS
from ...kit.sparkline import USAGE_FLOOR, USAGE_WIDTH, Sparklines
from ...kit.style import theme
from ...kit.style.icons import icon
from .cells import cell_text
from .columns import ACTION, CPU, NAME
from .fault_marks import FaultMarks
from .unseen import UnseenMarks

BUTTON_TEXT = tr("Terminate")
# What the action column must have room for.
LONGEST_STEP = tr("asked, waiting {seconds} s", seconds=10)
_ICON = 16
_DISC = 10
_MARK = 14  # of what is wrong, or not instrumented
_PAD = 8  # px between the edge of a cell and its text
_PILE = 4  # px between the rings of a pile
_AA = QPainter.RenderHint.Antialiasing
_NO_BRUSH = Qt.BrushStyle.NoBrush
_NO_PEN = Qt.PenStyle.NoPen


class CellPainter:
    """Draws cells. The tree calls `begin` before a round of painting, and sets `hovered` and
    `pressed` (the processes whose button looks so) and `live` (whether there are buttons).
    `unseen`, `faults`: who bears a mark."""

    def __init__(self, unseen: UnseenMarks, faults: FaultMarks) -> None:
        self.hovered: int | None = None
        self.pressed: int | None = None
        self.live = True
        self.unseen, self.faults = unseen, faults
        self._now = 0
        self._colors = theme.LIGHT
        self._words = CellText()
        self._sparklines = Sparklines(HISTORY)

    def begin(self, font: QFont, now_ns: int) -> None:
        """A round of painting begins; durations are shown for `now_ns` of Unix time."""
        self._now = now_ns
        self._colors = theme.current()
        self._words.use(font)

    def has_button(self, row: Shown) -> bool:
        """Whether a row ends in a button."""
        return self.live and row.may_be_signalled and not row.is_stopping

    def button_rect(self, cell: QRect) -> QRect:
        """Where the Terminate button stands within its cell."""
        metrics = self._words.metrics
        width = min(cell.width() - 8, metrics.horizontalAdvance(BUTTON_TEXT) + _ICON + 18)
        height = min(cell.height() - 4, metrics.height() + 4)
        left = cell.right() - 4 - width
        return QRect(left, cell.top() + (cell.height() - height) // 2, width, height)

    def paint(
        self,
        painter: QPainter,
        rect: QRect,
        row: Shown,
        column: Column,
        selected: bool,
        dimmed: bool,
    ) -> None:
        """Draw one cell. `dimmed`: the row has ended, or is shown for a descendant's sake."""
        colors = self._colors
        ink = colors.muted if dimmed else colors.selection_text if selected else colors.text
        if isinstance(row, FoldRow):
            self._paint_fold(painter, rect, row, column, ink)
            return
        if isinstance(row, HelpersRow):
            self._paint_helpers(painter, rect, row, column, ink)
            return
        if column is NAME:
            self._paint_name(painter, rect, row, ink, dimmed)
            return
        if column is ACTION:
            if row.is_stopping:
                self._paint_step(painter, rect, row)
            elif self.has_button(row):
                self._paint_button(painter, self.button_rect(rect), row)
            return
        if column is CPU and row.is_live and any(row.cpu_history):
            self._paint_sparkline(painter, rect, row)
        if (meaning := column.ink(row)) and not selected:  # on whose ground it would be too weak
            ink = getattr(colors, meaning)
        text = column.text_at(row, self._now)
        if text:
            inner = rect.adjusted(_PAD, 0, -_PAD, 0)
            right = column.alignment is RIGHT
            self._words.draw(painter, inner, text, ink, right=right, middle=column.middle)

    def _paint_name(
        self, painter: QPainter, rect: QRect, row: ProcessRow, ink: str, dimmed: bool
    ) -> None:
        middle = rect.top() + rect.height() / 2
        left = rect.left() + 2
        if rect.width() < _ICON + DOT + 12:
            return  # so deep that the column has no room left
        picture = icon(ROLE_ICONS[row.role], "faint" if dimmed else "muted")
        picture.paint(painter, QRect(left, round(middle) - _ICON // 2, _ICON, _ICON))
        left += _ICON + 6
        # An ended process keeps its colour, as a ring.
        draw_dot(painter, left, middle, theme.process_color(row.number), hollow=not row.is_live)
        left += DOT + 6
        right = rect.right() - 4
        marks = [self.faults.look(row)]
        if row.is_unseen or self.unseen.below(row):
            marks.append(("unseen", "warning" if row.is_unseen else "muted"))
        for mark in filter(None, marks):
            right -= _MARK
            place = QRect(right, round(middle) - _MARK // 2, _MARK, _MARK)
            icon(*mark).paint(painter, place)
            right -= 4
        inner = QRect(left, rect.top(), max(0, right - left), rect.height())
        self._words.draw(painter, inner, row.label, ink, middle=True)

    def _paint_fold(
        self, painter: QPainter, rect: QRect, row: FoldRow, column: Column, ink: str
    ) -> None:
        """A row that stands for many: a pile of rings, in no process's colour."""
        text = column.fold(row)
        inner = rect.adjusted(_PAD, 0, -_PAD, 0)
        if column is NAME:
            if rect.width() < _ICON + DOT + 12:
                return
            middle = rect.top() + rect.height() / 2
            left = rect.left() + 2
            if row.rest:
                ink = self._colors.accent
            else:
                place = QRect(left, round(middle) - _ICON // 2, _ICON, _ICON)
                icon(ROLE_ICONS[row.role], "faint").paint(painter, place)
            left += _ICON + 6
            if not row.rest:
                for shift in (_PILE, 0):
                    color = theme.color(self._colors.faint if shift else self._colors.muted)
                    draw_dot(painter, left + shift, middle, color, hollow=True)
            left += DOT + 6 + (0 if row.rest else _PILE)
            inner = QRect(left, rect.top(), max(0, rect.right() - left - 4), rect.height())
        if text:
            self._words.draw(painter, inner, text, ink, right=column.alignment is RIGHT)

    def _paint_helpers(
        self, painter: QPainter, rect: QRect, row: HelpersRow, column: Column, ink: str
    ) -> None:
        """A row that stands for helpers: their picture, and no colour of a process."""
        left = _PAD
        if column is NAME:
            place = QRect(rect.left() + 2, rect.top() + (rect.height() - _ICON) // 2, _ICON, _ICON)
            icon(ROLE_ICONS[row.role], "faint").paint(painter, place)
            left = 2 + _ICON + 6
        elif row.failed:
            ink = self._colors.bad
        text = cell_text(column, row, self._now)
        if text:
            self._words.draw(painter, rect.adjusted(left, 0, -_PAD, 0), text, ink, middle=True)

    def _paint_sparkline(self, painter: QPainter, rect: QRect, row: ProcessRow) -> None:
        size = (USAGE_WIDTH, rect.height() - 10)
        scale = painter.deviceTransform().m11()  # the device itself would be slow to wrap
        color = theme.process_color(row.number)
        picture = self._sparklines.picture(
            row.number, row.cpu_history, color, size, scale, USAGE_FLOOR
        )
        painter.drawPixmap(rect.left() + _PAD, rect.top() + 5, picture)

    def _paint_step(self, painter: QPainter, rect: QRect, row: ProcessRow) -> None:
        """How far the stop has come: a disc that empties, and words."""
        stopping = row.stopping
        assert stopping is not None
        ink = self._colors.warning
        left = rect.left() + _PAD
        if stopping.deadline_ns is not None and stopping.deadline_ns > stopping.since_ns:
            share = (stopping.deadline_ns - self._now) / (stopping.deadline_ns - stopping.since_ns)
            disc = QRectF(left, rect.top() + (rect.height() - _DISC) / 2, _DISC, _DISC)
            painter.setRenderHint(_AA, True)
            painter.setPen(QPen(theme.color(ink), 1))
            painter.setBrush(_NO_BRUSH)
            painter.drawEllipse(disc)
            painter.setBrush(theme.color(ink))
            painter.drawPie(disc, 90 * 16, int(360 * 16 * max(0.0, min(1.0, share))))
            painter.setRenderHint(_AA, False)
            left += _DISC + 5
        inner = QRect(left, rect.top(), max(0, rect.right() - left - 2), rect.height())
        self._words.draw(painter, inner, stopping.text(self._now), ink)

    def _paint_button(self, painter: QPainter, rect: QRect, row: ProcessRow) -> None:
        colors = self._colors
        if self.hovered != row.number or self.pressed not in (None, row.number):
            fill, edge, ink, meaning = colors.raised, colors.border, colors.text, "muted"
        elif self.pressed == row.number:
            fill, edge, ink, meaning = colors.bad, colors.bad, colors.base, "base"
        else:
            fill, edge, ink, meaning = colors.raised, colors.bad, colors.bad, "bad"
        painter.setRenderHint(_AA, True)
        painter.setPen(QPen(theme.color(edge), 1))
        painter.setBrush(theme.color(fill))
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setRenderHint(_AA, False)
        side = 12
        top = rect.top() + (rect.height() - side) // 2
        icon("terminate", meaning).paint(painter, QRect(rect.left() + 7, top, side, side))
        self._words.draw(painter, rect.adjusted(side + 12, 0, -3, 0), BUTTON_TEXT, ink)
