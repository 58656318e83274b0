"""The view of the picture: zoom, fit, drag, the keyboard, what the pointer is on."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QGraphicsView, QWidget

from spawnscope.core.analysis.wiring.graph import NodeKey
from spawnscope.core.translation import mark, tr

from .directions import next_node
from .edge_item import EdgeItem
from .node_item import NodeItem
from .scene import WiringScene

LEAST, MOST = 0.08, 3.0  # zoom
_STEP = 1.2  # one step of the keyboard or the buttons
_REST = 220  # ms until the card shows
_REACH = 4.0  # px around the pointer in which an edge is meant
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_NO_BUTTON = Qt.MouseButton.NoButton


class WiringCanvas(QGraphicsView):
    """Shows a WiringScene. Emits

    node_clicked(NodeKey, added: bool), edge_clicked(EdgeKey), ground_clicked(),
    node_activated(NodeKey) on a double click or Return, badge_clicked(NodeKey) on a group's "+",
    node_dragged(NodeKey, QPointF), current_moved(NodeKey) by the keyboard,
    pointed(NodeItem, EdgeItem or None, QPoint) when the pointer has come to rest,
    menu_asked(NodeKey or None, QPoint on the screen), view_changed() when zoom or place differ.
    """

    KEYS = (
        (mark("Left, Right, Up, Down"), mark("Go to a node")),
        (
            mark("Return"),
            mark("Go to the process in the tree; unfold a group; select an object"),
        ),
        ("+, -", mark("Unfold, fold")),
        ("F", mark("Show all of it")),
        (mark("Escape"), mark("Select nothing")),
    )
    node_clicked = Signal(object, bool)
    edge_clicked = Signal(object)
    ground_clicked = Signal()
    node_activated = Signal(object)
    badge_clicked = Signal(object)
    node_dragged = Signal(object, QPointF)
    current_moved = Signal(object)
    pointed = Signal(object, QPoint)
    menu_asked = Signal(object, QPoint)
    view_changed = Signal()

    def __init__(self, scene: WiringScene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self._scene = scene
        self.current: NodeKey | None = None
        self.fitting = True  # until the user zooms or drags, the whole picture is kept in view
        self._pressed: NodeItem | EdgeItem | None = None
        self._grip = QPointF()  # from the centre of the pressed node to the pointer
        self._from = QPoint()
        self._last = QPoint()
        self._button = _NO_BUTTON
        self._dragging = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self._on_rest)
        self._at = QPoint()
        self.setAccessibleName(tr("Wiring"))
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing, False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setDragMode(QGraphicsView.DragMode.NoDrag)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)

    # -- zoom and place -----------------------------------------------------------------------

    @property
    def zoom(self) -> float:
        """Scene to screen; 1 is 100 %."""
        return self.transform().m11()

    def fit(self) -> None:
        """Show the whole picture, at most at 100 %, and go on doing so."""
        self.fitting = True
        bounds = self._scene.bounds()
        size = self.viewport().size()
        if bounds.isNull() or size.isEmpty():
            return
        self._roam()
        zoom = min(size.width() / bounds.width(), size.height() / bounds.height(), 1.0)
        self._set_zoom(max(LEAST, zoom))
        self.centerOn(bounds.center())
        self._tell()

    def keep_fitting(self) -> None:
        """The picture has grown or shrunk: as long as the user lets us, keep it in view."""
        self._roam()
        if self.fitting:
            seen = self.mapToScene(self.viewport().rect()).boundingRect()
            bounds = self._scene.bounds()
            if not seen.contains(bounds) or self._is_lost_in(seen, bounds):
                self.fit()

    def zoom_by(self, factor: float, around: QPointF | None = None) -> None:
        """Zoom; the place `around` (in the viewport; its middle) stays where it is."""
        point = QPointF(self.viewport().rect().center()) if around is None else around
        zoom = max(LEAST, min(MOST, self.zoom * factor))
        before = self._to_scene(point)
        self.fitting = False
        self._set_zoom(zoom)
        after = self._to_scene(point)
        self.translate(after.x() - before.x(), after.y() - before.y())
        self._tell()

    def zoom_in(self) -> None:
        self.zoom_by(_STEP)

    def zoom_out(self) -> None:
        self.zoom_by(1 / _STEP)

    def zoom_plain(self) -> None:
        """100 %."""
        self.zoom_by(1 / self.zoom)

    def show_node(self, key: NodeKey) -> None:
        """Bring a node into view, if it is not."""
        item = self._scene.nodes.get(key)
        if item is not None:
            seen = self.mapToScene(self.viewport().rect()).boundingRect()
            if not seen.contains(item.box):
                self.fitting = False
                self.ensureVisible(item.box, 40, 40)
                self._tell()

    def _set_zoom(self, zoom: float) -> None:
        factor = zoom / self.zoom
        self.scale(factor, factor)
        self._scene.see_from(zoom)

    def _roam(self) -> None:
        """Let the view be dragged a little beyond the picture, however small that is."""
        bounds = self._scene.bounds()
        reach = max(self.viewport().width(), self.viewport().height()) / LEAST
        self.setSceneRect(bounds.adjusted(-reach, -reach, reach, reach))

    @staticmethod
    def _is_lost_in(seen: QRectF, bounds: QRectF) -> bool:
        return bounds.width() * 2 < seen.width() and bounds.height() * 2 < seen.height()

    def _to_scene(self, point: QPointF) -> QPointF:
        inverted, _ = self.viewportTransform().inverted()
        return inverted.map(point)

    def _tell(self) -> None:
        self._hide_card()
        self.view_changed.emit()

    # -- the pointer --------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._hide_card()
        if self._button is not _NO_BUTTON:
            return
        point = event.position()
        self._button = event.button()
        self._from = self._last = event.position().toPoint()
        self._dragging = False
        self._pressed = self._meant(point)
        if isinstance(self._pressed, NodeItem):
            self._grip = self._to_scene(point) - self._pressed.pos()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if self._button is _NO_BUTTON or not event.buttons():
            self._at = point
            self._hide_card()
            self._rest.start()
            meant = self._meant(event.position())
            hand = Qt.CursorShape.PointingHandCursor
            self.viewport().setCursor(hand if meant is not None else Qt.CursorShape.ArrowCursor)
            return
        far = (point - self._from).manhattanLength() >= QApplication.startDragDistance()
        if not self._dragging and not far:
            return
        self._dragging = True
        self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        moving = self._button is Qt.MouseButton.LeftButton and isinstance(self._pressed, NodeItem)
        if moving and isinstance(self._pressed, NodeItem):
            self.node_dragged.emit(self._pressed.key, self._to_scene(event.position()) - self._grip)
        elif self._button in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            shift = point - self._last
            self.fitting = False
            self.translate(shift.x() / self.zoom, shift.y() / self.zoom)
            self.view_changed.emit()
        self._last = point

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not self._button:
            return
        pressed, self._pressed = self._pressed, None
        button, self._button = self._button, _NO_BUTTON
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        if self._dragging or button is not Qt.MouseButton.LeftButton:
            return
        if isinstance(pressed, NodeItem):
            inside = self._to_scene(event.position()) - pressed.pos()
            if pressed.has_badge and pressed.badge.contains(inside):
                self.badge_clicked.emit(pressed.key)
                return
            self.current = pressed.key
            added = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self.node_clicked.emit(pressed.key, added)
        elif isinstance(pressed, EdgeItem):
            self.edge_clicked.emit(pressed.key)
        else:
            self.ground_clicked.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        item = self._scene.node_at(self._to_scene(event.position()))
        if item is not None and event.button() is Qt.MouseButton.LeftButton:
            self.node_activated.emit(item.key)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard and self.current is not None:
            item = self._scene.nodes.get(self.current)
            place = self.mapFromScene(item.pos()) if item is not None else QPoint()
            self.menu_asked.emit(self.current, self.viewport().mapToGlobal(place))
        else:
            item = self._scene.node_at(self._to_scene(QPointF(event.pos())))
            self.menu_asked.emit(None if item is None else item.key, event.globalPos())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hide_card()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            shift = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta()
            self.fitting = False
            self.translate(shift.y() / self.zoom + shift.x() / self.zoom, 0)
            self._tell()
        elif event.angleDelta().y():
            self.zoom_by(_STEP ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        pinch = Qt.NativeGestureType.ZoomNativeGesture
        if isinstance(event, QNativeGestureEvent) and event.gestureType() is pinch:
            self.zoom_by(1 + event.value(), event.position())
            return True
        return super().viewportEvent(event)

    def _meant(self, point: QPointF) -> NodeItem | EdgeItem | None:
        place = self._to_scene(point)
        return self._scene.node_at(place) or self._scene.edge_at(place, _REACH / self.zoom)

    def _on_rest(self) -> None:
        if self._button is _NO_BUTTON and self.viewport().rect().contains(self._at):
            self.pointed.emit(self._meant(QPointF(self._at)), self._at)

    def _hide_card(self) -> None:
        self._rest.stop()
        self.pointed.emit(None, QPoint())

    # -- the keyboard -------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and key in _ARROWS:
            found = next_node(self._scene, self.current, _ARROWS[key])
            if found is not None:
                self.go_to(found)
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._has_current():
            self.node_activated.emit(self.current)
        elif plain and key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus) and self._has_current():
            self.badge_clicked.emit(self.current)
        elif plain and key == Qt.Key.Key_Escape:
            self.ground_clicked.emit()
        elif plain and key == Qt.Key.Key_F:
            self.fit()
        else:
            event.ignore()

    def go_to(self, key: NodeKey) -> None:
        """The keyboard is on this node now."""
        self.current = key
        self.show_node(key)
        self.current_moved.emit(key)

    def _has_current(self) -> bool:
        return self.current is not None and self.current in self._scene.nodes

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        by_key = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if event.reason() in (*by_key, Qt.FocusReason.ShortcutFocusReason):
            if not self._has_current():
                first = next_node(self._scene, None, (1, 0))
                self.current = first
            self.current_moved.emit(self.current)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.current_moved.emit(self.current)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.fitting:
            self.fit()
