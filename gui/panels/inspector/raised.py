"""The card that shows the exception that ended the process, and where it came from."""

from __future__ import annotations

from spawnscope.core.translation import tr

from ...kit.fonts import LogFonts
from ...kit.markup import bold, inked, markup, table
from .card import Card
from .markup import site_markup
from .source import Look
from .stack_view import frames_markup


class RaisedCard(Card):
    """See the module. Hidden where none is known."""

    def __init__(self) -> None:
        super().__init__(tr("The exception that ended it"), "outcome")
        self.text = self.add_text()
        self.frames = self.add_text()
        self.frames.setFont(LogFonts(self.font()).shaped)

    def show_look(self, look: Look) -> None:
        """Show this."""
        raised = look.raised
        self.setVisible(raised is not None)
        if raised is None:
            return
        parts = [inked(bold(raised.type), "bad")]
        if raised.text:
            parts.append(markup("{}", raised.text))
        if raised.place:
            parts.append(site_markup(raised.place))
        self.text.tell(table([parts]))
        from spawnscope.core.observe.stacks import frames_of

        frames = frames_of(raised.traceback)
        self.frames.tell(frames_markup(frames))
        self.frames.setVisible(bool(frames))
