"""However pieces come together in one read, what becomes of them is what each by itself makes."""

from __future__ import annotations

from collections import deque
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from spawnscope.core.supervisor.line_assembler import LineAssembler, Lines
from spawnscope.core.supervisor.output_streams import OutputHub
from spawnscope.core.supervisor.stream_reading import StreamReading
from spawnscope.core.vocabulary.events import Stream

PIECES = st.tuples(
    st.sampled_from([11, 12, 13]),
    st.sampled_from(
        [b"a\n"] * 6 + [b"b\nc\n", b"\n", b"begun", b"rest\n", b"\r5 %", b"x\r\n", b"\r"]
    ),
)
BATCHES = st.lists(st.lists(PIECES, min_size=1, max_size=6), max_size=12)


class Record(SimpleNamespace):
    """Stands for a ProcessRecord."""

    __hash__ = object.__hash__


class Scripted:
    """Stands for a Source: each read gives the next batch."""

    stream, descriptor, more, at_end, names_writers = Stream.STDOUT, 99, False, False, True

    def __init__(self, batches: list[list[tuple[int, bytes]]]) -> None:
        self.batches = deque(batches)
        self.pieces: deque[tuple[int, bytes]] = deque()

    def read(self, reader: object) -> int:
        batch = self.batches.popleft() if self.batches else []
        self.pieces.extend(batch)
        return sum(len(data) for _, data in batch)

    def waiting_bytes(self) -> int:
        return 0


class Passed:
    """Stands for a Passthrough."""

    congested = False

    def __init__(self) -> None:
        self.data: list[bytes] = []

    def write(self, writer: int, data: bytes) -> None:
        self.data.append(data)

    def write_lines(self, data: bytes) -> None:
        self.data.append(data)

    def send(self) -> None:
        pass


@given(BATCHES)
def test_pieces_that_come_together_are_taken_in_as_if_they_came_one_by_one(
    batches: list[list[tuple[int, bytes]]],
) -> None:
    records: dict[int, Any] = {
        pid: Record(pid=pid, number=pid - 10, ended=False, worker=1) for pid in (11, 12, 13)
    }
    found: list[tuple[int, bytes, int]] = []

    def take(record: Any, stream: Stream, lines: Lines) -> None:
        found.extend((record.number, text, lines.flags) for text in lines.body.split(b"\n"))

    def take_mixed(numbers: list[int], counts: list[int], stream: Stream, body: bytes) -> None:
        texts = iter(body.split(b"\n"))
        for number, count in zip(numbers, counts, strict=True):
            found.extend((number, next(texts), 0) for _ in range(count))
        assert next(texts, None) is None

    loop: Any = SimpleNamespace(call_later=None, watch=None, unwatch=None)
    hub = OutputHub(
        loop, lambda pid, worker: records[pid], take, lambda record, stream, assembler: None,
        take_mixed,
    )  # fmt: skip
    passed: Any = Passed()
    hub._passthrough[Stream.STDOUT] = passed
    source: Any = Scripted(batches)
    reading = StreamReading(loop, source, records[11], hub._take_turn)
    for _ in batches:
        hub._take_turn(reading)
    for record in records.values():
        hub.settle(record)

    expected: list[tuple[int, bytes, int]] = []
    assemblers = {pid: LineAssembler() for pid in records}

    def note(pid: int, some: list[Lines]) -> None:
        expected.extend((pid - 10, t, each.flags) for each in some for t in each.body.split(b"\n"))

    pieces = [piece for batch in batches for piece in batch]
    for pid, data in pieces:
        note(pid, assemblers[pid].feed(data))
    for pid, assembler in assemblers.items():
        note(pid, assembler.finish())
    assert found == expected
    assert b"".join(passed.data) == b"".join(data for _, data in pieces)
