"""Colours by their meaning, in a light and a dark set, and the measures that all panels keep.

A view asks `current()` when it paints, so that a change of the desktop's colour scheme reaches
everything at once. Colours are chosen for a contrast of at least 4.5 to 1 for text.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from PySide6.QtGui import QColor, QGuiApplication, QPalette

SPACE = 8  # px at 100 %: the unit of all distances; panels use SPACE // 2, SPACE, SPACE * 2
ROW_HEIGHT = 26  # px at 100 %: a row of any table
RADIUS = 6  # px at 100 %: corners of buttons and fields


class Theme(NamedTuple):
    """One set of colours, as #rrggbb. `process` are the colours that tell processes apart."""

    dark: bool
    window: str
    base: str
    alternate: str
    raised: str
    border: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_text: str
    selection: str
    selection_text: str
    good: str
    warning: str
    bad: str
    born: str  # background glow of a new row
    died: str  # background glow of a row that just ended
    process: tuple[str, ...]
    ansi: tuple[str, ...]  # the 16 colours of a terminal, readable on `base`


LIGHT = Theme(
    dark=False,
    window="#f3f4f6",
    base="#ffffff",
    alternate="#f8f9fb",
    raised="#ffffff",
    border="#d8dce2",
    text="#1c2129",
    muted="#5c6673",
    faint="#8a939f",
    accent="#2563c9",
    accent_text="#ffffff",
    selection="#d6e4fb",
    selection_text="#12294d",
    good="#1a7f43",
    warning="#96600a",
    bad="#c02b2b",
    born="#c9f2d6",
    died="#fbd3d1",
    process=(
        "#2563c9", "#b4540a", "#1a7f43", "#8b3fc0", "#b3266e", "#0b7a8c",
        "#7a6a00", "#c02b2b", "#4b5bd6", "#4d7c0f", "#93511f", "#66598f",
    ),
    ansi=(
        "#1c2129", "#c02b2b", "#1a7f43", "#8a6100", "#2563c9", "#8b3fc0", "#0b7a8c", "#5c6673",
        "#6b7480", "#d64545", "#2a9457", "#a87708", "#3d7be0", "#a45ad6", "#1592a6", "#3a424d",
    ),
)  # fmt: skip

DARK = Theme(
    dark=True,
    window="#1b1e24",
    base="#14171c",
    alternate="#181b21",
    raised="#262a32",
    border="#363c47",
    text="#e3e7ed",
    muted="#a2acb9",
    faint="#737d8b",
    accent="#5a9bf6",
    accent_text="#0c1a30",
    selection="#24406b",
    selection_text="#eef4ff",
    good="#54c983",
    warning="#e0ab4a",
    bad="#f47a74",
    born="#174a2b",
    died="#5a2325",
    process=(
        "#6ea8fa", "#f0a35e", "#5fcf8d", "#c79af5", "#f285ba", "#56c7d8",
        "#d6c454", "#f58a84", "#9aa6ff", "#a6d55f", "#dba876", "#b9aee0",
    ),
    ansi=(
        "#8a939f", "#f47a74", "#54c983", "#e0ab4a", "#6ea8fa", "#c79af5", "#56c7d8", "#c9d0da",
        "#737d8b", "#ff9a94", "#7ee0a5", "#f5c872", "#93c0ff", "#dab8ff", "#82dfec", "#f2f5f9",
    ),
)  # fmt: skip


def current() -> Theme:
    """The theme in force: what the application's palette says."""
    palette = QGuiApplication.palette()
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


@lru_cache(maxsize=256)
def color(value: str) -> QColor:
    """A QColor for #rrggbb, made once."""
    return QColor(value)


def process_color(process: int) -> QColor:
    """The colour that stands for a process in every panel, by its session number."""
    colors = current().process
    return color(colors[process % len(colors)])


def palette(theme: Theme) -> QPalette:
    """The Qt palette of a theme."""
    roles = QPalette.ColorRole
    result = QPalette()
    for role, value in (
        (roles.Window, theme.window),
        (roles.WindowText, theme.text),
        (roles.Base, theme.base),
        (roles.AlternateBase, theme.alternate),
        (roles.Text, theme.text),
        (roles.Button, theme.raised),
        (roles.ButtonText, theme.text),
        (roles.BrightText, theme.bad),
        (roles.ToolTipBase, theme.raised),
        (roles.ToolTipText, theme.text),
        (roles.PlaceholderText, theme.faint),
        (roles.Highlight, theme.selection),
        (roles.HighlightedText, theme.selection_text),
        (roles.Link, theme.accent),
        (roles.Mid, theme.border),
        (roles.Midlight, theme.border),
        (roles.Dark, theme.border),
        (roles.Light, theme.raised),
        (roles.Shadow, "#000000"),
    ):
        result.setColor(role, QColor(value))
    for role in (roles.Text, roles.ButtonText, roles.WindowText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.faint))
    return result
