"""What the hand does on the canvas.

wheel            zoom around the pointer; over the names: scroll; with Shift or sideways: move
drag             move; with Shift, or on the ruler: measure; the playhead: choose a moment
click            select the process and the object; on the sign: fold threads; on a flag: show it
double click     on the ruler: the playhead; on a message: show it; on a name: the tree
A D, left right  move;  W S, + -  zoom;  up down  scroll;  F  fit;  Z  zoom to what is measured
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

from spawnscope.core.translation import mark

from . import gutter
from .explaining import Explaining
from .fault_flags import FaultFlags
from .hit import Hit, hit_at
from .in_view import InView
from .lane_view import LaneView
from .measuring import Measuring

_NOTCH = 120  # angle of one step of a wheel
_STEP = 1.25  # how much larger one step makes it
_STILL = 4  # px that a click may move
_GRIP = 7  # px around the playhead
_LEAST, _MOST = 120, 480  # px of the names
_KEY_PAN = 0.12  # of the width

_Key = Qt.Key


class Pointer(QObject):
    """Mouse, wheel and keys. Emits `process_activated(number)` and `message_activated(process, id)`
    for what is double-clicked, `finding_activated(number)` for a flag that is clicked."""

    process_activated = Signal(int)
    message_activated = Signal(int, int)
    finding_activated = Signal(int)

    KEYS = (
        (mark("A, D, Left, Right"), mark("Move")),
        ("W, S, +, -", mark("Zoom in, zoom out")),
        (mark("Up, Down, Page Up, Page Down"), mark("Scroll")),
        ("F", mark("The whole session")),
        ("Z", mark("Zoom to what is measured")),
        (mark("Home, End"), mark("The beginning; follow the newest")),
        (mark("Escape"), mark("Measure nothing, keep no arrow")),
    )

    def __init__(
        self,
        view: LaneView,
        measuring: Measuring,
        explaining: Explaining,
        in_view: InView,
        flags: FaultFlags,
    ) -> None:
        super().__init__(view)
        self._view = view
        self._measuring = measuring
        self._explaining = explaining
        self._in_view = in_view
        self._flags = flags
        self._mode = ""  # "pan", "measure", "playhead", "gutter"
        self._pressed = QPointF()
        self._last = QPointF()
        self._anchor = 0
        self._far = False  # whether the drag has left the place where it began

    # -- buttons ------------------------------------------------------------------------------

    def press(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        view = self._view
        at = event.position()
        self._pressed = self._last = at
        self._far = False
        self._anchor = self._time(at)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self._on_edge(at):
            self._mode = "gutter"
        elif self._on_playhead(at):
            self._mode = "playhead"
        elif view.ruler_area.contains(at.toPoint()) or (shift and self._in_time(at)):
            self._mode = "measure"
        elif self._in_time(at):
            self._mode = "pan"
        else:
            self._mode = "names"

    def move(self, event: QMouseEvent) -> None:
        at = event.position()
        view = self._view
        if not self._mode or not event.buttons():
            self._hover(at)
            return
        way = at - self._pressed
        self._far = self._far or max(abs(way.x()), abs(way.y())) >= _STILL
        if not self._far:
            return
        if self._mode == "pan":
            self._explaining.leave()
            view.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            step = at - self._last
            if step.x():
                view.pan(-step.x())
            bar = view.verticalScrollBar()
            bar.setValue(bar.value() - round(step.y()))
        elif self._mode == "measure":
            self._measuring.set(self._anchor, self._time(at))
        elif self._mode == "playhead":
            view.choose_moment(self._time(at))
        elif self._mode == "gutter":
            view.set_gutter(min(max(round(at.x()), _LEAST), _MOST))
        self._last = at

    def release(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        mode, self._mode = self._mode, ""
        at = event.position()
        self._view.viewport().unsetCursor()
        if not self._far:
            flag = self._flags.at(at)
            if mode == "measure" and flag is not None:
                self.finding_activated.emit(flag.finding)
            elif mode == "measure":
                self._measuring.clear()
            elif mode in ("pan", "names"):
                self._click(at)
        self._hover(at)

    def double_click(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        view, at = self._view, event.position()
        if view.ruler_area.contains(at.toPoint()):
            view.choose_moment(self._time(at))
            return
        lane = view.lane_at(at.y())
        if lane is None:
            return
        hit = self._hit(at)
        if hit is not None and hit.is_message:
            self.message_activated.emit(lane.process.number, hit.id)
        elif hit is not None:
            view.show_span(*_around(hit))
        elif at.x() < view.gutter:
            self.process_activated.emit(lane.process.number)

    def wheel(self, event: QWheelEvent) -> None:
        view = self._view
        across, down = event.angleDelta().x(), event.angleDelta().y()
        at = event.position()
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if shift and not across:
            across, down = down, 0
        if abs(across) > abs(down):
            view.pan(-across / _NOTCH * view.scale.width * _KEY_PAN / 2)
        elif at.x() < view.gutter:
            bar = view.verticalScrollBar()
            bar.setValue(bar.value() - round(down / _NOTCH * 3 * bar.singleStep()))
        elif down:
            view.zoom(_STEP ** (down / _NOTCH), at.x() - view.gutter)
        event.accept()
        self._hover(at)

    # -- keys ---------------------------------------------------------------------------------

    def key(self, event: QKeyEvent) -> bool:
        """Take a key; False if it means nothing here."""
        view, key = self._view, event.key()
        extra = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        if event.modifiers() & extra:
            return False
        if key in (_Key.Key_A, _Key.Key_Left, _Key.Key_D, _Key.Key_Right):
            side = -1 if key in (_Key.Key_A, _Key.Key_Left) else 1
            view.pan(side * view.scale.width * _KEY_PAN)
        elif key in (_Key.Key_W, _Key.Key_Plus, _Key.Key_Equal):
            view.zoom(_STEP)
        elif key in (_Key.Key_S, _Key.Key_Minus):
            view.zoom(1 / _STEP)
        elif key in (_Key.Key_Up, _Key.Key_Down, _Key.Key_PageUp, _Key.Key_PageDown):
            bar = view.verticalScrollBar()
            large = key in (_Key.Key_PageUp, _Key.Key_PageDown)
            step = bar.pageStep() if large else 2 * bar.singleStep()
            bar.setValue(bar.value() + (step if key in (_Key.Key_Down, _Key.Key_PageDown)
                                        else -step))  # fmt: skip
        elif key == _Key.Key_F:
            view.fit()
        elif key == _Key.Key_Z:
            self._measuring.zoom()
        elif key == _Key.Key_Home:
            view.go_to_start()
        elif key == _Key.Key_End:
            view.go_to_end()
        elif key == _Key.Key_Escape and (self._measuring.span or self._explaining.pinned):
            self._measuring.clear()
            self._explaining.pin(None)
        else:
            return False
        return True

    # -- what is where ------------------------------------------------------------------------

    def _click(self, at: QPointF) -> None:
        view = self._view
        lane = view.lane_at(at.y()) if at.y() >= view.area.top() else None
        if lane is None:
            self._explaining.pin(None)
            return
        number = lane.process.number
        fold = gutter.fold_rect(lane, view.top_of(lane))
        if at.x() < view.gutter and lane.more > 0 and fold.contains(at.toPoint()):
            with self._in_view.held():
                view.fold(number, not lane.unfolded)
            return
        hit = self._hit(at)
        self._explaining.pin(hit)
        with self._in_view.held():  # it is where the pointer is: it is not to move from there
            view.selection.select_processes(frozenset((number,)))
        if hit is not None and hit.object:
            view.selection.select_object(hit.object)

    def _hover(self, at: QPointF) -> None:
        view = self._view
        if self._on_edge(at):
            view.viewport().setCursor(Qt.CursorShape.SplitHCursor)
        elif self._on_playhead(at):
            view.viewport().setCursor(Qt.CursorShape.SizeHorCursor)
        elif (flag := self._flags.at(at)) is not None:
            view.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
            self._explaining.show_flag(*self._flags.told(flag), at.toPoint())
            return
        else:
            view.viewport().unsetCursor()
        self._explaining.show(self._hit(at), at.toPoint())

    def _hit(self, at: QPointF) -> Hit | None:
        view = self._view
        if not self._in_time(at):
            return None
        lane = view.lane_at(at.y())
        if lane is None:
            return None
        return hit_at(
            lane,
            at.y() - view.top_of(lane),
            at.x() - view.gutter,
            view.scale,
            view.source.timeline,
            view.now_ns,
        )

    def _time(self, at: QPointF) -> int:
        return self._view.scale.time(at.x() - self._view.gutter)

    def _in_time(self, at: QPointF) -> bool:
        return self._view.area.contains(QPoint(int(at.x()), int(at.y())))

    def _on_edge(self, at: QPointF) -> bool:
        return abs(at.x() - self._view.gutter) <= 3 and at.y() < self._view.area.top()

    def _on_playhead(self, at: QPointF) -> bool:
        view = self._view
        if view.moment is None or not view.ruler_area.contains(at.toPoint()):
            return False
        x = view.gutter + view.scale.x(view.moment)
        return abs(at.x() - x) <= _GRIP


def _around(hit: Hit) -> tuple[int, int]:
    """A span with an operation in its middle."""
    length = max(1000, hit.end_ns - hit.start_ns)
    return hit.start_ns - length // 2, hit.end_ns + length // 2
