"""Which keys there are, taken from what they set off, so that no list of them can be out of date.

QActions of the window, with their shortcuts ---------.
KEYS of the widgets that handle keys themselves ------+--> by panel --> the dialog of F1
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from spawnscope.core.translation import mark, tr

from ..kit.markup import Markup, MarkupLabel, joined, markup, muted
from ..kit.style import theme
from ..kit.text.foreign import window_title
from ..panels.panels import PANELS

_EVERYWHERE, _DIALOG = "", "dialog"
_KEYS = {
    "Del": mark("Delete"),  # untranslated: as Qt writes it, like those below
    "Enter": mark("Return"),  # untranslated:
    "Esc": mark("Escape"),  # untranslated:
}
# What the parts of the window are called, in the order of the list: panels by their folder.
_TITLES = {
    _EVERYWHERE: mark("Everywhere"),
    "launch": mark("Launch"),
    _DIALOG: mark("New spec"),
    "processes": mark("Processes"),
    **{row.name: row.title for row in PANELS},
}


def keys_of(window: QWidget) -> dict[str, list[tuple[str, str]]]:
    """What the keys do in each part of the window that has been made, in the order of a list."""
    found: dict[str, list[tuple[str, str]]] = {group: [] for group in _TITLES}
    for action in window.findChildren(QAction):
        shown = [_text(each) for each in action.shortcuts() if not each.isEmpty()]
        if shown:
            name = action.text().replace("&", "").removesuffix(" …")
            found[_panel_of(action)].append((", ".join(dict.fromkeys(shown)), name))
    for group, kinds in _handlers().items():
        for kind in kinds:
            found[group] += [(tr(keys), tr(what)) for keys, what in kind.KEYS]
    return {tr(_TITLES[group]): entries for group, entries in found.items() if entries}


def show_shortcuts(window: QWidget) -> None:
    """A list of the keys."""
    dialog = QDialog(window)
    dialog.setWindowTitle(window_title(tr("Keyboard shortcuts")))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    groups = keys_of(window)
    halves = _halves(groups)
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(theme.SPACE * 2, theme.SPACE * 2, theme.SPACE * 2, theme.SPACE)
    row.setSpacing(theme.SPACE * 4)
    for half in halves:
        label = MarkupLabel()
        label.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignTop)
        label.tell(joined([_group(name, groups[name]) for name in half]))
        row.addWidget(label, 1)
    area = QScrollArea(widgetResizable=True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setAccessibleName(tr("Keyboard shortcuts"))
    area.setWidget(page)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    for button in buttons.buttons():
        button.setIcon(QIcon())  # the desktop's is dark on the accent
    buttons.rejected.connect(dialog.reject)
    buttons.setContentsMargins(theme.SPACE * 2, theme.SPACE, theme.SPACE * 2, theme.SPACE * 2)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(area, 1)
    column.addWidget(buttons)
    room = window.screen().availableGeometry()
    dialog.resize(min(820, room.width() * 9 // 10), min(760, room.height() * 9 // 10))
    dialog.open()


def _handlers() -> dict[str, tuple[Any, ...]]:
    """The classes that handle keys themselves, and say so in `KEYS`: (keys with commas between
    them, what they do)."""
    from ..kit.painted_table import PaintedTable
    from ..panels.findings.fact_table import FactTable
    from ..panels.findings.finding_list import FindingList
    from ..panels.launch.entry_list import EntryList
    from ..panels.launch.section_header import SectionHeader
    from ..panels.launch.spec_dialog import SpecDialog
    from ..panels.messages.find_bar import FindBar
    from ..panels.messages.table import MessageTable
    from ..panels.processes.branches import Branches
    from ..panels.processes.filter_field import FilterField
    from ..panels.timeline.pointer import Pointer
    from ..panels.traffic.object_list import ObjectList
    from ..panels.traffic.operation_list import OperationList
    from ..panels.wiring.canvas import WiringCanvas

    return {
        "launch": (EntryList, SectionHeader),
        _DIALOG: (SpecDialog,),
        "processes": (Branches, FilterField),
        "messages": (MessageTable, FindBar),
        "traffic": (ObjectList, OperationList, PaintedTable),
        "wiring": (WiringCanvas,),
        "timeline": (Pointer,),
        "findings": (FindingList, FactTable),
    }


def _panel_of(action: QObject) -> str:
    """The folder of the panel that an action belongs to."""
    owner: QObject | None = action
    while owner is not None:
        _, panels, path = type(owner).__module__.partition(".gui.panels.")
        if panels:
            return path.partition(".")[0]
        owner = owner.parent()
    return _EVERYWHERE


def _text(sequence: QKeySequence) -> str:
    text = sequence.toString(QKeySequence.SequenceFormat.PortableText)
    head, plus, last = text.rpartition("+") if text[-1] != "+" else (text[:-1], "", "+")
    return head + plus + (tr(_KEYS[last]) if last in _KEYS else last)


def _halves(groups: dict[str, list[tuple[str, str]]]) -> tuple[list[str], list[str]]:
    """The names of the groups in two columns of about the same length."""
    left: list[str] = []
    right = list(groups)
    length = {name: len(entries) + 2 for name, entries in groups.items()}
    while sum(length[name] for name in left) + length[right[0]] / 2 < sum(length.values()) / 2:
        left.append(right.pop(0))
    return left, right


def _group(name: str, entries: Iterable[tuple[str, str]]) -> Markup:
    rows = [
        markup(
            "<tr><td style='padding:2px 14px 2px 0'>{}</td><td style='padding:2px 0'>{}</td></tr>",
            keys,
            muted(what),
        )
        for keys, what in entries
    ]
    return markup("<p><b>{}</b></p><table cellspacing='0'>{}</table>", name, joined(rows))
