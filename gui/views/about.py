"""Help: what this is, and what the keys do."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox, QWidget

_KEYS = {
    "Launch": [
        ("Return", "start the selected example or spec"),
        ("Ctrl+N", "new spec"),
        ("Ctrl+O", "open a script and start it"),
    ],
    "Processes": [
        ("Delete", "terminate the selected process: ask, wait, kill"),
        ("Shift+Delete", "kill it at once"),
        ("Ctrl+Shift+Delete", "terminate it and all below it"),
        ("Left, Right", "fold and unfold"),
    ],
    "Messages": [
        ("Ctrl+F", "find"),
        ("Ctrl+End", "follow the newest"),
        ("Ctrl+C", "copy the selected lines"),
        ("Return", "read a line whole"),
    ],
    "Everywhere": [
        ("Ctrl+Shift+E", "end all workers"),
        ("Ctrl+Shift+O", "open a recorded session"),
        ("Ctrl+Q", "quit; what runs is ended first"),
    ],
}


def show_shortcuts(parent: QWidget) -> None:
    """A list of the keys."""
    rows = "".join(
        f"<tr><td colspan=2><b>{group}</b></td></tr>"
        + "".join(
            f"<tr><td>{keys}&nbsp;&nbsp;&nbsp;</td><td>{text}</td></tr>" for keys, text in entries
        )
        for group, entries in _KEYS.items()
    )
    _show(parent, "Keyboard shortcuts", f"<table cellpadding=3>{rows}</table>")


def show_about(parent: QWidget) -> None:
    """What this is."""
    from spawnscope.core.command_line import VERSION

    _show(
        parent,
        "About Spawnscope",
        f"<h3>Spawnscope {VERSION}</h3><p>See what programs that run in several processes do: "
        "who started whom, what each says, and how each ends.</p><p>MIT licence.</p>",
    )


def _show(parent: QWidget, title: str, text: str) -> None:
    box = QMessageBox(parent)
    box.setWindowTitle(title)
    box.setText(text)
    box.open()
