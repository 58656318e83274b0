"""What tests of the shell share."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot


@pytest.fixture
def home(qtbot: QtBot) -> QWidget:
    """What boxes stand before."""
    home = QWidget()
    qtbot.addWidget(home)
    home.show()
    return home
