"""The menus of the main window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from spawnscope.core.translation import mark, tr

from ..kit.style import icons
from .about import show_about, show_guide
from .appearance import CHOICES

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow, QMenu

    from .appearance import Appearance

_TITLES = {
    "system": mark("Colours as the desktop"),
    "light": mark("Light colours"),
    "dark": mark("Dark colours"),
}


class Commands(Protocol):
    """What the window can be asked for. The guide names what each does."""

    def open_script(self) -> None: ...
    def new_spec(self) -> None: ...
    def open_recorded(self) -> None: ...
    def stop_all(self) -> None: ...
    def show_shortcuts(self) -> None: ...
    def close(self) -> bool: ...


def build_menus(
    window: QMainWindow, commands: Commands, appearance: Appearance, *, live: bool
) -> None:
    """Fill the window's menu bar; `live`: whether it shows a running session."""
    window.setWindowIcon(icons.picture("spawnscope"))
    session = window.menuBar().addMenu(tr("&Session"))
    if live:
        _add(window, session, tr("&Open script …"), "Ctrl+O", commands.open_script, "script")
        _add(window, session, tr("&New spec …"), "Ctrl+N", commands.new_spec, "add")
        session.addSeparator()
    _add(
        window,
        session,
        tr("Open &recorded session …"),
        "Ctrl+Shift+O",
        commands.open_recorded,
        "folder",
    )
    if live:
        _add(
            window, session, tr("&End all workers"), "Ctrl+Shift+E", commands.stop_all, "terminate"
        )
    session.addSeparator()
    _add(window, session, tr("&Quit"), "Ctrl+Q", commands.close)
    view = window.menuBar().addMenu(tr("&View"))
    group = QActionGroup(window)
    for choice in CHOICES:
        action = QAction(tr(_TITLES[choice]), window, checkable=True)
        action.setChecked(choice == appearance.choice)
        action.triggered.connect(lambda _, choice=choice: appearance.choose(choice))
        group.addAction(action)
        view.addAction(action)
    about = window.menuBar().addMenu(tr("&Help"))
    _add(window, about, tr("&User's guide"), "", lambda: show_guide(window))
    _add(window, about, tr("&Keyboard shortcuts"), "F1", commands.show_shortcuts)
    _add(window, about, tr("&About Spawnscope"), "", lambda: show_about(window))


def _add(
    window: QMainWindow,
    menu: QMenu,
    text: str,
    shortcut: str,
    do: Callable[[], object],
    icon: str = "",
) -> None:
    action = QAction(text, window)
    if icon:
        action.setIcon(icons.icon(icon))
    if shortcut:
        action.setShortcut(QKeySequence(shortcut))
    action.triggered.connect(lambda checked: do())
    menu.addAction(action)
