"""A derived column is a row in the list of columns: all else follows from it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from spawnscope.core.store.process_row import ProcessRow
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.events import ProcessExited, ProcessStarted, Role, Sample
from spawnscope.gui.kit.column import RIGHT, Column
from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.panels.processes import columns as column_list
from spawnscope.gui.panels.processes.columns import COLUMNS, ELAPSED
from spawnscope.gui.panels.processes.panel import ProcessesPanel
from spawnscope.gui.panels.processes.row_text import copied_text

SECOND = 1_000_000_000


def burnt(row: ProcessRow) -> float:
    sample = row.sample
    return 0.0 if sample is None else sample.cpu_percent * sample.threads


BURNT = Column(
    id="burnt", title="Burnt", tooltip="Seconds of CPU, if it always took as much as now",
    text=lambda row: f"{burnt(row):.0f} s", value=burnt,
    ink=lambda row: "warning" if burnt(row) > 100 else "",
    fields=frozenset(("cpu_percent", "threads")), compare=("burnt",), alignment=RIGHT, width=67,
    fold=lambda fold: f"{fold.count} s", spared=1,
)  # fmt: skip
PLACE = COLUMNS.index(ELAPSED)


def events() -> list[ProcessStarted | Sample]:
    found: list[ProcessStarted | Sample] = []
    for number, cpu in ((1, 10.0), (2, 90.0), (3, 30.0)):
        found.append(
            ProcessStarted(
                number, 1000 + number, number, number * SECOND, None, 1, None, f"name {number}",
                Role.CHILD, "fork", ("python",),
            )
        )  # fmt: skip
        found.append(Sample(number, 1000 + number, 9 * SECOND, cpu, 4096, 2, 3, "sleeping"))
    return found


@pytest.fixture
def panel(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> ProcessesPanel:
    monkeypatch.setattr(column_list, "COLUMNS", (*COLUMNS[:PLACE], BURNT, *COLUMNS[PLACE:]))
    store = SessionStore()
    panel = ProcessesPanel(store, Selection())
    qtbot.addWidget(panel)
    panel.resize(1500, 400)
    panel.show()
    store.apply(list(events()))
    qtbot.waitUntil(lambda: panel.model.rowCount() == 3)
    return panel


def column_of(panel: ProcessesPanel) -> list[str]:
    rows = range(panel.model.rowCount())
    return [str(panel.model.index(row, PLACE).data()) for row in rows]


def test_it_is_shown_sorted_and_told(panel: ProcessesPanel, qtbot: QtBot) -> None:
    model, header = panel.model, panel.tree.header()
    assert column_of(panel) == ["20 s", "180 s", "60 s"]
    assert header.sectionSize(PLACE) == 67
    roles = Qt.ItemDataRole
    head = {role: model.headerData(PLACE, Qt.Orientation.Horizontal, role) for role in roles}
    assert head[roles.DisplayRole] == "Burnt"
    assert "Seconds of CPU" in head[roles.ToolTipRole]
    cell = model.index(1, PLACE)
    assert cell.data(roles.ToolTipRole) == "180 s"
    assert cell.data(roles.TextAlignmentRole) == int(RIGHT)
    panel.tree.sortByColumn(PLACE, Qt.SortOrder.DescendingOrder)
    assert column_of(panel) == ["180 s", "60 s", "20 s"]
    panel.store.session.apply([Sample(1, 1001, 10 * SECOND, 99.0, 4096, 2, 3, "running")])
    qtbot.waitUntil(lambda: column_of(panel) == ["198 s", "180 s", "60 s"])
    panel.tree.grab()  # it paints
    panel.tree.selectAll()
    assert "198 s" in copied_text(panel.tree, model, "rows")
    panel.store.session.apply([ProcessExited(1, 1001, 11 * SECOND, 0, None, "Ended normally.")])


def test_it_is_chosen_saved_and_restored(panel: ProcessesPanel) -> None:
    columns, header = panel.tree.columns, panel.tree.header()
    columns.menu.aboutToShow.emit()
    entry = next(action for action in columns.menu.actions() if action.text() == "Burnt")
    assert entry.isChecked()
    header.resizeSection(PLACE, 91)
    header.moveSection(header.visualIndex(PLACE), 1)
    panel.tree.sortByColumn(PLACE, Qt.SortOrder.DescendingOrder)
    kept = columns.save()
    columns.reset()
    assert (header.sectionSize(PLACE), header.visualIndex(PLACE)) == (67, PLACE)
    assert columns.restore(kept)
    assert (header.sectionSize(PLACE), header.visualIndex(PLACE)) == (91, 1)
    assert header.sortIndicatorSection() == PLACE
    entry.setChecked(False)
    assert header.isSectionHidden(PLACE)
    panel.resize(500, 400)
    columns.reset()
    assert header.isSectionHidden(PLACE), "it gives way where it is narrow"


def test_the_filter_compares_it(panel: ProcessesPanel, qtbot: QtBot) -> None:
    panel.filter_field.setText("burnt>=60")
    qtbot.waitUntil(lambda: column_of(panel) == ["180 s", "60 s"])
    panel.store.session.apply([Sample(1, 1001, 10 * SECOND, 99.0, 4096, 2, 3, "running")])
    qtbot.waitUntil(lambda: column_of(panel) == ["198 s", "180 s", "60 s"])
    panel.filter_field.setText("nobody>1")
    qtbot.waitUntil(lambda: "burnt" in panel.filter_field.fault)
