"""One line that a process wrote, as it is read back from a session."""

from __future__ import annotations

import msgspec

from .events import Stream

CONTINUES = 1  # the line goes on in this process's next message of the same stream
UNTERMINATED = 2  # the process ended, or paused for good, before it wrote the newline
REWRITTEN = 4  # earlier states of the line were overwritten by carriage returns


class Message(msgspec.Struct, frozen=True, gc=False):
    """`id` counts from 1 without gaps (0: a line that is still being written). `time_ns`: Unix
    time at which the supervisor read it. `raw`: the bytes, without the newline. `flags`: of
    CONTINUES, UNTERMINATED and REWRITTEN."""

    id: int
    time_ns: int
    process: int
    stream: Stream
    flags: int
    raw: bytes

    @property
    def text(self) -> str:
        """The line as text; bytes that are no UTF-8 are shown as backslash escapes."""
        return self.raw.decode("utf-8", "backslashreplace")
