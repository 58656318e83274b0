"""What Help says is so: the keys are those there are, and the guide opens."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from spawnscope.gui.shell import shortcuts
from spawnscope.gui.shell.about import GUIDE
from spawnscope.gui.shell.appearance import Appearance
from spawnscope.gui.shell.document import DocumentWindow
from spawnscope.gui.shell.main_window import MainWindow

ROOT = Path(__file__).resolve().parents[3]
NAMES = {
    "PageUp": "Page Up", "PageDown": "Page Down", "Enter": "Return", "Plus": "+", "Minus": "-",
    "Equal": "+",
}  # fmt: skip
# These hand the keys on to those who tell of them.
FORWARDING = {"panels/launch/panel.py", "panels/timeline/canvas.py"}


@pytest.fixture
def window(qtbot: QtBot, qapp: object, home: Path) -> Iterator[MainWindow]:
    window = MainWindow(Appearance(qapp), None, None, None)  # type: ignore[arg-type]
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window._composed)
    yield window
    window.close()


def told(groups: dict[str, list[tuple[str, str]]]) -> dict[str, set[str]]:
    return {
        group: {key for keys, _ in entries for key in keys.split(", ")}
        for group, entries in groups.items()
    }


def test_the_list_of_keys_has_every_shortcut_of_every_panel(window: MainWindow) -> None:
    window.show_shortcuts()
    assert len(window._view.made) == 6  # also those that nobody had looked at
    keys = told(shortcuts.keys_of(window))
    assert keys["Everywhere"] >= {"F1", "Ctrl+Q", *(f"Ctrl+{place}" for place in range(1, 7))}
    assert {"Ctrl+0", "Ctrl+S"} <= keys["Wiring"]
    assert {"Space", "Ctrl+P", "Delete", "Shift+Delete"} <= keys["Processes"]
    everything = set().union(*keys.values())
    for action in window.findChildren(QAction):
        for sequence in action.shortcuts():
            assert shortcuts._text(sequence) in everything
    shown = next(each for each in window.findChildren(QDialog) if each.isVisible())
    text = " ".join(label.text() for label in shown.findChildren(QLabel))
    assert all(group in text for group in keys)
    assert shown.findChildren(QScrollArea)
    shown.close()


def test_a_panel_tells_of_every_key_that_it_handles(window: MainWindow) -> None:
    found = set()
    for kinds in shortcuts._handlers().values():
        paths = [Path(inspect.getfile(kind)).resolve() for kind in kinds]
        found.update(paths)
        told_of = {key for kind in kinds for keys, _ in kind.KEYS for key in keys.split(", ")}
        plain = {key.rpartition("+")[2] or "+" for key in told_of}
        for path in paths:
            used = set(re.findall(r"\bKey_(\w+)", path.read_text()))
            known = plain | {"Space"}  # what every button takes
            assert {NAMES.get(name, name) for name in used} <= known, path
    handling = [
        path
        for path in (ROOT / "gui").rglob("*.py")
        if "def keyPressEvent" in path.read_text()
        and str(path.relative_to(ROOT / "gui")) not in FORWARDING
    ]
    assert {path.resolve() for path in handling} <= found
    assert len(handling) > 8


def test_the_guide_lists_the_same_keys(window: MainWindow) -> None:
    window._view.tabs.make_all()
    keys = told(shortcuts.keys_of(window))
    section = GUIDE.read_text().partition("\n## Keys\n")[2].partition("\n## ")[0]
    guide: dict[str, set[str]] = {}
    group = ""
    for line in section.splitlines():
        if not line.startswith("| ") or "| where |" in line:
            continue
        where, key, _what, *_ = (cell.strip() for cell in line.strip("|").split("| "))
        group = where or group
        words = key.replace(" to ", ", ")
        guide.setdefault(group.capitalize(), set()).update(words.split(", "))
    guide["New spec"] = guide.pop("The dialog")
    for group, wanted in keys.items():
        missing = wanted - guide.get(group, set()) - {"Ctrl+2", "Ctrl+3", "Ctrl+4", "Ctrl+5"}
        assert not missing, group


def test_the_guide_opens_and_its_links_lead_somewhere(window: MainWindow, qtbot: QtBot) -> None:
    help_menu = window.menuBar().actions()[-1].menu()
    assert any("guide" in action.text() for action in help_menu.actions())
    view = DocumentWindow(window, "User's guide", GUIDE)
    view.show()
    assert "Clear ended" in view.toPlainText()
    targets = re.findall(r"\]\(([^)#]+)?(?:#([\w-]+))?\)", GUIDE.read_text())
    for path, fragment in targets:
        if path and not path.startswith("http") and path.endswith(".md"):
            assert (GUIDE.parent / path).exists()
        if fragment and not path:
            view.verticalScrollBar().setValue(0)
            view.anchorClicked.emit(QUrl(f"#{fragment}"))
            assert view.verticalScrollBar().value() > 0, fragment
    others = [path for path, _ in targets if path.endswith(".md")]
    view.anchorClicked.emit(QUrl(others[0]))
    assert view.toPlainText().partition("\n")[0] in (GUIDE.parent / others[0]).read_text()
    view.close()
