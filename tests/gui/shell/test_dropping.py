"""Files dropped on the window."""

from __future__ import annotations

from pathlib import Path

import PySide6
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from spawnscope.gui.shell.appearance import Appearance
from spawnscope.gui.shell.main_window import MainWindow


def drop(window: MainWindow, *paths: Path) -> Qt.DropAction:
    """Drag and drop as a file manager does by default within a disk: as a move, unless we say
    otherwise. Returns what became of it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    actions = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    button, no_keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    whole = PySide6.__version_info__ < (6, 12)  # where a drag enters
    entering = QDragEnterEvent(
        (QPoint if whole else QPointF)(10, 10), actions, data, button, no_keys
    )
    dropping = QDropEvent(QPointF(10, 10), actions, data, button, no_keys)
    for event in (entering, dropping):
        event.setDropAction(Qt.DropAction.MoveAction)
    window.dragEnterEvent(entering)
    assert entering.isAccepted()
    assert entering.dropAction() == Qt.DropAction.CopyAction
    window.dropEvent(dropping)
    return dropping.dropAction()


def test_a_dropped_script_is_started_and_other_files_are_not(
    qtbot: QtBot, qapp: object, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script, other = tmp_path / "job.py", tmp_path / "notes.txt"
    script.write_text("print('hello')\n")
    other.write_text("nothing\n")
    window = MainWindow(Appearance(qapp), None, None, None)  # type: ignore[arg-type]
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: hasattr(window, "_launch"))
    asked: list[str] = []
    window._launch.launch_requested.connect(lambda spec: asked.append(spec.target))
    assert drop(window, script, other) == Qt.DropAction.CopyAction
    qtbot.waitUntil(lambda: asked == [str(script)])
    fields = [each for each in window.findChildren(QLineEdit) if each.acceptDrops()]
    assert fields == []  # they would take the file away from the window
    window.close()
