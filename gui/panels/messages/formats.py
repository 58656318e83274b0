"""The forms in which messages leave the window: the clipboard and files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from spawnscope.core.translation import tr
from spawnscope.core.vocabulary.message import CONTINUES

from ...kit.text.clock import Clock
from ...kit.text.line import plain_text

if TYPE_CHECKING:
    from spawnscope.core.vocabulary.message import Message

Describe = Callable[[int], tuple[str, int | None]]  # process number -> (name, pid)


class MessageFormat:
    """One form. An instance writes one text, from its beginning to its end."""

    title = ""
    suffix = ""

    def __init__(self, describe: Describe) -> None:
        self._describe = describe

    def written(self, messages: Sequence[Message]) -> str:
        """These messages, which follow those of the call before."""
        raise NotImplementedError

    def end(self) -> str:
        """What closes the text."""
        return ""


class TextFormat(MessageFormat):
    """The lines as they were written, without colours. Pieces of a long line are joined."""

    title = tr("Text")
    suffix = ".txt"

    def __init__(self, describe: Describe) -> None:
        super().__init__(describe)
        self._unfinished: tuple[int, int] | None = None
        self._begun = False

    def written(self, messages: Sequence[Message]) -> str:
        parts = []
        for message in messages:
            writer = (message.process, int(message.stream))
            if self._begun and writer != self._unfinished:
                parts.append("\n")
            self._begun = True
            self._unfinished = writer if message.flags & CONTINUES else None
            parts.append(plain_text(message.raw))
        return "".join(parts)

    def end(self) -> str:
        return "\n" if self._begun else ""


class LogFormat(MessageFormat):
    """Each message on a line of its own, after its time, process and stream."""

    title = tr("Text with time and process")
    suffix = ".log"

    def written(self, messages: Sequence[Message]) -> str:
        parts = []
        for message in messages:
            name, pid = self._describe(message.process)
            who = name if pid is None else f"{name}({pid})"
            time_text = Clock.exact(message.time_ns)
            text = plain_text(message.raw)
            parts.append(f"{time_text}  {who}  {message.stream.label}  {text}\n")
        return "".join(parts)


class JsonLinesFormat(MessageFormat):
    """One JSON object a line, as `export --format jsonl` writes it."""

    title = tr("JSON lines")
    suffix = ".jsonl"

    def written(self, messages: Sequence[Message]) -> str:
        import msgspec

        from spawnscope.core.export.jsonl_events import message_events

        encode = msgspec.json.encode
        return "".join(
            f"{encode(event).decode()}\n"
            for each in messages
            for event in message_events(
                [each.raw], each.time_ns, each.process, self._describe(each.process)[1],
                each.stream, each.flags,
            )
        )  # fmt: skip


FILE_FORMATS: tuple[type[MessageFormat], ...] = (LogFormat, TextFormat, JsonLinesFormat)
