"""Our own icons: SVG files in `resources/icons`, drawn in the colours of the theme.

An SVG is 24 x 24, strokes of width 2 with round caps, and uses `currentColor`; we put the
theme's colour there, so one file serves light, dark and disabled.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QImage, QPainter, QPixmap

from . import theme

FOLDER = Path(__file__).resolve().parents[3] / "resources" / "icons"


@cache
def _source(name: str) -> bytes:
    return (FOLDER / f"{name}.svg").read_bytes()


@lru_cache(maxsize=512)
def _pixmap(name: str, value: str, width: int, height: int) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(QByteArray(_source(name).replace(b"currentColor", value.encode())))
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, width, height))
    painter.end()
    return QPixmap.fromImage(image)


class _ThemedIcon(QIconEngine):
    """Draws one SVG in the colour that the theme gives to its meaning, at the time of painting."""

    def __init__(self, name: str, meaning: str) -> None:
        super().__init__()
        self._name = name
        self._meaning = meaning

    def clone(self) -> QIconEngine:
        return _ThemedIcon(self._name, self._meaning)

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        # Qt 6.11 asks with the size in units of the window, and takes what is `scale` times that.
        meaning = "faint" if mode is QIcon.Mode.Disabled else self._meaning
        value = str(getattr(theme.current(), meaning))
        # A button that has no room yet asks for nothing, and nothing can't be painted on.
        width, height = max(1, round(size.width() * scale)), max(1, round(size.height() * scale))
        pixmap = QPixmap(_pixmap(self._name, value, width, height))
        pixmap.setDevicePixelRatio(scale)
        return pixmap

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def paint(self, painter: QPainter, rect: object, mode: QIcon.Mode, state: QIcon.State) -> None:
        target = QRectF(rect)  # type: ignore[call-overload]
        # Not painter.device(): to wrap that, PySide goes through all classes of widgets.
        scale = painter.deviceTransform().m11()
        pixmap = self.scaledPixmap(target.size().toSize(), mode, state, scale)
        painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))


@cache
def icon(name: str, meaning: str = "text") -> QIcon:
    """The icon `resources/icons/<name>.svg` in the theme's colour for `meaning`."""
    return QIcon(_ThemedIcon(name, meaning))


def picture(name: str) -> QIcon:
    """An SVG with colours of its own, such as the program's emblem."""
    return QIcon(str(FOLDER / f"{name}.svg"))
