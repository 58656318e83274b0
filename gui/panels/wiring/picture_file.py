"""The picture as a file: SVG or PNG, whole, and under its name only when it is complete."""

from __future__ import annotations

import os
from collections.abc import Callable

from PySide6.QtCore import QMarginsF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QWidget

from spawnscope.core.printable import printable
from spawnscope.core.session.written_now import check_free
from spawnscope.core.translation import mark, tr

from ...kit.file_dialog import save_dialog
from ...kit.style import theme
from .scene import WiringScene

FORMATS = ((mark("Vector graphics"), ".svg"), (mark("Image"), ".png"))
_SCALE = 2.0  # px of a PNG for one px of the screen
_LARGEST = 12_000  # px that a side of a PNG may have
_AROUND = 12.0


def save_scene(scene: WiringScene, path: str, title: str) -> None:
    """Save all of the scene in the colours that it has now; the suffix says the format, SVG
    without a known one. Raises OSError."""
    check_free(path)
    bounds = scene.bounds()
    if bounds.isNull():
        bounds = QRectF(0, 0, 400, 200)
    bounds = bounds.marginsAdded(QMarginsF(_AROUND, _AROUND, _AROUND, _AROUND))
    # The suffix stays last: the name of the part must say the format, too.
    folder, name = os.path.split(os.path.abspath(path))
    part = os.path.join(folder, f".part-{os.getpid()}-{name}")
    if not os.path.isdir(folder):
        raise FileNotFoundError(2, tr("There is no such folder"), folder)
    try:
        if path.lower().endswith(".png"):
            _write_png(scene, bounds, part)
        else:
            _write_svg(scene, bounds, part, title)
        os.replace(part, path)
    except BaseException:
        if os.path.exists(part):
            os.remove(part)
        raise


def _write_svg(scene: WiringScene, bounds: QRectF, path: str, title: str) -> None:
    from PySide6.QtCore import QBuffer, QIODevice
    from PySide6.QtSvg import QSvgGenerator

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(bounds.size().toSize())
    generator.setViewBox(QRectF(0, 0, bounds.width(), bounds.height()))
    generator.setTitle(printable(title))  # XML has no place for controls
    generator.setDescription(tr("Processes and the objects that they share."))
    _render(scene, bounds, QPainter(generator), QRectF(0, 0, bounds.width(), bounds.height()))
    _write(path, bytes(buffer.data().data()))


def _write_png(scene: WiringScene, bounds: QRectF, path: str) -> None:
    scale = min(_SCALE, _LARGEST / max(bounds.width(), bounds.height()))
    size = QSize(round(bounds.width() * scale), round(bounds.height() * scale))
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    _render(scene, bounds, QPainter(image), QRectF(0, 0, size.width(), size.height()))
    from PySide6.QtCore import QBuffer, QIODevice

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG"):  # type: ignore[call-overload]
        raise OSError(5, tr("The picture could not be made"), path)
    _write(path, bytes(buffer.data().data()))


def _render(scene: WiringScene, bounds: QRectF, painter: QPainter, target: QRectF) -> None:
    """Draw with shapes and texts, not with what is cached for the screen; without marks."""
    caches = [(item, item.cacheMode()) for item in scene.nodes.values()]
    selected, current = scene.marks
    zoom = scene.zoom
    scene.mark(frozenset(), None)
    scene.see_from(1.0)
    for item, _ in caches:
        item.setCacheMode(QGraphicsItem.CacheMode.NoCache)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.fillRect(target, theme.color(theme.current().base))
        scene.render(painter, target, bounds)
    finally:
        painter.end()
        for item, mode in caches:
            item.setCacheMode(mode)
        scene.mark(selected, current)
        scene.see_from(zoom)


def _write(path: str, data: bytes) -> None:
    with open(path, "xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def ask_for_file(parent: QWidget, save: Callable[[str], None]) -> None:
    """Ask where to; then `save` is called with the path."""
    formats = {tr(title): suffix for title, suffix in FORMATS}
    dialog = save_dialog(parent, tr("Save the picture"), "picture", "wiring", formats)
    dialog.fileSelected.connect(save)
    dialog.open()
