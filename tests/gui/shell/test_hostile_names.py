"""Whatever a program or a file calls its things is shown as that text, everywhere in the window.

One session in which every name is an attack, live and recorded; then all widgets, models, menus
and cards are asked what they show.
"""

from __future__ import annotations

import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPoint, Qt
from PySide6.QtGui import QAction, QHelpEvent, QTextDocument
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QTabBar,
    QToolTip,
    QWidget,
)
from pytestqt.qtbot import QtBot

from spawnscope.core.session.writer import SessionWriter
from spawnscope.core.store.findings import printable_finding
from spawnscope.core.vocabulary.codes import StopStep
from spawnscope.core.vocabulary.events import (
    Doing,
    MessagesCommitted,
    ObjectCreated,
    ObjectState,
    OperationCount,
    ProcessDoing,
    ProcessExited,
    ProcessStarted,
    ProcessWatched,
    Role,
    StopProgress,
    Stream,
    WorkerStarted,
)
from spawnscope.core.vocabulary.findings import Cure, Evidence, Finding, Remedy, Severity
from spawnscope.core.vocabulary.message import Message
from spawnscope.core.vocabulary.operation import Operation
from spawnscope.gui.kit.plain import Label, message_box
from spawnscope.gui.kit.text.foreign import caption, tip
from spawnscope.gui.panels.messages.log_menu import LogMenu
from spawnscope.gui.panels.panels import PANELS
from spawnscope.gui.shell.banner import Banner
from spawnscope.gui.shell.session_view import SessionView
from spawnscope.gui.shell.status_bar import StatusBar

MARK = "attack"
# An image that would be read, an underline, a turn of direction, a bell, a line, a title's mark.
ATTACK = f"<img src='/dev/null'>{MARK}&Quit&amp;\u202egnp\x07\n<b>bold[*]"
ENDLESS = f"<img src='/dev/null'>{MARK}" + "x" * 1_000_000
SHUNNED = frozenset("\x07\u202e")
SECOND = 1_000_000_000
BEGAN = 1_700_000_000 * SECOND


def events() -> list[Any]:
    """What a session of attackers tells."""
    found: list[Any] = [
        ProcessStarted(
            number, 1000 + number, 1, BEGAN + number, parent, 1, 1, name, Role.CHILD, ATTACK,
            (ATTACK, ENDLESS),
        )
        for number, parent, name in ((1, None, "sup"), (2, 1, ATTACK), (3, 2, ENDLESS), (4, 2, "x"))
    ]  # fmt: skip
    found.append(WorkerStarted(1, 1, 2, ATTACK))
    found += [
        ObjectCreated(number, 2, BEGAN, kind, name, f"/{ATTACK}.py:1", 10)
        for number, kind, name in ((1, "Queue", ATTACK), (2, "Lock", ENDLESS), (3, ATTACK, ""))
    ]
    counts = (
        OperationCount(ATTACK, 3, 2, 20 * SECOND, 5, 1, 1),
        OperationCount("put", 9, 1, SECOND, 1, 0, 0),
    )
    found += [
        ObjectState(number, BEGAN + SECOND, counts, 3, ((2, ATTACK),), ((3, ENDLESS),))
        for number in (1, 2, 3)
    ]
    doing = (
        Doing(ATTACK, "acquire", 2, BEGAN, ATTACK, ATTACK),
        Doing("MainThread", "get", 1, BEGAN, ENDLESS, ENDLESS),
    )
    found += [
        ProcessWatched(3, BEGAN, False, ATTACK),
        ProcessDoing(2, doing),
        ProcessExited(4, 1004, BEGAN + SECOND, 1, ATTACK, f"Killed by {ATTACK}", doing, (1, 2)),
        StopProgress(2, BEGAN + SECOND, False, StopStep.FAILED, ENDLESS, 1002),
    ]
    return found


def wrong(number: int, text: str) -> Finding:
    """A finding of attackers."""
    fact = Evidence(2, text, text, 1, BEGAN, f"/{text}.py:1", text)
    cures = (Cure(Remedy.TERMINATE, 2), Cure(Remedy.SHOW_PLACE, 2, 1, text))
    return Finding(
        number, BEGAN, text, Severity.ERROR, BEGAN, text, text, text, (2, 3), (1, 2),
        (fact,), (fact,), cures, None, text,
    )  # fmt: skip


