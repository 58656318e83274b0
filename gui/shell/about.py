"""Help: what this is, and the guide."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from spawnscope.core.translation import tr

from ..kit.markup import markup, markup_box

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "user-guide.md"


def show_guide(parent: QWidget) -> None:
    """The user's guide, in a window of its own."""
    from .document import DocumentWindow

    DocumentWindow(parent, tr("User's guide"), GUIDE).show()


def show_about(parent: QWidget) -> None:
    """What this is."""
    from spawnscope.core.command_line import VERSION

    text = markup(
        "<h3>Spawnscope {}</h3><p>{}</p><p>{}</p>",
        VERSION,
        tr(
            "See what programs that run in several processes do: "
            "who started whom, what each says, and how each ends."
        ),
        tr("MIT licence."),
    )
    markup_box(parent, tr("About Spawnscope"), text).open()
