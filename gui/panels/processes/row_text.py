"""The selected rows as text for the clipboard."""

from __future__ import annotations

from PySide6.QtWidgets import QTreeView

from .cells import cell_text
from .columns import ACTION
from .tree_model import ProcessTreeModel


def copied_text(tree: QTreeView, model: ProcessTreeModel, what: str) -> str:
    """`what`: "rows" (the columns in sight, tabs between them, under a line of titles), "cell"
    (the current one) or "pids" (one a line). "" when there is nothing."""
    now = model.now_ns()
    if what == "cell":
        index = tree.currentIndex()
        row = model.row_of(index)
        return "" if row is None else cell_text(model.columns[index.column()], row, now)
    indexes = sorted(
        tree.selectionModel().selectedRows(), key=lambda each: tree.visualRect(each).y()
    )
    if what == "pids":
        numbers = [number for index in indexes for number in model.processes_of(index)]
        return "\n".join(str(row.pid) for row in map(model.shown_row, numbers) if row is not None)
    rows = [row for row in map(model.row_of, indexes) if row is not None]
    header = tree.header()
    visual = [header.logicalIndex(at) for at in range(header.count())]
    columns = [
        model.columns[index]
        for index in visual
        if model.columns[index] is not ACTION and not header.isSectionHidden(index)
    ]
    if not rows:
        return ""
    lines = ["\t".join(column.title for column in columns)]
    for row in rows:
        cells = (" ".join(cell_text(column, row, now).split()) for column in columns)
        lines.append("\t".join(cells))
    return "\n".join(lines)