def write_session(path: Path) -> None:
    """The same as a file."""
    writer = SessionWriter(path, about={})
    for event in events():
        if isinstance(event, ProcessStarted):
            writer.process_started(event)
        elif isinstance(event, ProcessExited):
            writer.process_exited(event)
        elif isinstance(event, ObjectCreated):
            writer.shared.created(event)
        elif isinstance(event, ObjectState):
            writer.shared.state(event)
        elif isinstance(event, ProcessWatched):
            writer.shared.watched(event)
    writer.shared.operations([
        Operation(process, 1, operation, ATTACK, BEGAN, BEGAN + SECOND, SECOND // 2, 10, ENDLESS,
                  "ok", ATTACK, ATTACK, 0)
        for process in (2, 3) for operation in ("put", "get", ATTACK)
    ])  # fmt: skip
    writer.messages(2, Stream.STDOUT, ATTACK.replace("\n", " ").encode(), 1, BEGAN)
    writer.flush()
    writer.close()


@pytest.fixture(params=["live", "recorded"])
def view(request: Any, qtbot: QtBot, tmp_path: Path) -> Iterator[SessionView]:
    path = tmp_path / "<b>session&x.spawnscope"
    write_session(path)
    view = SessionView()
    qtbot.addWidget(view)
    view.resize(1200, 800)
    with qtbot.waitExposed(view):
        view.show()
    if request.param == "live":
        view.store.open(str(path))
        view._on_events(events())
        view._on_events([MessagesCommitted(1)])
    else:
        view.show_recorded(str(path))
    view.store.apply(
        [printable_finding(wrong(at, text)) for at, text in ((1, ENDLESS), (2, ATTACK))]
    )
    for place in range(len(PANELS)):
        view.tabs.show_place(place)
        view.selection.select_processes(frozenset({2}))
        view.selection.select_object(1)
    timeline: Any = view.made["timeline"]
    qtbot.waitUntil(lambda: timeline.source.timeline is not None)
    view.tabs.show_place(0)
    messages: Any = view.panel("messages")
    qtbot.waitUntil(lambda: len(messages.log.model.rows) == 1)
    yield view
    view.close_session()


def fault_of(text: str, rich: bool) -> str:
    """Why a text must not be shown so; "" if it may. `rich`: it will be taken for markup."""
    if rich:
        document = QTextDocument()
        document.setHtml(text)
        if any(each.isImageFormat() for each in document.allFormats()):
            return "an image"
        text = document.toPlainText()
    if SHUNNED.intersection(text):
        return "a control character"
    return "endless" if len(text) > 30_000 else ""


def tips_of(model: QAbstractItemModel, parent: QModelIndex) -> Iterator[tuple[str, str]]:
    """The tooltips of all cells and headers."""
    roles = Qt.ItemDataRole
    for row in range(min(200, model.rowCount(parent))):
        for column in range(model.columnCount(parent)):
            index = model.index(row, column, parent)
            yield f"cell {row}, {column}", model.data(index, roles.ToolTipRole) or ""
            spoken = model.data(index, roles.AccessibleTextRole) or ""
            if len(spoken) > 12_000:
                yield f"spoken {row}, {column}", f"<img src=''>{len(spoken)}"
        yield from tips_of(model, model.index(row, 0, parent))


def faults(root: QWidget) -> list[str]:
    """What is wrong with the widgets at and below `root`."""
    found = []
    widgets = [root, *root.findChildren(QWidget)]
    for widget in widgets:
        name = f"{type(widget).__name__} {widget.objectName()}"
        tips = [("tip", widget.toolTip())]
        if isinstance(widget, QLabel):
            if widget.textFormat() == Qt.TextFormat.AutoText and widget.text():
                found.append(f"{name} guesses whether its text is markup: {widget.text()[:40]!r}")
            rich = widget.textFormat() == Qt.TextFormat.RichText
            found += [f"{name} shows {why}" for why in [fault_of(widget.text(), rich)] if why]
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            tips += tips_of(widget.model(), QModelIndex())
        captions = [action.text() for action in widget.actions()]
        if isinstance(widget, QAbstractButton):
            captions.append(widget.text())
        if isinstance(widget, QTabBar):
            captions += [widget.tabText(place) for place in range(widget.count())]
            tips += [("tab", widget.tabToolTip(place)) for place in range(widget.count())]
        tips += [("action", action.toolTip()) for action in widget.findChildren(QAction)]
        for what, text in tips:
            if why := fault_of(text, GuiQt.mightBeRichText(text)):
                found.append(f"{what} of {name} shows {why}: {text[:60]!r}")
        for text in captions:
            if MARK in text and ("&" in text.replace("&&", "") or fault_of(text, False)):
                found.append(f"{name} has the caption {text[:80]!r}")
        for text in (widget.accessibleName(), widget.accessibleDescription()):
            if len(text) > 12_000 or SHUNNED.intersection(text):
                found.append(f"{name} is spoken of as {text[:60]!r}")
    return found


