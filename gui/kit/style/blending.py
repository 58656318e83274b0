"""Colours between two others."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QColor

from . import theme


@lru_cache(maxsize=512)
def blend(under: str, over: str, share: float) -> QColor:
    """A colour between two of #rrggbb: `share` 0 is the first, 1 the second."""
    return mixed(theme.color(over), theme.color(under), share)


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """`share` of `one`, the rest of `other`."""
    return QColor.fromRgbF(
        one.redF() * share + other.redF() * (1 - share),
        one.greenF() * share + other.greenF() * (1 - share),
        one.blueF() * share + other.blueF() * (1 - share),
    )
