"""Help: what this is, and the guide."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from spawnscope.core.translation import tr
from spawnscope.core.vocabulary.findings import FINDINGS

from ..kit.markup import markup, markup_box

DOCS = Path(__file__).resolve().parents[2] / "docs"
GUIDE = DOCS / "user-guide.md"


def show_guide(parent: QWidget) -> None:
    """The user's guide, in a window of its own."""
    _show(parent, GUIDE)


def finding_pages() -> dict[str, Path]:
    """The pages of the guide on kinds of findings, by code, as far as they are written."""
    pages = {code: DOCS / "findings" / f"{code}.md" for code in FINDINGS}
    return {code: page for code, page in pages.items() if page.is_file()}


def show_finding_page(parent: QWidget, code: str) -> None:
    """The page of the guide on a kind of findings; nothing where there is none."""
    page = finding_pages().get(code)
    if page is not None:
        _show(parent, page)


def _show(parent: QWidget, page: Path) -> None:
    from .document import DocumentWindow

    DocumentWindow(parent, tr("User's guide"), page).show()


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
