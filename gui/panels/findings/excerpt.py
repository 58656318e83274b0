"""The lines of a program around the place of a fact.

Only these few lines of a file are shown.
"""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from spawnscope.core.analysis.source_text import source_text
from spawnscope.core.printable import printable
from spawnscope.core.translation import tr

from ...kit.controls import tool_button
from ...kit.elided import ElidedLabel
from ...kit.fonts import LogFonts
from ...kit.markup import NOTHING, Markup, inked, joined, markup
from ...kit.rich_label import RichLabel
from ...kit.style import theme
from ...kit.text.figures import site_text

_AROUND = 2  # lines above and below
_LONGEST = 160  # characters of a line
_TAB = 4


class Excerpt(msgspec.Struct, frozen=True):
    """`lines`: (number, text) of each; `line`: the one that is meant; `newer`: the file was changed
    after `since_ns`, so it may be another one by now."""

    lines: tuple[tuple[int, str], ...]
    line: int
    newer: bool


def excerpt_of(site: str, since_ns: int) -> Excerpt | None:
    """The lines around a place such as "/srv/app.py:12"; None where they cannot be had."""
    path, _, number = site.rpartition(":")
    found = source_text(path) if number.isdigit() else None
    if found is None:
        return None
    lines, changed_ns = found[0].splitlines(), found[1]
    line = int(number)
    if not 0 < line <= len(lines):
        return None
    first, last = max(1, line - _AROUND), min(len(lines), line + _AROUND)
    shown = tuple(
        (each, printable(lines[each - 1].expandtabs(_TAB), _LONGEST))
        for each in range(first, last + 1)
    )
    return Excerpt(shown, line, bool(since_ns) and changed_ns > since_ns)


class ExcerptView(QFrame):
    """Shows one. Emits place_copied(str) when the user wants the place on the clipboard."""

    place_copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("excerpt")
        self._site = ""
        self._found: Excerpt | None = None
        self._place = ElidedLabel(self)
        self._place.setProperty("muted", True)
        self._place.setMinimumWidth(1)
        self.copy: QToolButton = tool_button(
            self, "copy", tr("Copy the place"), tr("Copy the place: file and line")
        )
        self.copy.clicked.connect(lambda: self.place_copied.emit(self._site))
        self.code = RichLabel(self)
        self.code.setWordWrap(False)
        self.code.setAccessibleName(tr("Lines of the program"))
        self.code.setFont(LogFonts(self.font()).shaped)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self._place, 1)
        head.addWidget(self.copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACE + 2, 2, 4, theme.SPACE - 2)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.code)
        self.hide()

    @property
    def site(self) -> str:
        """The place that is shown; "" for none."""
        return self._site if not self.isHidden() else ""

    def show_place(self, site: str, since_ns: int) -> None:
        """Show the lines around this place, if there are any."""
        if site != self._site:
            self._site = site
            self._found = excerpt_of(site, since_ns) if site else None
            self._draw()
        self.setVisible(self._found is not None)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._found is not None:
            self._draw()

    def _draw(self) -> None:
        colors = theme.current()
        sheet = (
            f"QFrame#excerpt {{ background: {colors.alternate}; border: 1px solid {colors.border};"
            f" border-radius: {theme.RADIUS}px; }}"
        )
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)
        found = self._found
        if found is None:
            self.code.tell(NOTHING)
            return
        place = site_text(self._site)
        self._place.setText(
            tr("{place} (changed since then)", place=place) if found.newer else place
        )
        indent = min(
            (len(text) - len(text.lstrip()) for _, text in found.lines if text.strip()), default=0
        )
        width = len(str(found.lines[-1][0]))
        rows = [
            _line(f"{number:>{width}}  ", text[indent:], number == found.line)
            for number, text in found.lines
        ]
        self.code.tell(markup('<div style="white-space:pre">{}</div>', joined(rows)))


def _line(number: str, text: str, meant: bool) -> Markup:
    colors = theme.current()
    if not meant:
        return markup("<div>{}{}</div>", inked(number, "muted"), inked(text, "muted"))
    return markup(
        '<div style="background:{}">{}<b>{}</b></div>',
        colors.selection, inked(number, "accent"), inked(text, "selection_text"),
    )  # fmt: skip
