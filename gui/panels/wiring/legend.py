"""What colours, widths and dashes mean; it can be folded to its title."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QLinearGradient, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout, QWidget

from spawnscope.core.translation import mark, tr

from ...kit.overlay import Overlay
from ...kit.plain import set_tip
from ...kit.style import theme
from ...kit.style.icons import icon
from .face import LEVELS
from .ink import edge_color

_LINE = 20  # px of a row
_LEAST_HEIGHT = 460  # px of what it lies over, below which it is folded
_SAMPLE = 46  # px of a sample
_MARK = 16  # px of a picture among them
_ROWS = (
    ("width", mark("the wider, the more a second")),
    ("dash", mark("idle")),
    ("holds", mark("holds the lock")),
    ("dot", mark("waits for the lock")),
    ("faint", mark("uses it now and then; parent and child")),
    ("color", mark("nobody waits … waits all the time")),
    ("fault", mark("part of an error or a warning")),
    ("unseen", mark("not instrumented: what it shares is not known")),
)


class WiringLegend(QFrame):
    """Lies in the lower left corner of `over`. Emits folded_changed(bool)."""

    folded_changed = Signal(bool)

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("wiringLegend")
        self.folded = False
        self._chosen = False  # by the user; until then, by how much room there is
        self._button = QToolButton(self)
        self._button.setText(tr("Legend"))
        self._button.setAccessibleName(tr("Legend"))
        set_tip(self._button, tr("What colours, widths and dashes mean"))
        self._button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._button.setIconSize(QSize(12, 12))
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.clicked.connect(self._on_clicked)
        self._body = _Samples(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 2, 8, 4)
        layout.setSpacing(0)
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._body)
        self._overlay = _LowerLeft(self, over)
        self._dress()

    def fold(self, folded: bool) -> None:
        """Show the title alone, or everything."""
        self._chosen = True
        self._fold(folded)

    def make_room(self, height: int) -> None:
        """As long as nobody chose, it is folded where it would hide too much."""
        if not self._chosen:
            self._fold(height < _LEAST_HEIGHT)

    def _on_clicked(self) -> None:
        self.fold(not self.folded)

    def _fold(self, folded: bool) -> None:
        if folded != self.folded:
            self.folded = folded
            self._body.setVisible(not folded)
            self._dress()
            self.folded_changed.emit(folded)

    def restyle(self) -> None:
        """The colours are different now."""
        self._dress()

    def _dress(self) -> None:
        colors = theme.current()
        self._button.setIcon(icon("chevron" if self.folded else "chevron-down", "muted"))
        style = (
            f"#wiringLegend {{ background: {colors.raised}; border: 1px solid {colors.border};"
            f" border-radius: {theme.RADIUS}px; }}"
        )
        if self.styleSheet() != style:
            self.setStyleSheet(style)
        self._overlay.place()


class _LowerLeft(Overlay):
    """Keeps to the corner."""

    def __init__(self, legend: WiringLegend, over: QWidget) -> None:
        super().__init__(legend, over, centered=False)
        self._legend = legend

    def place(self) -> None:
        self._legend.make_room(self._over.height())
        size, room = self._widget.sizeHint(), self._over.size()
        self._widget.setGeometry(
            theme.SPACE, max(0, room.height() - size.height() - theme.SPACE), size.width(),
            size.height(),
        )  # fmt: skip


class _Samples(QWidget):
    """The rows of the legend, painted."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = [(what, tr(text)) for what, text in _ROWS]
        self.setAccessibleName(". ".join(text for _, text in self._rows))

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        width = max(metrics.horizontalAdvance(text) for _, text in self._rows)
        return QSize(_SAMPLE + 20 + width, _LINE * len(_ROWS) + 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for place, (what, text) in enumerate(self._rows):
            y = place * _LINE + _LINE / 2
            self._paint_sample(painter, what, y)
            painter.setPen(theme.color(colors.muted))
            rest = QRectF(_SAMPLE + 18, y - _LINE / 2, self.width(), _LINE)
            painter.drawText(rest, int(Qt.AlignmentFlag.AlignVCenter), text)

    @staticmethod
    def _paint_sample(painter: QPainter, what: str, y: float) -> None:
        colors = theme.current()
        left, right = 6.0, 6.0 + _SAMPLE
        plain, faint = edge_color(colors, 0, False), edge_color(colors, 0, True)
        if what == "width":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(plain)
            tip = right - 10
            painter.drawPolygon(
                QPolygonF([QPointF(left, y - 0.6), QPointF(tip, y - 2.6), QPointF(tip, y + 2.6),
                           QPointF(left, y + 0.6)])
            )  # fmt: skip
            painter.drawPolygon(
                QPolygonF([QPointF(tip, y - 5), QPointF(right, y), QPointF(tip, y + 5)])
            )
        elif what == "color":
            gradient = QLinearGradient(left, y, right, y)
            gradient.setColorAt(0.0, plain)
            gradient.setColorAt(0.3, edge_color(colors, 1, False))
            gradient.setColorAt(1.0, edge_color(colors, LEVELS, False))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(gradient)
            painter.drawRoundedRect(QRectF(left, y - 2, _SAMPLE, 4), 2, 2)
        elif what == "unseen":
            place = QRectF((left + right - _MARK) / 2, y - _MARK / 2, _MARK, _MARK)
            icon("unseen", "warning").paint(painter, place.toRect())
        elif what == "fault":
            painter.setPen(QPen(edge_color(colors, 0, False, True), 3))
            painter.drawLine(QPointF(left, y), QPointF(right, y))
            place = QRectF((left + right - _MARK) / 2, y - _MARK / 2, _MARK, _MARK)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(colors.raised))
            painter.drawEllipse(place)
            icon("error", "bad").paint(painter, place.adjusted(1, 1, -1, -1).toRect())
        else:
            pen = QPen(plain, 1.5)
            if what == "dash":
                pen.setDashPattern([4.5, 3.5])
            elif what == "dot":
                pen = QPen(edge_color(colors, 3, False), 2.2)
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                pen.setDashPattern([0.01, 2.4])
            elif what == "holds":
                pen.setWidthF(2.75)
            else:
                pen = QPen(faint, 1.25)
            painter.setPen(pen)
            painter.drawLine(QPointF(left, y), QPointF(right, y))
