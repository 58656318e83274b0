"""Whether a text can be told from its ground, as the WCAG measures it."""

from __future__ import annotations

from PySide6.QtGui import QColor

LEAST = 4.49  # of 4.5: colours have 8 bits


def luminance(color: QColor) -> float:
    """From 0 (black) to 1 (white)."""
    parts = (color.red() / 255, color.green() / 255, color.blue() / 255)
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(ink: QColor, ground: QColor) -> float:
    """From 1 (none) to 21."""
    dark, light = sorted((luminance(ink), luminance(ground)))
    return (light + 0.05) / (dark + 0.05)
