"""A section of the list: a header that folds it, and its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from .entry import Entry
from .row import LaunchRow
from .section_header import SectionHeader


class LaunchSection(QWidget):
    """Keeps its rows, and with them focus and pointer, when entries change. `empty` makes what is
    shown when there are none (else the whole section hides). Emits
    `row_added(row)`, `row_removed(row)` and `folded(bool)` when the user folds or unfolds it."""

    row_added = Signal(object)
    row_removed = Signal(object)
    folded = Signal(bool)

    def __init__(self, title: str, empty: Callable[[], QWidget] | None = None) -> None:
        super().__init__()
        self.rows: list[LaunchRow] = []
        self._make_empty = empty
        self._empty: QWidget | None = None
        self._pattern: list[str] = []
        self._loaded = False
        self._enabled_to_launch = True
        self._header = SectionHeader(title)
        self._header.toggled.connect(self._on_toggled)
        self._body = QWidget()
        self._rows = QVBoxLayout(self._body)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._header)
        layout.addWidget(self._body)

    @property
    def open(self) -> bool:
        """Whether the rows are shown."""
        return self._header.isChecked()

    def set_open(self, open_: bool) -> None:
        """Show or fold the rows."""
        self._header.setChecked(open_)

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Show these, in this order. Rows of entries that stay, stay."""
        self._loaded = True
        before = {row.entry.key: row for row in self.rows}
        wanted = {entry.key for entry in entries}
        for key, row in before.items():
            if key not in wanted:
                self.rows.remove(row)
                self._rows.removeWidget(row)
                self.row_removed.emit(row)
                row.hide()
                row.deleteLater()
        after = []
        for position, entry in enumerate(entries):
            known = before.get(entry.key)
            row = known or LaunchRow(entry, self._body)
            if known is None:
                row.set_enabled_to_launch(self._enabled_to_launch)
                self._rows.insertWidget(position, row)
                self.row_added.emit(row)
            else:
                if row.entry != entry:
                    row.set_entry(entry)
                if self._rows.indexOf(row) != position:
                    self._rows.removeWidget(row)
                    self._rows.insertWidget(position, row)
            after.append(row)
        self.rows = after
        self._refresh()

    def set_pattern(self, words: list[str]) -> None:
        """Show only the rows that hold all `words` (in lower case) in title or summary."""
        self._pattern = words
        self._refresh()

    def set_running(self, counts: Mapping[str, int]) -> None:
        """How many workers run, by the title of their spec."""
        for row in self.rows:
            row.set_running(counts.get(row.entry.title, 0))

    def set_enabled_to_launch(self, enabled: bool) -> None:
        """Whether anything can be started now."""
        self._enabled_to_launch = enabled
        for row in self.rows:
            row.set_enabled_to_launch(enabled)

    def visible_rows(self) -> list[LaunchRow]:
        """The rows that the keyboard reaches, from top to bottom."""
        return [row for row in self.rows if not row.isHidden()] if self.open else []

    def _refresh(self) -> None:
        shown = 0
        for row in self.rows:
            text = f"{row.entry.title}\n{row.entry.summary}".lower()
            hit = all(word in text for word in self._pattern)
            row.setVisible(hit)
            shown += hit
        empty = self._loaded and not self.rows and not self._pattern
        if empty and self._empty is None and self._make_empty is not None:
            self._empty = self._make_empty()
            self._rows.addWidget(self._empty)
        if self._empty is not None:
            self._empty.setVisible(empty)
        self._header.set_count(str(shown) if self._loaded and self.rows else "")
        missing = self._loaded and not shown and (bool(self._pattern) or self._make_empty is None)
        self.setVisible(not missing)

    def _on_toggled(self, open_: bool) -> None:
        self._body.setVisible(open_)
        self.folded.emit(not open_)
