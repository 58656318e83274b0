"""The Processes panel: pausing, filtering, columns, actions, outcomes and the empty state."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from panel_store import store_of
from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.vocabulary.codes import StopStep
from spawnscope.core.vocabulary.events import Role, WorkerStarted
from spawnscope.gui.panels.processes.columns import ACTION, COLUMNS
from spawnscope.gui.panels.processes.panel import ProcessesPanel

NAMES = {column.id: index for index, column in enumerate(COLUMNS)}


@pytest.fixture
def told(panel: ProcessesPanel) -> list[tuple[Any, ...]]:
    """All requests of the panel, by name."""
    told: list[tuple[Any, ...]] = []
    panel.stop_requested.connect(lambda *args: told.append(("stop", *args)))
    panel.signal_requested.connect(lambda *args: told.append(("signal", *args)))
    panel.restart_requested.connect(lambda *args: told.append(("restart", *args)))
    panel.reveal_requested.connect(lambda *args: told.append(("reveal", *args)))
    return told


def select(panel: ProcessesPanel, *processes: int) -> None:
    model = panel.tree.selectionModel()
    model.clearSelection()
    for process in processes:
        index = panel.model.index_of(process)
        model.select(index, model.SelectionFlag.Select | model.SelectionFlag.Rows)


def active_timers(panel: ProcessesPanel) -> list[QTimer]:
    return [timer for timer in panel.findChildren(QTimer) if timer.isActive()]


def test_selecting_tells_the_numbers_of_the_processes(panel: ProcessesPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.selection.processes_changed) as blocker:
        panel.select(11)
    assert blocker.args == [frozenset({11})]
    select(panel, 11, 20)
    assert panel.selected() == {11, 20}


@pytest.mark.parametrize(
    ("deed", "expected"),
    [
        ("terminate", [("stop", 10, False), ("stop", 12, False)]),
        ("kill", [("signal", 10, signal.SIGKILL), ("signal", 12, signal.SIGKILL)]),
        ("tree", [("stop", 10, True)]),
        ("suspend", [("signal", 10, signal.SIGSTOP), ("signal", 12, signal.SIGSTOP)]),
        ("restart", [("restart", 10)]),
        ("reveal", [("reveal", 10)]),
    ],
)
def test_an_action_names_each_process_that_it_applies_to(
    deed: str, expected: list[Any], panel: ProcessesPanel, told: list[Any], make: Any
) -> None:
    store_of(panel).apply([make.exited(11)])
    select(panel, 10, 11, 12)
    panel.actions_[deed].trigger()
    assert told == expected


@pytest.mark.parametrize(
    ("key", "modifiers", "expected"),
    [
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier, ("stop", 11, False)),
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier, ("signal", 11, 9)),
        (
            Qt.Key.Key_Delete,
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier,
            ("stop", 11, True),
        ),
        (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, ("reveal", 11)),
        (Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier, ("reveal", 11)),
    ],
)
def test_every_deed_has_a_key(
    key: Qt.Key,
    modifiers: Qt.KeyboardModifier,
    expected: tuple[Any, ...],
    panel: ProcessesPanel,
    told: list[Any],
    qtbot: QtBot,
) -> None:
    panel.activateWindow()
    panel.tree.setFocus()
    qtbot.waitUntil(panel.tree.hasFocus)
    panel.select(11)
    QTest.keyClick(panel.tree, key, modifiers)
    assert told == [expected]


def test_delete_in_the_filter_box_ends_no_process(
    panel: ProcessesPanel, told: list[Any], qtbot: QtBot
) -> None:
    panel.activateWindow()
    panel.select(11)
    panel.filter_field.setFocus()
    qtbot.waitUntil(panel.filter_field.hasFocus)
    QTest.keyClick(panel.filter_field, Qt.Key.Key_Delete)
    QTest.keyClick(
        panel.filter_field,
        Qt.Key.Key_Delete,
        Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier,
    )
    assert told == []


def test_actions_are_enabled_only_where_they_apply(panel: ProcessesPanel, make: Any) -> None:
    def enabled() -> set[str]:
        ids = ("terminate", "kill", "tree", "suspend", "resume", "signal", "restart")
        ids += ("copy", "reveal")
        return {deed for deed in ids if panel.actions_[deed].isEnabled()}

    assert enabled() == set()
    select(panel, 1)
    assert enabled() == {"copy", "reveal"}, "the supervisor is not to be ended here"
    store_of(panel).apply([make.sample(10), make.sample(11, status="stopped"), make.exited(20)])
    ends = {"terminate", "kill", "tree", "signal", "copy", "reveal"}
    select(panel, 10)
    assert enabled() == ends | {"suspend", "restart"}
    select(panel, 11)
    assert enabled() == ends | {"resume"}
    select(panel, 20)
    assert enabled() == {"restart", "copy", "reveal"}
    select(panel, 10, 11)
    assert enabled() == ends | {"suspend", "resume", "restart"}
    store_of(panel).apply([make.step(11, StopStep.ASKED)])
    select(panel, 11)
    assert "terminate" not in enabled()
    store_of(panel).end()
    assert enabled() == {"copy", "reveal"}


def test_any_signal_can_be_sent_from_a_list_that_explains_the_common_ones(
    panel: ProcessesPanel, told: list[Any]
) -> None:
    panel.select(11)
    menu = panel.actions_.signal_menu()
    assert menu.isEmpty(), "not made before it is needed"
    menu.aboutToShow.emit()
    by_name = {action.text().partition("\t")[0]: action for action in menu.actions()}
    assert set(by_name) == {each.name for each in signal.Signals}
    assert "Ctrl+C" in by_name["SIGINT"].text()
    by_name["SIGUSR1"].trigger()
    assert told == [("signal", 11, signal.SIGUSR1)]


def test_a_pause_freezes_the_display_and_counts_what_waits(
    panel: ProcessesPanel, table: ProcessTable, make: Any
) -> None:
    button = next(b for b in panel.findChildren(QToolButton) if b.text() == "Pause")
    button.click()
    store_of(panel).apply([make.started(40, 1), make.sample(11, cpu=70.0), make.exited(12)])
    store_of(panel).apply([make.sample(11, cpu=80.0)])
    assert button.text() == "Paused (4)"
    assert not panel.model.index_of(40).isValid()
    assert panel.model.index_of(11, NAMES["cpu"]).data() == ""
    assert panel.model.index_of(12, NAMES["status"]).data() == "started"
    assert 40 in table, "other panels know it already"
    button.click()
    assert button.text() == "Pause"
    assert panel.model.index_of(40).isValid()
    assert panel.model.index_of(11, NAMES["cpu"]).data() == "80"
    assert panel.model.index_of(12, NAMES["status"]).data() == "ended"


def test_a_hidden_panel_does_nothing_and_catches_up_when_shown(
    panel: ProcessesPanel, make: Any
) -> None:
    panel.hide()
    assert active_timers(panel) == []
    store_of(panel).apply([make.started(40, 1), make.sample(11, cpu=70.0)])
    assert not panel.model.index_of(40).isValid()
    assert active_timers(panel) == []
    panel.show()
    assert panel.model.index_of(40).isValid()
    assert panel.model.index_of(11, NAMES["cpu"]).data() == "70"


def test_no_timer_runs_when_all_has_ended_and_nothing_glows(
    panel: ProcessesPanel, make: Any, qtbot: QtBot
) -> None:
    assert active_timers(panel) != []
    store_of(panel).mark_lost()
    qtbot.waitUntil(lambda: active_timers(panel) == [], timeout=10_000)


def test_typing_in_the_box_filters_a_moment_later(panel: ProcessesPanel, qtbot: QtBot) -> None:
    QTest.keyClicks(panel.filter_field, "name:21")
    qtbot.waitUntil(lambda: not panel.model.index_of(11).isValid())
    assert panel.model.index_of(21).isValid()
    assert panel.model.index_of(20).isValid(), "its ancestor stays"
    QTest.keyClick(panel.filter_field, Qt.Key.Key_Escape)
    assert panel.model.index_of(11).isValid()


def test_a_term_that_makes_no_sense_is_explained_and_filters_nothing(
    panel: ProcessesPanel, qtbot: QtBot
) -> None:
    top = panel.tree.mapTo(panel, panel.tree.rect().topLeft())
    QTest.keyClicks(panel.filter_field, "cpu>")
    qtbot.waitUntil(lambda: bool(panel.filter_field.fault))
    assert panel.filter_field.fault == "'cpu>' needs a number after it, as in cpu>50."
    assert panel.filter_field.accessibleDescription() == panel.filter_field.fault
    assert panel.model.index_of(11).isValid()
    assert panel.tree.mapTo(panel, panel.tree.rect().topLeft()) == top, "no row moved for it"
    QTest.keyClicks(panel.filter_field, "5")
    qtbot.waitUntil(lambda: not panel.filter_field.fault)


def test_when_nothing_runs_the_panel_says_what_to_do_first(
    new_panel: Callable[[], ProcessesPanel], make: Any
) -> None:
    panel = new_panel()
    hint = panel.empty_state
    assert hint.isVisible()
    assert (
        hint.accessibleDescription()
        == "Press the triangle of an example at the left, or open a script."
    )
    store_of(panel).apply([make.started(1, None, Role.SUPERVISOR)])
    assert hint.isVisible()
    row = panel.tree.visualRect(panel.model.index_of(1))
    assert hint.geometry().top() > row.bottom()
    store_of(panel).apply([make.started(2, 1, Role.WORKER)])
    assert not hint.isVisible()


def test_when_the_filter_hides_all_the_panel_says_so(panel: ProcessesPanel) -> None:
    panel.filter_field.setText("nowhere")
    QTest.keyClick(panel.filter_field, Qt.Key.Key_Return)
    assert panel.empty_state.isVisible()
    assert panel.empty_state.heading == "No process passes the filter"


def test_the_steps_and_the_outcome_of_a_stop_are_told(panel: ProcessesPanel, make: Any) -> None:
    store_of(panel).apply([make.step(11, StopStep.WAITING, 600)])
    assert panel.outcome.isVisible()
    assert panel.outcome.sentence == "Waiting up to 600 s for name 11 (PID 1011) to end."
    assert panel.model.index_of(11, NAMES["status"]).data() == "stopping"
    assert panel.model.index_of(11, COLUMNS.index(ACTION)).data().startswith("asked, waiting")
    store_of(panel).apply([make.step(11, StopStep.KILLED)])
    assert panel.model.index_of(11, COLUMNS.index(ACTION)).data() == "killed"
    store_of(panel).apply([make.killed(11, "Killed by SIGKILL after 3.2 s.")])
    exit_cell = panel.model.index_of(11, NAMES["exit"])
    assert exit_cell.data() == "Killed by SIGKILL after 3.2 s."
    assert exit_cell.data(Qt.ItemDataRole.ToolTipRole) == "Killed by SIGKILL after 3.2 s."
    assert panel.outcome.sentence == "name 11 (PID 1011): Killed by SIGKILL after 3.2 s."


def test_a_clean_exit_that_nobody_asked_for_needs_no_line(panel: ProcessesPanel, make: Any) -> None:
    store_of(panel).apply([make.exited(11)])
    assert not panel.outcome.isVisible()
    told = "Killed by its parent name 10 (1010) after 2 s."
    store_of(panel).apply([msgspec.structs.replace(make.killed(21, told), terminated_by=20)])
    assert not panel.outcome.isVisible()  # nor does one that its own parent killed
    assert panel.model.index_of(21, NAMES["exit"]).data() == told
    store_of(panel).apply([make.killed(12)])
    assert panel.outcome.sentence == "name 12 (PID 1012): Killed by SIGKILL."
    assert panel.outcome.isVisible()
    store_of(panel).apply([WorkerStarted(1, 1, 10, "another run")])
    assert not panel.outcome.isVisible(), "it is of a run before"


def test_the_title_of_a_launch_names_its_worker(panel: ProcessesPanel) -> None:
    store_of(panel).apply([WorkerStarted(1, 1, 10, "Nightly import")])
    assert panel.model.index_of(10).data() == "Nightly import"


def test_columns_widths_and_sorting_are_remembered(
    panel: ProcessesPanel, new_panel: Callable[[], ProcessesPanel]
) -> None:
    header = panel.tree.header()
    panel.tree.columns.show_column(NAMES["fds"], True)
    panel.tree.columns.show_column(NAMES["ppid"], False)
    header.resizeSection(NAMES["status"], 133)
    header.moveSection(header.visualIndex(NAMES["cpu"]), 1)
    panel.tree.sortByColumn(NAMES["memory"], Qt.SortOrder.DescendingOrder)
    panel.resize(700, 420)  # squeezes columns out, which is no choice of the user's
    state = panel.saveState()
    other = new_panel()
    other.resize(1400, 420)  # room for every column
    assert other.restoreState(state)
    header = other.tree.header()
    assert not header.isSectionHidden(NAMES["fds"])
    assert header.isSectionHidden(NAMES["ppid"])
    assert not header.isSectionHidden(NAMES["role"])
    assert header.sectionSize(NAMES["status"]) == 133
    assert header.visualIndex(NAMES["cpu"]) == 1
    assert header.sortIndicatorSection() == NAMES["memory"]
    assert header.visualIndex(COLUMNS.index(ACTION)) == len(COLUMNS) - 1


@pytest.mark.parametrize("state", [b"", b"nonsense", b"processes 1 name\0whatever"])
def test_a_remembered_state_of_another_make_is_refused(state: bytes, panel: ProcessesPanel) -> None:
    before = panel.saveState()
    assert not panel.restoreState(QByteArray(state))
    assert not panel.restoreState(
        QByteArray(bytes(before.data()).replace(b"name,pid", b"pid,name"))
    )
    assert panel.saveState() == before


def test_columns_are_chosen_in_a_menu_and_the_button_column_stays(panel: ProcessesPanel) -> None:
    menu = panel.tree.columns.menu
    menu.aboutToShow.emit()
    by_name = {action.text(): action for action in menu.actions()}
    assert "Name" not in by_name
    by_name["Files"].trigger()
    assert not panel.tree.header().isSectionHidden(NAMES["fds"])
    header = panel.tree.header()
    header.moveSection(header.visualIndex(COLUMNS.index(ACTION)), 2)
    assert header.visualIndex(COLUMNS.index(ACTION)) == len(COLUMNS) - 1


@pytest.mark.parametrize(
    ("deed", "text"),
    [("copy_pid", "1011\n1020"), ("copy_cell", "1011")],
)
def test_copying_puts_the_selection_on_the_clipboard(
    deed: str, text: str, panel: ProcessesPanel
) -> None:
    panel.tree.setCurrentIndex(panel.model.index_of(11, NAMES["pid"]))
    select(panel, 11, 20)
    panel.actions_[deed].trigger()
    assert QGuiApplication.clipboard().text() == text


def test_rows_are_copied_with_their_titles_as_they_are_shown(panel: ProcessesPanel) -> None:
    panel.resize(1400, 420)  # room for every column
    select(panel, 20, 11)
    panel.actions_["copy"].trigger()
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert lines[0][:4] == ["Name", "PID", "PPID", "Role"]
    assert [line[0] for line in lines[1:]] == ["name 11", "name 20"]


def test_a_past_session_glows_and_counts_nothing(
    new_panel: Callable[[], ProcessesPanel], make: Any, recorded: Callable[..., str]
) -> None:
    panel = new_panel()
    panel.hide()
    started = [make.started(1, None, Role.WORKER), make.started(2, 1, Role.WORKER)]
    store_of(panel).load(recorded([*started, make.exited(1), make.exited(2)]))
    panel.show()
    assert panel.model.index_of(2).isValid()
    assert panel.tree.glow.background(2) is None
    assert active_timers(panel) == []


def test_every_control_has_a_name_and_a_tooltip(panel: ProcessesPanel) -> None:
    for control in panel.findChildren(QAbstractButton):
        if control.isVisible() and not control.objectName().startswith("qt_"):
            if isinstance(control.parent(), type(panel.filter_field)):
                continue  # Qt makes these, from actions with a text
            assert control.accessibleName(), control
            assert control.toolTip(), control
    assert panel.tree.accessibleName() == "Processes"
    assert panel.filter_field.accessibleName() == "Filter processes"
    assert panel.actions_.menu().findChildren(QMenu) is not None


@pytest.fixture
def big(new_panel: Callable[[], ProcessesPanel], make: Any) -> ProcessesPanel:
    panel = new_panel()
    store_of(panel).apply(make.family(workers=100, children=9))
    return panel


def test_a_thousand_processes_end_and_are_cleared(
    big: ProcessesPanel, table: ProcessTable, make: Any
) -> None:
    rows = [row.number for row in table]
    assert len(rows) == 1001
    store_of(big).apply([make.exited(number) for number in rows[1:]])
    store_of(big).clear_ended()
    assert big.model.rowCount(big.model.index_of(1)) == 0
    assert big.empty_state.isVisible()
