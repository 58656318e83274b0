"""What is wrong is told wherever one looks: banner, badge, tree, wiring, timeline, Inspector."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from wrong_store import ALICE, BOB, MAIN, SAVINGS, SECOND, STORY, TITLE, WrongStore

from spawnscope.core.session.writer import SessionWriter
from spawnscope.core.vocabulary.events import ProcessStarted, Role, WorkerStarted
from spawnscope.core.vocabulary.findings import Severity
from spawnscope.gui.kit.badge import Badge
from spawnscope.gui.panels.findings.panel import FindingsPanel
from spawnscope.gui.panels.inspector.panel import InspectorPanel
from spawnscope.gui.panels.panels import FINDINGS, PANELS
from spawnscope.gui.panels.processes.columns import COLUMNS, NAME
from spawnscope.gui.panels.timeline.panel import TimelinePanel
from spawnscope.gui.shell import about, session_view
from spawnscope.gui.shell.session_view import SessionView

_PLACE = [row.name for row in PANELS].index(FINDINGS)


@pytest.fixture
def view(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[SessionView]:
    """On screen, with a store in which something may be wrong."""
    monkeypatch.setattr(session_view, "SessionStore", WrongStore)
    view = SessionView()
    qtbot.addWidget(view)
    view.resize(1100, 800)
    view.scoping.show_all()
    with qtbot.waitExposed(view):
        view.show()
    yield view
    view.close_session()


@pytest.fixture
def store(view: SessionView) -> WrongStore:
    assert isinstance(view.store, WrongStore)
    return view.store


def badge(view: SessionView) -> str:
    shown = view.tabs.bar.tabButton(_PLACE, view.tabs.bar.ButtonPosition.RightSide)
    return shown.text() if isinstance(shown, Badge) and shown.isVisible() else ""


def told(view: SessionView) -> str:
    """What the banner says."""
    return view.banner._text.text() if view.banner.isVisible() else ""


def test_a_banner_tells_of_each_error_once(view: SessionView, store: WrongStore) -> None:
    store.tell(store.other(1, Severity.WARNING, "a warning"))
    assert told(view) == ""
    store.tell(store.deadlock(2))
    assert told(view) == TITLE
    view.banner._close.click()
    store.tell(store.deadlock(2))  # it is updated
    assert told(view) == ""
    store.tell(store.other(3, Severity.ERROR, "another"), store.other(4, Severity.ERROR, "more"))
    assert told(view) == "more, and 1 more error"
    store.tell(store.other(4, Severity.ERROR, "more", resolved_ns=store.since_ns + SECOND))
    assert told(view) == "another"
    store.tell(store.other(3, Severity.ERROR, "another", resolved_ns=store.since_ns + SECOND))
    assert told(view) == ""


def test_a_recorded_session_tells_of_what_was_found_then(qtbot: QtBot, tmp_path: Path) -> None:
    live = WrongStore()
    writer = SessionWriter(tmp_path / "s.spawnscope", about={})
    for number, name in ((ALICE, "alice"), (BOB, "bob")):
        writer.process_started(
            ProcessStarted(number, number, 1, live.began_ns, None, 1, 1, name, Role.CHILD, None, ())
        )
    writer.finding(live.deadlock(resolved_ns=live.since_ns + 5 * SECOND))
    writer.finding(live.deadlock(2))
    writer.flush()
    writer.close()
    view = SessionView()
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    try:
        view.show_recorded(str(tmp_path / "s.spawnscope"))
        assert told(view) == TITLE
        assert badge(view) == "1"
        view.show_panel(FINDINGS)
        panel = view.panel(FINDINGS)
        assert isinstance(panel, FindingsPanel)
        for moment, count in ((live.since_ns + SECOND, 2), (live.began_ns, 0), (None, 1)):
            view.show_moment(moment)
            assert badge(view) == (str(count) if count else "")
            assert panel._hint.isVisible() == (count == 0)
    finally:
        view.close_session()


def test_show_leads_to_it_even_where_the_scope_hides_it(
    view: SessionView, store: WrongStore, qtbot: QtBot
) -> None:
    other = ProcessStarted(9, 1009, 1, store.began_ns, None, 1, 9, "other", Role.WORKER, None, ())
    store.apply([other, WorkerStarted(2, 9, 9, "other")])
    view.scoping.show_runs((9,))
    store.tell(store.deadlock(), store.other(2, Severity.ERROR, "with shop.py"))
    assert badge(view) == "", "not of this run"
    buttons = [each for each in view.banner.findChildren(QPushButton) if each.isVisible()]
    qtbot.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    panel = view.panel(FINDINGS)
    assert isinstance(panel, FindingsPanel)
    assert panel.isVisible()
    assert panel.detail.finding is not None
    assert panel.detail.finding.title == "with shop.py"
    assert told(view) == ""
    assert badge(view) == "2"


def test_what_is_before_the_eyes_needs_no_banner(
    view: SessionView, store: WrongStore, qtbot: QtBot
) -> None:
    store.tell(store.deadlock())
    assert told(view) == TITLE
    view.show_panel(FINDINGS)
    qtbot.waitUntil(lambda: told(view) == "")


def test_the_badge_counts_what_stands(view: SessionView, store: WrongStore) -> None:
    bar = view.tabs.bar
    assert (badge(view), bar.accessibleTabName(_PLACE)) == ("", "")
    store.tell(store.other(1, Severity.HINT, "a hint"), store.other(2, Severity.WARNING, "a"))
    assert badge(view) == "1"
    store.tell(store.deadlock(3))
    assert (badge(view), bar.accessibleTabName(_PLACE)) == ("2", "Findings (2)")
    gone = store.since_ns + SECOND
    store.tell(store.deadlock(3, gone), store.other(2, Severity.WARNING, "a", gone))
    assert badge(view) == ""


def test_only_one_tab_has_words_where_there_is_no_room(
    view: SessionView, store: WrongStore, qtbot: QtBot
) -> None:
    store.tell(store.deadlock())
    bar = view.tabs.bar
    assert all(bar.tabText(place) for place in range(bar.count()))
    view.resize(430, 700)
    qtbot.waitUntil(lambda: not bar.tabText(1))
    assert [bool(bar.tabText(at)) for at in range(bar.count())] == [True] + [False] * 5
    assert bar.tabToolTip(_PLACE).startswith("Findings: ")
    assert badge(view) == "1", "it is seen nevertheless"
    view.show_panel(FINDINGS)
    assert bar.tabText(_PLACE) == "Findings"


def test_the_tree_marks_whom_it_concerns(
    view: SessionView, store: WrongStore, qtbot: QtBot
) -> None:
    model = view.processes.model

    def tip(process: int) -> str:
        index = model.index_of(process, COLUMNS.index(NAME))
        return str(index.data(Qt.ItemDataRole.ToolTipRole))

    qtbot.waitUntil(lambda: model.index_of(ALICE).isValid())
    changed: list[Any] = []
    model.dataChanged.connect(lambda first, _last: changed.append(first.internalId()))
    assert model.faults.look(store.processes[ALICE]) is None
    store.tell(store.deadlock())
    assert set(changed) == {MAIN, ALICE}, "two runs of rows, bob in the second one"
    assert model.faults.look(store.processes[ALICE]) == ("error", "bad")
    assert model.faults.look(store.processes[MAIN]) == ("error", "muted"), "it only waits"
    assert f"Error: {TITLE}" in tip(BOB)
    assert f"It waits because of this. Error: {TITLE}" in tip(MAIN)
    heard = model.index_of(BOB, COLUMNS.index(NAME)).data(Qt.ItemDataRole.AccessibleTextRole)
    assert heard == f"bob, Error: {TITLE}"
    tree = view.processes.tree
    mark = tree.visualRect(model.index_of(BOB)).adjusted(0, 0, -9, 0)
    at = QPoint(mark.right(), mark.center().y())
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=at - QPoint(40, 0))
    assert FINDINGS not in view.made
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert view.panel(FINDINGS).isVisible()
    store.tell(store.deadlock(resolved_ns=store.since_ns + SECOND))
    assert TITLE not in tip(BOB)


def test_the_inspector_says_the_same_word_for_word(
    view: SessionView, store: WrongStore, qtbot: QtBot
) -> None:
    panel = view.panel("inspector")
    assert isinstance(panel, InspectorPanel)
    view.show_panel("inspector")
    view.selection.select_processes(frozenset((ALICE,)))
    before = panel.waits.blocks[0].text.text()
    assert "deadlock" in before.casefold()
    store.tell(store.deadlock(7))
    qtbot.waitUntil(lambda: panel.waits.blocks[0].text.text() != before)
    text = panel.waits.blocks[0].text.text()
    assert TITLE in text
    assert STORY in text
    assert "Because of this:" not in text
    assert not panel.faults.isVisible(), "once is enough"
    view.selection.select_processes(frozenset((MAIN,)))
    assert "Because of this:" in panel.waits.blocks[0].text.text()
    assert panel.header.state.text() == "stuck"
    panel.waits.blocks[0].text.linkActivated.emit("finding:7")
    assert view.panel(FINDINGS).isVisible()


def test_the_inspector_names_what_is_told_of_no_wait(
    view: SessionView, store: WrongStore, qtbot: QtBot
) -> None:
    panel = view.panel("inspector")
    assert isinstance(panel, InspectorPanel)
    view.show_panel("inspector")
    view.selection.select_processes(frozenset((MAIN,)))
    store.tell(store.other(1, Severity.WARNING, "shop.py is suspended"))
    qtbot.waitUntil(panel.faults.isVisible)
    assert "shop.py is suspended" in panel.faults.text.text()


def test_the_timeline_marks_when_it_began(
    view: SessionView, store: WrongStore, qtbot: QtBot
) -> None:
    store.tell(store.deadlock(), store.other(2, Severity.HINT, "a hint"))
    panel = view.panel("timeline")
    assert isinstance(panel, TimelinePanel)
    view.show_panel("timeline")
    canvas = panel.canvas
    qtbot.waitUntil(lambda: len(canvas.lanes) > 0)
    canvas.follow(False)
    canvas.show_span(store.since_ns - 5 * SECOND, store.since_ns + 5 * SECOND)
    middle = canvas.ruler_area.center().y()
    at = QPointF(canvas.gutter + canvas.scale.x(store.since_ns), middle)
    found = canvas.flags.at(at)
    assert found is not None
    assert found.title == TITLE
    assert canvas.flags.at(at + QPointF(60, 0)) is None
    picture = canvas.viewport().grab().toImage()
    qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=at.toPoint())
    assert view.panel(FINDINGS).isVisible()
    view.show_panel("timeline")
    store.tell(store.deadlock(resolved_ns=store.since_ns + SECOND))
    assert canvas.viewport().grab().toImage() != picture, "it is grey now"


def test_only_pages_of_known_kinds_are_opened(
    view: SessionView, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "findings").mkdir()
    for name in ("deadlock.md", "whatever.md"):
        (tmp_path / "findings" / name).write_text("# It")
    monkeypatch.setattr(about, "DOCS", tmp_path)
    assert about.finding_pages().keys() == {"deadlock"}
    view.show_panel(FINDINGS)
    shown: list[Any] = []
    monkeypatch.setattr(about, "_show", lambda _parent, page: shown.append(page))
    panel = view.panel(FINDINGS)
    assert isinstance(panel, FindingsPanel)
    for code in ("deadlock", "whatever", "../user-guide"):
        panel.page_requested.emit(code)
    assert shown == [tmp_path / "findings" / "deadlock.md"]


def test_the_wiring_shows_it_in_red(view: SessionView, store: WrongStore) -> None:
    from spawnscope.gui.panels.wiring.model import WiringModel

    store.tell(store.deadlock())
    model = WiringModel(store)
    model.update()
    process, lock = ("process", ALICE, ""), ("object", SAVINGS, "")
    nodes = model.graph.nodes
    assert {process, lock} <= nodes.keys()
    assert model.fault_of(nodes[process]) is not None
    assert model.fault_of(nodes[lock]) is not None
    main = nodes.get(("process", MAIN, ""))
    assert main is None or model.fault_of(main) is None
