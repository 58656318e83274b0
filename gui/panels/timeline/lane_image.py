"""From the columns of a track to a picture: numpy fills the pixels, no loop goes over operations.

height of the solid part   the share of the column's time that was waiting, by family
light ground               something was called here, waiting or not
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtGui import QColor, QImage

from spawnscope.core.analysis.timeline.growing import Array
from spawnscope.core.analysis.timeline.track import Columns
from spawnscope.core.vocabulary.kinds import Family

from ...kit.object_look import MEANINGS
from ...kit.style import theme
from ...kit.style.blending import mixed
from ...kit.style.theme import Theme

_CALL_ALPHA = 0.5  # of the light ground
_TASK_STRENGTH = 0.42  # how much of its colour a task has: its name must be readable on it
_LEAST = 0.004  # a share that is worth a row of pixels


@lru_cache(maxsize=8)
def _solid(colors: Theme, tasks: bool) -> Array:
    base = theme.color(colors.base)
    found = []
    for family, meaning in enumerate(MEANINGS):
        color = theme.color(str(getattr(colors, meaning)))
        if tasks:
            color = mixed(color, base, _TASK_STRENGTH)
        else:
            color = mixed(color, base, 0.75 if family == Family.KEEPS else 0.9)
        found.append(color.rgba())
    return np.array(found, np.uint32)


@lru_cache(maxsize=8)
def _light(colors: Theme) -> Array:
    found = []
    for meaning in MEANINGS:
        color = QColor(str(getattr(colors, meaning)))
        alpha = _CALL_ALPHA
        parts = [round(part * alpha) for part in (color.red(), color.green(), color.blue())]
        found.append(round(255 * alpha) << 24 | parts[0] << 16 | parts[1] << 8 | parts[2])
    return np.array(found, np.uint32)


def lane_image(columns: Columns, height: int, colors: Theme, *, tasks: bool = False) -> QImage:
    """A picture of `height` pixels, as wide as there are columns; premultiplied ARGB."""
    calls = columns.calls
    width = calls.shape[1]
    ground = np.zeros(width, np.uint32)
    if not tasks:
        touched = calls.any(axis=0)
        np.copyto(ground, _light(colors)[np.argmax(calls, axis=0)], where=touched)
    pixels = np.empty((height, width), np.uint32)
    pixels[:] = ground
    rows = np.arange(height - 1, -1, -1, dtype=np.uint8)[:, None]  # it grows from the bottom
    families = np.flatnonzero(columns.waited.any(axis=1))
    if len(families):
        tops = np.minimum(np.cumsum(columns.waited[families], axis=0), 1.0)
        pixel_tops = np.rint(tops * height).astype(np.uint8)
        little = (tops[-1] > _LEAST) & (pixel_tops[-1] == 0)  # is seen as a little
        if little.any():
            pixel_tops[:, little] = _first_family(columns.waited[families][:, little])
        solid = _solid(colors, tasks)
        for family, top in zip(families[::-1], pixel_tops[::-1], strict=True):
            np.copyto(pixels, solid[family], where=rows < top)
    image = QImage(pixels.data, width, height, width * 4, _FORMAT)
    return image.copy()  # its own pixels: numpy's go away


def _first_family(waited: Array) -> Array:
    """Tops of one pixel for the family that waited longest."""
    longest = np.argmax(waited, axis=0)
    found: Array = (np.arange(len(waited))[:, None] >= longest).astype(np.uint8)
    return found


_FORMAT = QImage.Format.Format_ARGB32_Premultiplied
