"""A column of a table or a tree: all there is to know of it, in one row of its panel's list.

Its place is its place in that list. Title, width, what is saved of it, what sorts, what the pointer
and a screen reader are told follow from the row, so that a new column is one more row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

from .text.foreign import tip

Value = str | int | float | None
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ROLE = Qt.ItemDataRole
_BESIDE_TITLE = 22  # px


def _nothing(*_row: Any) -> Any:
    return ""


def _none(*_row: Any) -> Any:
    return None


class Column(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """`text`: what is shown of a row; `value`: what sorting compares, None comes last; `explain`:
    the tooltip of a cell, None: what the table thinks best. `fields`: the attributes of a row that
    all these look at. `ticks`: they are given the time as well, in ns of Unix time, and change with
    it. `fold`, `fold_value`: text and value of a row that stands for many.

    `unit`: of its values. `compare`: the names under which a filter compares them, "cpu>50"; only
    of a column that does not tick.
    `share`: 0 to 1, what a bar beside the text shows. `ink`: the meaning of the colour of a text,
    "" for the usual one; `middle`: where a long one is cut, else at its end. `width`: px at 100 %;
    `sample`: or else a text as wide as the column. `visible`: at first; `spared`: where it is
    narrow, the columns with a number are hidden, 1 first."""

    id: str
    title: str
    tooltip: str
    text: Callable[..., str]
    value: Callable[..., Value] = _nothing
    explain: Callable[..., str] | None = None
    fields: frozenset[str] = frozenset()
    ticks: bool = False
    fold: Callable[[Any], str] = _nothing
    fold_value: Callable[[Any], Value] = _none
    unit: str = ""
    compare: tuple[str, ...] = ()
    share: Callable[[Any], float] | None = None
    ink: Callable[[Any], str] = _nothing
    alignment: Qt.AlignmentFlag = LEFT
    middle: bool = False
    width: int = 80
    sample: str = ""
    visible: bool = True
    spared: int = 0

    def text_at(self, row: Any, now_ns: int) -> str:
        """What is shown of a row at a time."""
        return self.text(row, now_ns) if self.ticks else self.text(row)

    def value_at(self, row: Any, now_ns: int) -> Value:
        """What sorting compares at a time."""
        return self.value(row, now_ns) if self.ticks else self.value(row)

    def number(self, row: Any) -> float | None:
        """The value, for who compares it with a number."""
        found = self.value(row)
        return found if isinstance(found, int | float) else None

    def explained_at(self, row: Any, now_ns: int) -> str:
        """What a cell tells at a time: its text, if there is nothing else to say."""
        if self.explain is None:
            return self.text_at(row, now_ns)
        return self.explain(row, now_ns) if self.ticks else self.explain(row)

    def room(self, width: float, metrics: QFontMetrics) -> int:
        """`width` px, or what the title needs in a language that has a longer one."""
        title = metrics.horizontalAdvance(self.header(_ROLE.DisplayRole))
        return max(round(width), title + _BESIDE_TITLE)

    def header(self, role: int) -> Any:
        """What the head of the column shows and tells."""
        if role == _ROLE.DisplayRole:
            return f"{self.title} %" if self.unit == "%" else self.title
        if role == _ROLE.TextAlignmentRole:
            return int(self.alignment)
        if role == _ROLE.ToolTipRole:
            return tip(self.tooltip)
        return None
