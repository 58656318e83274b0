"""Down to 800 px of width nothing is lost: every panel fits, and what has no room is in a menu."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from spawnscope.gui.kit.elided import ElidedLabel
from spawnscope.gui.panels.processes.columns import ACTION, COLUMNS
from spawnscope.gui.shell.appearance import Appearance
from spawnscope.gui.shell.main_window import MainWindow


@pytest.fixture
def window(qtbot: QtBot, qapp: object, home: Path) -> Iterator[MainWindow]:
    window = MainWindow(Appearance(qapp), None, None, None)  # type: ignore[arg-type]
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window._composed)
    yield window
    window.close()


def test_every_panel_fits_into_800_px(window: MainWindow, qtbot: QtBot) -> None:
    window._view.tabs.make_all()
    window.resize(800, 600)
    qtbot.waitUntil(lambda: window.width() == 800)
    launch, view = window._launch, window._view
    parts = launch.minimumSizeHint().width(), view.minimumSizeHint().width()
    assert sum(parts) + window._columns.handleWidth() <= 800
    for place in range(view.tabs.bar.count()):
        view.tabs.show_place(place)
        for button in view.findChildren(QToolButton):
            if button.isVisible():
                right = button.mapTo(window, button.rect().topRight()).x()
                assert right < window.width(), button.accessibleName()
    header = view.processes.tree.header()
    edge = header.sectionViewportPosition(COLUMNS.index(ACTION)) + header.sectionSize(
        COLUMNS.index(ACTION)
    )
    assert edge <= view.processes.tree.viewport().width()


def test_what_has_no_room_over_the_tree_is_in_its_menu(window: MainWindow, qtbot: QtBot) -> None:
    bar = window._view.processes.toolbar
    home = bar.parentWidget()
    bar.setParent(window)  # so that no layout has a say in its width
    bar.show()
    everything = {button.defaultAction().text() for _rank, button in bar._ranks}
    assert len(everything) > 10
    for width in (1400, 800, 560, 440, 1400):
        bar.resize(width, bar.height())
        seen = {b.defaultAction().text() for _rank, b in bar._ranks if not b.isHidden()}
        bar.rest.menu().aboutToShow.emit()
        listed = {action.text() for action in bar.rest.menu().actions()}
        assert seen | listed == everything
        assert not seen & listed
        assert bar.rest.isHidden() == (seen == everything)
        assert {"Terminate", "Pause"} <= seen
        assert bar.layout().minimumSize().width() <= width
    assert seen == everything
    bar.setParent(home)


def test_a_label_that_gives_way_tells_the_rest(qtbot: QtBot) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.setText("three threads wait for two of them")
    label.setStyleSheet("padding: 0 9px;")  # as in the status bar
    label.resize(label.sizeHint())
    label.show()
    assert label.toolTip() == ""
    label.resize(60, 20)
    assert "two of them" in label.toolTip()
    assert label.text() == "three threads wait for two of them"
    assert label.minimumSizeHint().width() < 90


def test_a_tab_grows_with_the_figure_on_it(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1400, 900)
    tabs = window._view.tabs
    last = tabs.bar.count() - 1
    for count in (1, 13, 1300):
        tabs.set_badge(last, count, "bad")
        qtbot.waitUntil(lambda: tabs.bar.width() >= tabs.bar.sizeHint().width())
        assert tabs.bar.tabRect(last).contains(tabs._badges[last].geometry()), count
        assert tabs.bar.width() > tabs.bar.tabRect(last).right(), count
