"""Which messages are selected: a range of ids between where it began and where it ends.

Ids and not positions, so that the selection stays with its messages while others arrive and while
the filter changes. A line still being written has no id; it can be selected alone, by its writer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spawnscope.core.vocabulary.message import Message


class MessageSelection:
    """`anchor` is where the selection began, `current` where it ends and where the keyboard is;
    both are ids, 0 for none."""

    def __init__(self) -> None:
        self.anchor = 0
        self.current = 0
        self._writer: tuple[int, int] | None = None

    def clear(self) -> None:
        self.anchor = self.current = 0
        self._writer = None

    def choose(self, message: Message) -> None:
        """Select this message alone."""
        self.anchor = self.current = message.id
        self._writer = None if message.id else (message.process, message.stream)

    def extend(self, message_id: int) -> None:
        """Select from where the selection began to this message."""
        self._writer = None
        self.current = message_id
        self.anchor = self.anchor or message_id

    def choose_range(self, anchor: int, current: int) -> None:
        """Select from one message to another."""
        self.anchor, self.current, self._writer = anchor, current, None

    @property
    def first(self) -> int:
        """The lowest id selected; 0 for none."""
        return min(self.anchor, self.current)

    @property
    def last(self) -> int:
        """The highest id selected; 0 for none."""
        return max(self.anchor, self.current)

    def __bool__(self) -> bool:
        return self.current != 0 or self._writer is not None

    def __contains__(self, message: Message) -> bool:
        if message.id:
            return self.current != 0 and self.first <= message.id <= self.last
        return self._writer == (message.process, message.stream)

    def is_current(self, message: Message) -> bool:
        """Whether the keyboard is at this message."""
        return message.id == self.current if message.id else message in self
