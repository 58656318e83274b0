"""Finding, put together: the bar asks, the finder looks, the log shows the hit."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from spawnscope.core.translation import tr, trn

from .find_bar import FindBar
from .finder import MessageFinder
from .message_log import MessageLog
from .pattern import pattern_of
from .source import MessageSource


class TextFinding(QObject):
    """Emits `failed(sentence)` when the session cannot be read."""

    failed = Signal(str)

    def __init__(self, source: MessageSource, log: MessageLog, parent: QWidget) -> None:
        super().__init__(parent)
        self._source = source
        self._log = log
        self._hit = 0
        self._wrapped = False
        self.bar = FindBar(parent)
        self.finder = MessageFinder(source, self)
        self.bar.search_edited.connect(self._on_search_edited)
        self.bar.step_wished.connect(self.step)
        self.bar.closed.connect(self.close)
        self.finder.found.connect(self._on_found)
        self.finder.missed.connect(self._on_missed)
        self.finder.progressed.connect(self._show_status)
        self.finder.failed.connect(self.failed)

    def open(self) -> None:
        """Show the bar."""
        self.bar.open_with()

    def close(self) -> None:
        """Hide the bar, mark nothing any more, stop looking."""
        self.finder.stop()
        self.bar.hide()
        self._hit = 0
        self._log.look.pattern = self._source.pattern
        self._log.table.viewport().update()
        self._log.setFocus()

    def step(self, backwards: bool = False) -> None:
        """Go to the next or the previous hit, from the one shown or from the rows in view."""
        if not self.bar.isVisible():
            self.open()
            return
        if self.finder.search_filter is None:
            self._on_search_edited()
            return
        start = self._hit or self._log.selection.current
        if start:
            start += -1 if backwards else 1
        else:
            rows = [row.message.id for row in self._log.model.rows if row.message.id]
            start = (rows[-1] if backwards else rows[0]) if rows else 1
        self._wrapped = False
        self.finder.look(start, backwards)

    def catch_up(self) -> None:
        """There are more messages now."""
        if self.bar.isVisible():
            self.finder.catch_up()

    def filter_changed(self) -> None:
        """Others pass the log's filter now: what is found must pass it too."""
        if self.bar.isVisible():
            self._begin()

    def pause(self, paused: bool) -> None:
        self.finder.work.pause(paused)

    def stop(self) -> None:
        self.finder.stop()

    def _begin(self) -> bool:
        """Take over what the bar asks for; False when there is nothing to look for."""
        self._hit = 0
        self._wrapped = False
        try:
            self.finder.search(self.bar.text, regex=self.bar.regex, case=self.bar.case)
        except ValueError as error:
            self.bar.show_fault(str(error))
            self.bar.show_status(tr("Not a regular expression"))
            return False
        self.bar.show_fault("")
        search = self.finder.search_filter
        self._log.look.pattern = pattern_of(search) or self._source.pattern
        self._log.table.viewport().update()
        self._show_status()
        return search is not None

    def _on_search_edited(self) -> None:
        if self._begin():
            # From what is in view on: while the text is typed, the page moves no further than due.
            rows = [row.message.id for row in self._log.model.rows if row.message.id]
            self.finder.look(self._log.selection.current or (rows[0] if rows else 1))

    def _on_found(self, message_id: int, wrapped: bool) -> None:
        self._hit = message_id
        self._wrapped = wrapped
        self._log.show_message(message_id)
        self._show_status()

    def _on_missed(self) -> None:
        self._hit = 0
        self._wrapped = False
        self.bar.show_status(tr("No hit"))

    def _show_status(self) -> None:
        finder = self.finder
        if finder.search_filter is None:
            self.bar.show_status("")
            return
        count = finder.count
        if finder.looking:
            text = tr("Searching…")
        elif count is None:
            text = tr("Found") if self._hit else ""
        elif self._hit:
            number = finder.number_of(self._hit)
            if number is None:
                text = trn("{count} hit so far", "{count} hits so far", count)
            else:
                text = tr("{number:,} of {count:,}", number=number, count=count)
        else:
            text = trn("{count} hit", "{count} hits", count) if count else tr("No hit")
        if not finder.looking and finder.progress < 1:
            percent = int(finder.progress * 100)
            text = tr("{hits}, {percent} % counted", hits=text, percent=percent)
        elif self._wrapped:
            text = tr("{hits}, from the other end", hits=text)
        self.bar.show_status(text)
