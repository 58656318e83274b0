"""The whole session as a slider: which part is seen, and which moment the window shows."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from spawnscope.core.translation import tr

from ...kit.plain import set_tip
from ...kit.style import theme
from .scale import TimeScale

STEPS = 100_000  # of the slider, over the whole session; the last one is the newest
_HEIGHT = 24  # px at 100 %
_PAD = 8
_GROOVE = 6


class MomentStrip(QAbstractSlider):
    """Emits moment_dragged(int or None): the user moved the handle to a time of the session, or
    to its end (None); seen_moved(int): the part that is seen shall have its middle there."""

    moment_dragged = Signal(object)
    seen_moved = Signal(object)

    def __init__(self, scale: TimeScale, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale = scale
        self._showing = False
        self._painted: tuple[float, float] | None = None  # where the seen part stands on screen
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setRange(0, STEPS)
        self.setSingleStep(STEPS // 200)
        self.setPageStep(STEPS // 20)
        self.setValue(STEPS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Moment of the session"))
        set_tip(
            self,
            tr(
                "Drag the handle: the whole window shows that moment.\n"
                "The bright part is what the timeline shows."
            ),
        )
        self.valueChanged.connect(self._on_value_changed)

    def show_moment(self, time_ns: int | None) -> None:
        """The window shows this moment; None: the newest."""
        self._showing = True
        try:
            self.setValue(STEPS if time_ns is None else self._value(time_ns))
        finally:
            self._showing = False
        if self._places() != self._painted:
            self.update()

    def _on_value_changed(self, value: int) -> None:
        if not self._showing:
            self.moment_dragged.emit(None if value >= STEPS else self._time(value))

    def _time(self, value: int) -> int:
        scale = self._scale
        return scale.first_ns + (scale.last_ns - scale.first_ns) * value // STEPS

    def _value(self, time_ns: int) -> int:
        scale = self._scale
        span = max(1, scale.last_ns - scale.first_ns)
        return min(max((time_ns - scale.first_ns) * STEPS // span, 0), STEPS)

    def _x(self, value: float) -> float:
        return _PAD + value / STEPS * (self.width() - 2 * _PAD)

    def _places(self) -> tuple[float, float]:
        """From where to where the seen part reaches, in half pixels: less cannot be seen."""
        scale = self._scale
        left = self._x(self._value(scale.left_ns))
        right = max(left + 4, self._x(self._value(scale.right_ns)))
        return round(left * 2) / 2, round(right * 2) / 2

    def _value_at(self, x: float) -> int:
        return round((x - _PAD) / max(1, self.width() - 2 * _PAD) * STEPS)

    # -- Qt -----------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(300, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        top = (self.height() - _GROOVE) / 2
        groove = QRectF(_PAD, top, self.width() - 2 * _PAD, _GROOVE)
        painter.setBrush(theme.color(colors.border))
        painter.drawRoundedRect(groove, _GROOVE / 2, _GROOVE / 2)
        left, right = self._painted = self._places()
        seen = QColor(theme.color(colors.accent))
        seen.setAlphaF(0.55)
        painter.setBrush(seen)
        painter.drawRoundedRect(QRectF(left, top, right - left, _GROOVE), 3, 3)
        x, middle = self._x(self.value()), self.height() / 2
        painter.setBrush(theme.color(colors.raised if not self.isSliderDown() else colors.accent))
        painter.setPen(QPen(theme.color(colors.accent), 2 if self.hasFocus() else 1.5))
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(x - 5, middle - 8),
                    QPointF(x + 5, middle - 8),
                    QPointF(x + 5, middle + 3),
                    QPointF(x, middle + 9),
                    QPointF(x - 5, middle + 3),
                ]
            )
        )
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self.setSliderDown(True)
        self.setValue(self._value_at(event.position().x()))
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setValue(self._value_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)
        self.update()
