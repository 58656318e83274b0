"""What the hand does on the canvas.

wheel            zoom around the pointer; over the names: scroll; with Shift or sideways: move
drag             move; with Shift, or on the ruler: measure; the playhead: choose a moment
click            select the process and the object; on the sign: fold threads
double click     on the ruler: the playhead; on a message: show it; on a name: the tree
A D, left right  move;  W S, + -  zoom;  up down  scroll;  F  fit;  Z  zoom to what is measured
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

from . import gutter
from .hit import Hit, hit_at

if TYPE_CHECKING:
    from .canvas import TimelineCanvas

_NOTCH = 120  # angle of one step of a wheel
_STEP = 1.25  # how much larger one step makes it
_STILL = 4  # px that a click may move
_GRIP = 7  # px around the playhead
_LEAST, _MOST = 120, 480  # px of the names
_KEY_PAN = 0.12  # of the width

_Key = Qt.Key


class Pointer:
    """Mouse, wheel and keys of one canvas."""

    KEYS = (
        ("A, D, Left, Right", "Move"),
        ("W, S, +, -", "Zoom in, zoom out"),
        ("Up, Down, Page Up, Page Down", "Scroll"),
        ("F", "The whole session"),
        ("Z", "Zoom to what is measured"),
        ("Home, End", "The beginning; follow the newest"),
        ("Escape", "Measure nothing, keep no arrow"),
    )

    def __init__(self, canvas: TimelineCanvas) -> None:
        self._canvas = canvas
        self._mode = ""  # "pan", "measure", "playhead", "gutter"
        self._pressed = QPointF()
        self._last = QPointF()
        self._anchor = 0
        self._far = False  # whether the drag has left the place where it began

    # -- buttons ------------------------------------------------------------------------------

    def press(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        canvas = self._canvas
        at = event.position()
        self._pressed = self._last = at
        self._far = False
        self._anchor = self._time(at)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self._on_edge(at):
            self._mode = "gutter"
        elif self._on_playhead(at):
            self._mode = "playhead"
        elif canvas.ruler_area.contains(at.toPoint()) or (shift and self._in_time(at)):
            self._mode = "measure"
        elif self._in_time(at):
            self._mode = "pan"
        else:
            self._mode = "names"

    def move(self, event: QMouseEvent) -> None:
        at = event.position()
        canvas = self._canvas
        if not self._mode or not event.buttons():
            self._hover(at)
            return
        way = at - self._pressed
        self._far = self._far or max(abs(way.x()), abs(way.y())) >= _STILL
        if not self._far:
            return
        if self._mode == "pan":
            canvas.explaining.leave()
            canvas.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            step = at - self._last
            if step.x():
                was = canvas.scale.following
                canvas.scale.pan(-step.x())
                if was:
                    canvas.following_changed.emit(False)
                canvas.moved()
            bar = canvas.verticalScrollBar()
            bar.setValue(bar.value() - round(step.y()))
        elif self._mode == "measure":
            canvas.measuring.set(self._anchor, self._time(at))
        elif self._mode == "playhead":
            canvas.choose_moment(self._time(at))
        elif self._mode == "gutter":
            canvas.set_gutter(min(max(round(at.x()), _LEAST), _MOST))
        self._last = at

    def release(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        mode, self._mode = self._mode, ""
        at = event.position()
        self._canvas.viewport().unsetCursor()
        if not self._far:
            if mode == "measure":
                self._canvas.measuring.clear()
            elif mode in ("pan", "names"):
                self._click(at)
        self._hover(at)

    def double_click(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        canvas, at = self._canvas, event.position()
        if canvas.ruler_area.contains(at.toPoint()):
            canvas.choose_moment(self._time(at))
            return
        lane = canvas.lane_at(at.y())
        if lane is None:
            return
        hit = self._hit(at)
        if hit is not None and hit.is_message:
            canvas.message_activated.emit(lane.process.number, hit.id)
        elif hit is not None:
            canvas.scale.show(*_around(hit))
            canvas.following_changed.emit(False)
            canvas.moved()
        elif at.x() < canvas.gutter:
            canvas.process_activated.emit(lane.process.number)

    def wheel(self, event: QWheelEvent) -> None:
        canvas = self._canvas
        across, down = event.angleDelta().x(), event.angleDelta().y()
        at = event.position()
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if shift and not across:
            across, down = down, 0
        if abs(across) > abs(down):
            was = canvas.scale.following
            canvas.scale.pan(-across / _NOTCH * canvas.scale.width * _KEY_PAN / 2)
            if was:
                canvas.following_changed.emit(False)
            canvas.moved()
        elif at.x() < canvas.gutter:
            bar = canvas.verticalScrollBar()
            bar.setValue(bar.value() - round(down / _NOTCH * 3 * bar.singleStep()))
        elif down:
            self.zoom(_STEP ** (down / _NOTCH), at.x() - canvas.gutter)
        event.accept()
        self._hover(at)

    def zoom(self, factor: float, x: float | None = None) -> None:
        """Larger or smaller around a pixel, the middle if none is given."""
        canvas = self._canvas
        canvas.scale.zoom(factor, canvas.scale.width / 2 if x is None else x)
        canvas.moved()

    # -- keys ---------------------------------------------------------------------------------

    def key(self, event: QKeyEvent) -> bool:
        """Take a key; False if it means nothing here."""
        canvas, key = self._canvas, event.key()
        extra = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        if event.modifiers() & extra:
            return False
        if key in (_Key.Key_A, _Key.Key_Left, _Key.Key_D, _Key.Key_Right):
            was = canvas.scale.following
            side = -1 if key in (_Key.Key_A, _Key.Key_Left) else 1
            canvas.scale.pan(side * canvas.scale.width * _KEY_PAN)
            if was:
                canvas.following_changed.emit(False)
            canvas.moved()
        elif key in (_Key.Key_W, _Key.Key_Plus, _Key.Key_Equal):
            self.zoom(_STEP)
        elif key in (_Key.Key_S, _Key.Key_Minus):
            self.zoom(1 / _STEP)
        elif key in (_Key.Key_Up, _Key.Key_Down, _Key.Key_PageUp, _Key.Key_PageDown):
            bar = canvas.verticalScrollBar()
            large = key in (_Key.Key_PageUp, _Key.Key_PageDown)
            step = bar.pageStep() if large else 2 * bar.singleStep()
            bar.setValue(bar.value() + (step if key in (_Key.Key_Down, _Key.Key_PageDown)
                                        else -step))  # fmt: skip
        elif key == _Key.Key_F:
            canvas.fit()
        elif key == _Key.Key_Z:
            canvas.zoom_to_measured()
        elif key == _Key.Key_Home:
            canvas.go_to_start()
        elif key == _Key.Key_End:
            canvas.go_to_end()
        elif key == _Key.Key_Escape and (canvas.measuring.span or canvas.explaining.pinned):
            canvas.measuring.clear()
            canvas.explaining.pin(None)
        else:
            return False
        return True

    # -- what is where ------------------------------------------------------------------------

    def _click(self, at: QPointF) -> None:
        canvas = self._canvas
        lane = canvas.lane_at(at.y()) if at.y() >= canvas.area.top() else None
        if lane is None:
            canvas.explaining.pin(None)
            return
        number = lane.process.number
        fold = gutter.fold_rect(lane, canvas.top_of(lane))
        if at.x() < canvas.gutter and lane.more > 0 and fold.contains(at.toPoint()):
            canvas.fold(number, not lane.unfolded)
            return
        hit = self._hit(at)
        canvas.explaining.pin(hit)
        with canvas.in_view.held():  # it is where the pointer is: it is not to move from there
            canvas.selection.select_processes(frozenset((number,)))
        if hit is not None and hit.object:
            canvas.selection.select_object(hit.object)

    def _hover(self, at: QPointF) -> None:
        canvas = self._canvas
        if self._on_edge(at):
            canvas.viewport().setCursor(Qt.CursorShape.SplitHCursor)
        elif self._on_playhead(at):
            canvas.viewport().setCursor(Qt.CursorShape.SizeHorCursor)
        else:
            canvas.viewport().unsetCursor()
        canvas.explaining.show(self._hit(at), at.toPoint())

    def _hit(self, at: QPointF) -> Hit | None:
        canvas = self._canvas
        if not self._in_time(at):
            return None
        lane = canvas.lane_at(at.y())
        if lane is None:
            return None
        return hit_at(
            lane,
            at.y() - canvas.top_of(lane),
            at.x() - canvas.gutter,
            canvas.scale,
            canvas.source.timeline,
            canvas.now_ns,
        )

    def _time(self, at: QPointF) -> int:
        return self._canvas.scale.time(at.x() - self._canvas.gutter)

    def _in_time(self, at: QPointF) -> bool:
        return self._canvas.area.contains(QPoint(int(at.x()), int(at.y())))

    def _on_edge(self, at: QPointF) -> bool:
        return abs(at.x() - self._canvas.gutter) <= 3 and at.y() < self._canvas.area.top()

    def _on_playhead(self, at: QPointF) -> bool:
        canvas = self._canvas
        if canvas.moment is None or not canvas.ruler_area.contains(at.toPoint()):
            return False
        x = canvas.gutter + canvas.scale.x(canvas.moment)
        return abs(at.x() - x) <= _GRIP


def _around(hit: Hit) -> tuple[int, int]:
    """A span with an operation in its middle."""
    length = max(1000, hit.end_ns - hit.start_ns)
    return hit.start_ns - length // 2, hit.end_ns + length // 2
