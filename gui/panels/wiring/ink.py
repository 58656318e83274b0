"""The colours of the picture, made from those of the theme."""

from __future__ import annotations

from PySide6.QtGui import QColor

from ...kit.style import theme
from ...kit.style.blending import blend
from ...kit.style.theme import Theme
from .face import LEVELS

_FLOW = 0.72  # how much an edge stands out where nobody waits
_FAINT = 0.34


def edge_color(colors: Theme, level: int, faint: bool, fault: bool = False) -> QColor:
    """Grey where nobody waits; from amber to red the more somebody does; red for a `fault`."""
    if fault:
        return theme.color(colors.bad)
    if level:
        return blend(colors.warning, colors.bad, (level - 1) / (LEVELS - 1))
    return blend(colors.base, colors.muted, _FAINT if faint else _FLOW)


def kind_color(colors: Theme, meaning: str) -> QColor:
    """The colour for a meaning of the theme."""
    return theme.color(str(getattr(colors, meaning)))