def test_no_name_is_more_than_text_anywhere_in_the_window(view: SessionView) -> None:
    assert MARK in view.store.processes[2].label
    assert MARK in view.store.objects[1].label
    assert faults(view) == []


def test_every_cell_of_every_panel_is_painted_in_no_time(view: SessionView) -> None:
    for place in range(len(PANELS)):
        view.tabs.show_place(place)
        before = time.thread_time()
        view.grab()
        assert time.thread_time() - before < 2


def test_a_name_under_the_pointer_is_no_markup(view: SessionView) -> None:
    tree = view.processes.tree
    index = view.processes.model.index_of(2)
    at = tree.visualRect(index).center()
    QApplication.sendEvent(
        tree.viewport(), QHelpEvent(QEvent.Type.ToolTip, at, tree.viewport().mapToGlobal(at))
    )
    shown = QToolTip.text()
    assert MARK in shown
    assert fault_of(shown, GuiQt.mightBeRichText(shown)) == ""
    QToolTip.hideText()


def test_cards_and_menus_tell_names_as_text(view: SessionView, qtbot: QtBot) -> None:
    wiring: Any = view.made["wiring"]
    view.tabs.show_place(2)
    qtbot.waitUntil(lambda: bool(wiring.model.graph.nodes))
    card = wiring.card
    for node in wiring.model.graph.nodes.values():
        card.tell(wiring._text.of_node(node), QPoint(10, 10))
        assert faults(card) == []
    for edge in wiring.model.graph.edges.values():
        card.tell(wiring._text.of_edge(edge), QPoint(10, 10))
        assert faults(card) == []
    timeline: Any = view.made["timeline"]
    hover: Any = timeline.findChild(QLabel, "hoverCard")
    hover.show_lines(ATTACK, [ENDLESS, ATTACK], QPoint(5, 5))
    assert faults(hover) == []
    traffic: Any = view.panel("traffic")
    filters = traffic.detail.filters
    filters.processes_asked.disconnect()
    filters.offer([(2, f"{MARK}&{ATTACK}"), (3, ENDLESS)])
    filters.menu.aboutToShow.emit()
    filters.choose(2)
    assert MARK in filters.processes.text()
    assert len(filters.menu.actions()) > 4
    assert faults(filters.menu) == []
    menus: Any = view.panel("messages").findChild(LogMenu)
    message = Message(1, BEGAN, 2, Stream.STDOUT, 0, ATTACK.encode())
    menus.open(message, QPoint(5, 5))
    menu = QApplication.activePopupWidget()
    assert menu is not None
    assert [action for action in menu.actions() if MARK in action.text()]
    assert faults(menu) == []
    menu.close()


def test_a_picture_of_the_wiring_is_well_formed(view: SessionView, tmp_path: Path) -> None:
    from spawnscope.gui.panels.wiring.picture_file import save_scene

    wiring: Any = view.made["wiring"]
    path = tmp_path / "wiring.svg"
    save_scene(wiring.scene, str(path), ATTACK)
    root = ElementTree.parse(path).getroot()
    assert not [each for each in root.iter() if each.tag.endswith("}img")]
    assert MARK in "".join(root.itertext())


def test_what_is_said_beside_the_panels_is_text(qtbot: QtBot, view: SessionView) -> None:
    banner, bar = Banner(), StatusBar()
    label, box = Label(), message_box(None, ATTACK, ATTACK, more=ATTACK, details=ENDLESS)
    for widget in (banner, bar, label, box):
        qtbot.addWidget(widget)
    banner.show_problem(ATTACK)
    label.setText(ENDLESS)
    bar.show_file(f"/tmp/{ATTACK}", (ATTACK, ENDLESS))
    bar.show_fault(ATTACK, ENDLESS)
    assert "[*]" not in box.windowTitle()
    assert [fault for widget in (banner, bar, label, box) for fault in faults(widget)] == []


def test_a_tip_shows_just_what_it_was_given() -> None:
    for text in ("plain", "a < b\nc & d", "<b>x</b>", "&lt;", "<?xml version='1.0'?>"):
        shown = tip(text)
        document = QTextDocument()
        document.setHtml(shown) if GuiQt.mightBeRichText(shown) else document.setPlainText(shown)
        assert document.toPlainText() == text
    assert tip("") == ""
    assert len(tip("word " * 100_000)) < 10_000
    assert caption("Save & quit") == "Save && quit"
