"""Rich text, where we want it: bold words, colours and links around text that is never markup.

    markup("<b>{}</b>, {}", name, link(...)) --> Markup: `name` escaped, the link as it is

A RichLabel takes nothing but Markup, and the pattern must be written out where it is used (a test
holds it), so no text of a program can become part of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QWidget

from spawnscope.core.printable import LONGEST_SENTENCE, printable
from spawnscope.core.translation import enumerated, tr

from .style import theme

_GAP = 14  # px between two columns of a table


class Markup(str):
    """Rich text that may be shown. Only this module makes any."""

    __slots__ = ()


NOTHING = Markup()


def markup(pattern: str, *parts: object) -> Markup:
    """The pattern with each "{}" filled in: Markup as it is, everything else escaped."""
    filled = (part if type(part) is Markup else escaped(part) for part in parts)
    return Markup(pattern.format(*filled))


def markup_tr(sentence: str, /, **parts: object) -> Markup:
    """A whole sentence with tags and `{named}` parts, in the person's language, filled in likewise:
    markup_tr("<b>{name}</b> waits", name=...). Without parts a sentence is not formatted."""
    filled = {name: part if type(part) is Markup else escaped(part) for name, part in parts.items()}
    return Markup(tr(sentence, **filled))


def escaped(text: object, longest: int = LONGEST_SENTENCE) -> Markup:
    """Text as it is, shortened where it is endless."""
    return Markup(escape(printable(str(text), longest)))


def joined(parts: Iterable[Markup], between: str = "") -> Markup:
    """Pieces one after another, with plain text between them."""
    return Markup(escaped(between).join(parts))


def with_code(text: str) -> Markup:
    """Plain text of which what stands between backticks is code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escaped(text)
    return joined(
        markup("<code>{}</code>", part) if place % 2 else escaped(part)
        for place, part in enumerate(parts)
    )


def listed(names: Sequence[Markup], more: int = 0) -> Markup:
    """Names in a row, as `enumerated` has them."""
    return Markup(enumerated(names, more))


def inked(text: str, meaning: str) -> Markup:
    """In the theme's colour for a meaning."""
    return markup('<span style="color:{}">{}</span>', getattr(theme.current(), meaning), text)


def muted(text: str) -> Markup:
    """Text that explains."""
    return inked(text, "muted")


def bold(text: str) -> Markup:
    """Text that stands out."""
    return markup("<b>{}</b>", text)


def table(
    rows: Sequence[Sequence[str]],
    rights: frozenset[int] = frozenset(),
    head: Sequence[str] = (),
) -> Markup:
    """Rows of cells. `rights`: columns that are aligned to the right."""
    lines = [_row([muted(text) for text in head], rights)] if head else []
    lines += [_row(cells, rights) for cells in rows]
    return markup('<table cellspacing="0" cellpadding="0">{}</table>', joined(lines))


def _row(cells: Sequence[str], rights: frozenset[int]) -> Markup:
    last = len(cells) - 1
    parts = []
    for place, cell in enumerate(cells):
        align = "right" if place in rights else "left"
        parts.append(
            markup('<td align="{}" style="padding:2px 0">{}</td>', align, cell)
            if place == last
            else markup(
                '<td align="{}" style="padding:2px {}px 2px 0; white-space:nowrap">{}</td>',
                align, _GAP, cell,
            )
        )  # fmt: skip
    return markup("<tr>{}</tr>", joined(parts))


class MarkupLabel(QLabel):
    """A label for Markup. It emits what QLabel does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.RichText)

    def tell(self, text: Markup) -> None:
        """Say this."""
        assert type(text) is Markup, "text of anybody's is no markup"
        super().setText(text)

    def setText(self, text: str) -> None:
        """Not for this label: it would take any text for markup."""
        raise TypeError("MarkupLabel.tell takes Markup")


def set_markup_tip(widget: QWidget, text: Markup) -> None:
    """Show this when the pointer rests on a widget."""
    widget.setToolTip(text)


def markup_box(parent: QWidget, title: str, text: Markup) -> QMessageBox:
    """A box that shows Markup; to be opened with `open`."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(title)
    box.setTextFormat(Qt.TextFormat.RichText)
    box.setText(text)
    return box
