"""Writes recorders as a probe does, from plain calls, for tests that read them."""

from __future__ import annotations

import os
import struct
from pathlib import Path

from spawnscope.core.probe._spawnscope_probe import layout


class RecorderWriter:
    """One recorder, made at once. Sequence numbers, texts and objects number themselves."""

    def __init__(
        self,
        folder: Path,
        pid: int | None = None,
        created_ns: int = 1,
        ring: int = 64,
        definitions: int = 64 * 1024,
    ) -> None:
        self.pid = os.getpid() if pid is None else pid
        self.path = folder / f"{self.pid}-{created_ns}.rec"
        self.ring = ring
        self.blocks_at, self.blocks = layout.HEADER_BYTES, 256
        self.definitions_at = self.blocks_at + self.blocks * layout.BLOCK_BYTES
        self.definitions = definitions
        self.ring_at = self.definitions_at + self.definitions
        self.size = self.ring_at + ring * layout.RECORD_BYTES
        self.descriptor = os.open(self.path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        os.ftruncate(self.descriptor, self.size)
        self.written = 0
        self._texts: dict[str, int] = {"": 0}
        self._objects = 0
        self._end = 0
        self._used = 0
        self._counters: dict[tuple[int, int, int], int] = {}
        for word, value in {
            layout.H_MAGIC: layout.MAGIC,
            layout.H_VERSION: layout.VERSION,
            layout.H_BYTES: self.size,
            layout.H_PID: self.pid,
            layout.H_CREATED_NS: created_ns,
            layout.H_STATE: layout.RECORDING,
            layout.H_BLOCKS_AT: self.blocks_at,
            layout.H_BLOCKS: self.blocks,
            layout.H_DEFINITIONS_AT: self.definitions_at,
            layout.H_DEFINITIONS: self.definitions,
            layout.H_RING_AT: self.ring_at,
            layout.H_RING: ring,
        }.items():
            self.word(word * 8, value)

    def close(self) -> None:
        os.close(self.descriptor)

    def word(self, at: int, value: int) -> None:
        os.pwrite(self.descriptor, struct.pack("=Q", value), at)

    def text(self, text: str) -> int:
        if text not in self._texts:
            self._entry(layout.TEXT, text)
            self._texts[text] = len(self._texts)
        return self._texts[text]

    def object(
        self,
        kind: str = "Queue",
        identity: str = "one",
        created: bool = True,
        site: str = "",
        hint: str = "jobs",
        capacity: int = 0,
        time_ns: int = 5,
    ) -> int:
        self._objects += 1
        fields = (self._objects, kind, identity, int(created), site, hint, capacity, time_ns)
        self._entry(layout.OBJECT, layout.SEPARATOR.join(map(str, fields)))
        return self._objects

    def part(self, identity: str, owner: str) -> None:
        """What is known by `identity` is a part of the object `owner`."""
        self._entry(layout.PART, identity + layout.SEPARATOR + owner)

    def thread(self, name: str = "MainThread") -> int:
        number = self._blocks(layout.THREAD_BLOCKS)
        self.word(self.block_at(number), layout.THREAD << 56 | self.text(name))
        return number

    def frame(
        self, thread: int, index: int, operation: str, number: int = 0, since: int = 7
    ) -> None:
        at = self.block_at(thread) + (layout.FRAMES_AT + index * layout.FRAME_WORDS) * 8
        self.word(at + 8, since)
        self.word(at + 16, self.text("app.py:3") << 32)
        self.word(at, layout.CODE[operation] << 32 | number)

    def count(self, thread: int, operation: str, number: int, **words: int) -> None:
        """Set words of a counter: count, waited_ns, waits, bytes, timeouts, errors; `within`: 1
        while the thread is in one more."""
        key = (thread, layout.CODE[operation], number)
        if key not in self._counters:
            self._counters[key] = self._blocks(1)
            first = layout.COUNTER << 56 | key[1] << 48 | thread << 32 | number
            self.word(self.block_at(self._counters[key]), first)
        names = ["count", "waited_ns", "waits", "bytes", "timeouts", "errors"]
        within = words.pop("within", 0)
        if "count" in words:
            words["count"] = 2 * words["count"] + within
        for name, value in words.items():
            self.word(self.block_at(self._counters[key]) + 8 * (1 + names.index(name)), value)

    def record(
        self,
        operation: str = "put",
        number: int = 1,
        thread: int = 1,
        start: int = 10,
        end: int = 20,
        size: int | None = None,
        preview: bytes = b"",
        flags: int = 0,
        outcome: int = 0,
        argument: int = 0,
        commit: bool = True,
    ) -> int:
        """Write one; returns its sequence number."""
        sequence, at = self.written, self.record_at(self.written)
        self.word(at, 0)
        data = struct.pack(
            "=9Q",
            start,
            end,
            0,
            layout.CODE[operation] << 32 | number,
            outcome << 48 | flags << 32 | thread,
            self.text("app.py:7") << 32,
            0 if size is None else size + 1,
            argument,
            len(preview),
        )
        os.pwrite(self.descriptor, data + preview, at + 8)
        if commit:
            self.word(at, sequence + 1)
        self.written += 1
        self.word(layout.H_WRITTEN * 8, self.written)
        return sequence

    def block_at(self, number: int) -> int:
        return self.blocks_at + (number - 1) * layout.BLOCK_BYTES

    def record_at(self, sequence: int) -> int:
        return self.ring_at + sequence % self.ring * layout.RECORD_BYTES

    def _blocks(self, count: int) -> int:
        number = self._used + 1
        self._used += count
        self.word(layout.H_BLOCKS_USED * 8, self._used)
        return number

    def _entry(self, kind: int, text: str) -> None:
        data = text.encode()
        at = self.definitions_at + self._end
        os.pwrite(self.descriptor, struct.pack("=II", len(data), kind) + data, at)
        self._end += 8 + (len(data) + 7) // 8 * 8
        self.word(layout.H_DEFINITIONS_END * 8, self._end)
