"""Help: what this is, and what the keys do."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox, QWidget

_KEYS = {
    "Launch": [
        ("Return", "start the selected example or spec"),
        ("F2, Ctrl+D, Delete", "edit, duplicate, delete a spec of your own"),
        ("Ctrl+N", "new spec"),
        ("Ctrl+O", "open a script and start it"),
    ],
    "Processes": [
        ("Delete", "terminate: ask, wait, kill"),
        ("Shift+Delete", "kill at once"),
        ("Ctrl+Shift+Delete", "terminate with all below it"),
        ("Ctrl+Shift+S, Ctrl+Shift+U", "suspend, resume"),
        ("Ctrl+Shift+G", "send any signal"),
        ("Ctrl+Shift+R", "restart a worker"),
        ("Return", "show what it wrote"),
        ("Ctrl+C, Ctrl+Shift+C, Ctrl+Alt+C", "copy the rows, the cell, the PIDs"),
        ("Ctrl+F", "go to the filter"),
        ("Ctrl+L", "clear what has ended"),
        ("Ctrl+Right, Ctrl+Left", "open, close every branch"),
        ("Ctrl+Shift+L", "choose the columns"),
    ],
    "Messages": [
        ("Ctrl+F, F3, Shift+F3", "find, next, previous"),
        ("Ctrl+L", "go to the filter"),
        ("Ctrl+C, Ctrl+Shift+C", "copy the lines, with their origin"),
        ("Ctrl+S", "save"),
        ("Return", "read a line whole"),
        ("End", "follow the newest"),
    ],
    "Everywhere": [
        ("Ctrl+1, Ctrl+2", "messages, traffic"),
        ("Ctrl+Shift+E", "end all workers"),
        ("Ctrl+Shift+O", "open a recorded session"),
        ("Ctrl+Q", "quit; asks first if something runs"),
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
