"""Which colours a line's text gets: a terminal's, a level's, a stand-in's."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QColor

from ...kit.style import theme
from ...kit.style.theme import Theme
from ...kit.text.ansi import TRUE_COLOR, Style, palette_rgb
from ...kit.text.level import Level
from ...kit.text.line import RunKind

_LEAST_CONTRAST = 4.5  # of text on its ground, as everywhere in the theme, before we help
_DARK, _LIGHT = QColor("#000000"), QColor("#ffffff")  # one of them is readable on any ground

Colors = tuple[QColor, QColor | None]  # text, ground (None: that of the row)


class Ink:
    """The colours of one theme, ready to paint with: looked up once a repaint, not once a cell."""

    def __init__(self, colors: Theme) -> None:
        self.theme = colors
        self.text = QColor(colors.text)
        self.muted = QColor(colors.muted)
        self.accent = QColor(colors.accent)
        self.warning = QColor(colors.warning)
        self.bad = QColor(colors.bad)
        self.selection = QColor(colors.selection)
        self.mark = _translucent(colors.warning, 90)
        self.tag = _translucent(colors.warning, 38)
        self.writing = _translucent(colors.accent, 18)
        self._lines = {
            Level.NONE: self.text,
            Level.DEBUG: self.muted,
            Level.INFO: self.text,
            Level.WARNING: self.warning,
            Level.ERROR: self.bad,
            Level.CRITICAL: self.bad,
        }
        self._words = {**self._lines, Level.INFO: self.accent}
        self._stand_ins = {
            RunKind.CONTROL: self.muted,
            RunKind.INVALID: self.warning,
            RunKind.MARK: self.muted,
        }
        self._runs: dict[tuple[Style, Level], Colors] = {}

    def line(self, level: Level) -> QColor:
        """The colour of the text of a line of this level."""
        return self._lines[level]

    def word(self, level: Level) -> QColor:
        """The colour of the level's own word."""
        return self._words[level]

    def run(self, style: Style, kind: RunKind, level: Level) -> Colors:
        """The colours of a run in a line of this level."""
        if kind is not RunKind.TEXT:
            return self._stand_ins[kind], None
        found = self._runs.get((style, level))
        if found is None:
            if len(self._runs) > 4000:  # a program that paints rainbows
                self._runs.clear()
            found = self._runs[style, level] = self._worked_out(style, self._lines[level])
        return found

    def _worked_out(self, style: Style, default: QColor) -> Colors:
        base = QColor(self.theme.base)
        ground = None if style.background is None else self._color(style.background)
        if style.foreground is None:
            ink = self.muted if style.faint else default
        else:
            ink = self._color(style.foreground)
        if style.reverse:
            ink, ground = ground or base, ink
        return _readable(ink, ground or base), ground

    def _color(self, code: int) -> QColor:
        if code & TRUE_COLOR:
            return QColor(code & 0xFFFFFF)
        if code < 16:
            return QColor(self.theme.ansi[code])
        return QColor(palette_rgb(code))


@lru_cache(maxsize=4)
def _ink_of(colors: Theme) -> Ink:
    return Ink(colors)


def current_ink() -> Ink:
    """The colours of the theme in force."""
    return _ink_of(theme.current())


def _translucent(value: str, alpha: int) -> QColor:
    color = QColor(value)
    color.setAlpha(alpha)
    return color


def _readable(color: QColor, ground: QColor) -> QColor:
    """The colour itself where it can be read on `ground`, else one drawn towards black or white,
    no further than needed."""
    far = max((_DARK, _LIGHT), key=lambda pole: _contrast(pole, ground))
    for share in (0.0, 0.2, 0.4, 0.6, 0.8):
        mixed = QColor.fromRgbF(
            color.redF() + (far.redF() - color.redF()) * share,
            color.greenF() + (far.greenF() - color.greenF()) * share,
            color.blueF() + (far.blueF() - color.blueF()) * share,
        )
        if _contrast(mixed, ground) >= _LEAST_CONTRAST:
            return mixed
    return far


def _contrast(one: QColor, other: QColor) -> float:
    first, second = sorted((_luminance(one), _luminance(other)))
    return (second + 0.05) / (first + 0.05)


def _luminance(color: QColor) -> float:
    parts = (color.redF(), color.greenF(), color.blueF())
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
