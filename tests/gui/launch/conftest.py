"""What the tests of the Launch panel share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeDatabase
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot


@pytest.fixture
def keep(qtbot: QtBot) -> Callable[[QWidget], None]:
    """Shows a widget and keeps it to the end of the test.

    Events are still handled when the test's function has returned. A window that only a cycle of
    references keeps could then be collected in the middle of its own painting.
    """
    kept: list[QWidget] = []

    def keep(widget: QWidget) -> None:
        kept.append(widget)
        qtbot.addWidget(widget)
        widget.show()

    return keep


@pytest.fixture(scope="session", autouse=True)
def painted_scroll_bar(qapp: QApplication) -> None:
    """The first scroll bar that Qt paints starts its pool of threads, whose descriptors stay: that
    must not look as if the test in which it happens had left them behind."""
    area = QScrollArea()
    label = QLabel("\n" * 200)
    area.setWidget(label)
    area.resize(280, 800)
    area.grab()
    area.deleteLater()


@pytest.fixture(scope="session", autouse=True)
def mime_database(qapp: QApplication) -> None:
    """The first file dialog maps Qt's list of file types, for good."""
    QMimeDatabase().mimeTypeForFile("a.py")
