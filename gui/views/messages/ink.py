"""Which colours a line's text gets: a terminal's, a level's, a stand-in's."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QColor

from ...style import theme
from ...text.ansi import TRUE_COLOR, Style, palette_rgb
from ...text.level import Level
from ...text.line import Kind

_LEAST_CONTRAST = 2.2  # of a program's own colour on our ground, before we help

_LEVELS = {
    Level.NONE: "text",
    Level.DEBUG: "muted",
    Level.INFO: "text",
    Level.WARNING: "warning",
    Level.ERROR: "bad",
    Level.CRITICAL: "bad",
}
_LEVEL_WORDS = {**_LEVELS, Level.INFO: "accent"}
_STAND_INS = {Kind.CONTROL: "muted", Kind.INVALID: "warning", Kind.MARK: "muted"}


def line_color(level: Level) -> QColor:
    """The colour of the text of a line of this level."""
    return theme.color(getattr(theme.current(), _LEVELS[level]))


def word_color(level: Level) -> QColor:
    """The colour of the level's own word."""
    return theme.color(getattr(theme.current(), _LEVEL_WORDS[level]))


def run_colors(style: Style, kind: Kind, default: QColor) -> tuple[QColor, QColor | None]:
    """(text, ground) of a run; None where the ground is that of the row."""
    colors = theme.current()
    if kind is not Kind.TEXT:
        return theme.color(getattr(colors, _STAND_INS[kind])), None
    ground = None if style.background is None else _color(style.background, colors.dark)
    if style.foreground is None:
        ink = theme.color(colors.muted) if style.faint else default
        if ground is not None and not style.reverse:
            ink = _ink_on(ground.name())
    else:
        ink = _color(style.foreground, colors.dark)
        if ground is None and not style.reverse:
            ink = _readable(ink.name(), colors.base, colors.text)
    if style.reverse:
        return ground or theme.color(colors.base), ink
    return ink, ground


def mark_color() -> QColor:
    """The ground of what a filter or a search found."""
    return _translucent(theme.current().warning, 90)


def translucent(meaning: str, alpha: int) -> QColor:
    """The theme's colour for `meaning`, let through to `alpha` (0 to 255)."""
    return _translucent(getattr(theme.current(), meaning), alpha)


@lru_cache(maxsize=64)
def _translucent(value: str, alpha: int) -> QColor:
    color = QColor(value)
    color.setAlpha(alpha)
    return color


@lru_cache(maxsize=1024)
def _color(code: int, dark: bool) -> QColor:
    if code & TRUE_COLOR:
        return QColor(code & 0xFFFFFF)
    if code < 16:
        return QColor((theme.DARK if dark else theme.LIGHT).ansi[code])
    return QColor(palette_rgb(code))


@lru_cache(maxsize=1024)
def _readable(value: str, ground: str, text: str) -> QColor:
    """The colour itself where it can be read on `ground`, else one drawn towards `text`."""
    color, target = QColor(value), QColor(text)
    for share in (0.0, 0.25, 0.5, 0.75):
        mixed = QColor.fromRgbF(
            color.redF() + (target.redF() - color.redF()) * share,
            color.greenF() + (target.greenF() - color.greenF()) * share,
            color.blueF() + (target.blueF() - color.blueF()) * share,
        )
        if _contrast(mixed, QColor(ground)) >= _LEAST_CONTRAST:
            return mixed
    return target


@lru_cache(maxsize=256)
def _ink_on(ground: str) -> QColor:
    dark, light = QColor("#14171c"), QColor("#f4f6f9")
    color = QColor(ground)
    return dark if _contrast(dark, color) > _contrast(light, color) else light


def _contrast(one: QColor, other: QColor) -> float:
    first, second = sorted((_luminance(one), _luminance(other)))
    return (second + 0.05) / (first + 0.05)


def _luminance(color: QColor) -> float:
    parts = (color.redF(), color.greenF(), color.blueF())
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
