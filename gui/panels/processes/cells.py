"""What a cell of the tree shows and tells, be its row a process or many that are alike."""

from __future__ import annotations

from spawnscope.core.analysis.process_fold import FoldRow, Shown
from spawnscope.core.analysis.process_helpers import HelpersRow
from spawnscope.core.printable import LONGEST_SENTENCE, printable
from spawnscope.core.translation import tr

from ...kit.column import Column, Value
from ...kit.row_text import NOT_WATCHED
from .columns import ACTION, EXIT, NAME
from .tooltip import about_fold, spoken_fold


def cell_text(column: Column, row: Shown, now_ns: int) -> str:
    """What is shown."""
    if isinstance(row, HelpersRow):
        return row.label if column is NAME else "; ".join(row.failed) if column is EXIT else ""
    return column.fold(row) if isinstance(row, FoldRow) else column.text_at(row, now_ns)


def sort_value(column: Column, row: Shown, now_ns: int) -> Value:
    """What sorting compares."""
    if isinstance(row, HelpersRow):
        return None
    return column.fold_value(row) if isinstance(row, FoldRow) else column.value_at(row, now_ns)


def cell_tip(column: Column, row: Shown, now_ns: int) -> str:
    """The tooltip, as plain text; "" for none."""
    if isinstance(row, HelpersRow):
        return row.about
    return about_fold(row) if isinstance(row, FoldRow) else column.explained_at(row, now_ns)


def spoken_text(column: Column, row: Shown, now_ns: int) -> str:
    """The same text for those who hear it: with its unit, and with what a button says."""
    if isinstance(row, HelpersRow):
        return cell_text(column, row, now_ns)
    if isinstance(row, FoldRow):
        return spoken_fold(row) if column is NAME else column.fold(row)
    text = printable(column.text_at(row, now_ns), LONGEST_SENTENCE)
    if column is ACTION and not text and row.may_be_signalled:
        return tr("Terminate")
    if column is NAME and row.is_unseen:
        return f"{text}, {tr(NOT_WATCHED)}"
    return f"{text} %" if text and column.unit == "%" else text
