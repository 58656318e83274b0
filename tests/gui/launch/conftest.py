"""What the tests of the Launch panel share."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea


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
