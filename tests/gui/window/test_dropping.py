"""Files dropped on the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from spawnscope.gui.appearance import Appearance
from spawnscope.gui.main_window import MainWindow


def drop(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    window.dropEvent(
        QDropEvent(
            QPointF(10, 10),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


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
    drop(window, script, other)
    qtbot.waitUntil(lambda: asked == [str(script)])
    window.close()
