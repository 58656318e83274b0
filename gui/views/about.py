"""Help: what this is, and what the keys do."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from .markup import joined, markup, markup_box

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
        ("Right, Left", "open, close a branch or a fold"),
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
    rows = []
    for group, entries in _KEYS.items():
        rows.append(markup("<tr><td colspan=2><b>{}</b></td></tr>", group))
        rows += [
            markup("<tr><td>{}&nbsp;&nbsp;&nbsp;</td><td>{}</td></tr>", *each) for each in entries
        ]
    text = markup("<table cellpadding=3>{}</table>", joined(rows))
    markup_box(parent, "Keyboard shortcuts", text).open()


def show_about(parent: QWidget) -> None:
    """What this is."""
    from spawnscope.core.command_line import VERSION

    text = markup(
        "<h3>Spawnscope {}</h3><p>See what programs that run in several processes do: "
        "who started whom, what each says, and how each ends.</p><p>MIT licence.</p>",
        VERSION,
    )
    markup_box(parent, "About Spawnscope", text).open()
