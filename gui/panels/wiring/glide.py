"""A new layout, to which the nodes glide: an eye that knows a node can follow it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation, Signal

from spawnscope.core.analysis.wiring.graph import NodeKey

from .layout import Place
from .scene import WiringScene

_MS = 240


class Glide(QObject):
    """Moves the nodes of a scene. Emits arrived() at the end of the way."""

    arrived = Signal()

    def __init__(self, scene: WiringScene, parent: QObject) -> None:
        super().__init__(parent)
        self._scene = scene
        self._ways: dict[NodeKey, tuple[Place, Place]] = {}
        self._clock = QVariantAnimation(self)
        self._clock.setDuration(_MS)
        self._clock.setStartValue(0.0)
        self._clock.setEndValue(1.0)
        self._clock.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._clock.valueChanged.connect(self._on_moved)
        self._clock.finished.connect(self.arrived)

    def start(self, places: Mapping[NodeKey, Place]) -> None:
        """Move all nodes to these places."""
        self._clock.stop()
        self._ways = {
            key: ((item.x(), item.y()), places[key])
            for key, item in self._scene.nodes.items()
            if key in places
        }
        self._clock.start()

    def finish(self) -> None:
        """Be there at once, if under way."""
        if self._clock.state() is QVariantAnimation.State.Running:
            self._clock.stop()
            self._on_moved(1.0)

    def _on_moved(self, share: float) -> None:
        self._scene.move(
            {
                key: (from_x + (to_x - from_x) * share, from_y + (to_y - from_y) * share)
                for key, ((from_x, from_y), (to_x, to_y)) in self._ways.items()
            }
        )
