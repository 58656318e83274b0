"""What the tests of the Launch panel and of its dialog share."""

from __future__ import annotations

from pathlib import Path

import pytest
from launching import Keep, Make, Open, section_titled
from PySide6.QtCore import QMimeDatabase, QSettings
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from spawnscope.core.launch.recent import RecentSpecs
from spawnscope.core.launch.spec_store import SpecStore
from spawnscope.core.vocabulary.launch_spec import LaunchSpec
from spawnscope.gui.panels.launch.library import Library
from spawnscope.gui.panels.launch.panel import LaunchPanel
from spawnscope.gui.panels.launch.spec_dialog import SpecDialog


@pytest.fixture
def keep(qtbot: QtBot) -> Keep:
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


@pytest.fixture(autouse=True)
def own_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    """No virtual environment is active: what is launched gets the interpreter of the tests."""
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)


@pytest.fixture
def store(tmp_path: Path) -> SpecStore:
    return SpecStore(tmp_path / "specs")


@pytest.fixture
def recent(tmp_path: Path) -> RecentSpecs:
    return RecentSpecs(tmp_path / "recent.json")


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def script(tmp_path: Path) -> str:
    path = tmp_path / "job.py"
    path.write_text("print('done')\n")
    return str(path)


@pytest.fixture
def make(
    qtbot: QtBot, keep: Keep, store: SpecStore, recent: RecentSpecs, settings: QSettings
) -> Make:
    """Shows a panel and waits until its lists stand."""

    def make() -> LaunchPanel:
        panel = LaunchPanel(library=Library(store, recent), settings=settings)
        panel.asked = []  # type: ignore[attr-defined]
        panel.launch_requested.connect(panel.asked.append)  # type: ignore[attr-defined]
        panel.resize(280, 800)
        keep(panel)
        qtbot.waitUntil(lambda: bool(section_titled(panel, "Examples").rows))
        return panel

    return make


@pytest.fixture
def open_dialog(qtbot: QtBot, keep: Keep, store: SpecStore) -> Open:
    """Shows the dialog as the panel does."""

    def open_dialog(spec: LaunchSpec | None = None, path: Path | None = None) -> SpecDialog:
        host = QWidget()
        keep(host)
        dialog = SpecDialog(store, spec, path, parent=host)
        dialog.saved = []  # type: ignore[attr-defined]
        dialog.started = []  # type: ignore[attr-defined]
        dialog.spec_saved.connect(dialog.saved.append)  # type: ignore[attr-defined]
        dialog.start_asked.connect(dialog.started.append)  # type: ignore[attr-defined]
        dialog.open()
        qtbot.waitUntil(lambda: dialog.isAncestorOf(QApplication.focusWidget() or host))
        return dialog

    return open_dialog
