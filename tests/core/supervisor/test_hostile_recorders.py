"""What a watched program may put into the run folder costs others nothing, and us only so much."""

from __future__ import annotations

import gc
import os
import struct
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from recorder_world import World
from recorder_writer import RecorderWriter

from spawnscope.core.observe import recorder_file
from spawnscope.core.observe.recorder_file import RecorderFile
from spawnscope.core.probe._spawnscope_probe import layout

LONGEST_SECONDS = 0.1  # of processor time, that a round takes before it ends with a recorder
ROUND_SECONDS = 0.3  # and with that one


@pytest.fixture(autouse=True)
def what_others_left_is_not_looked_through() -> Iterator[None]:
    """By the collector of garbage, while a round is measured."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@contextmanager
def no_longer_than(seconds: float) -> Iterator[None]:
    begin = time.thread_time()
    yield
    took = time.thread_time() - begin
    assert took < seconds, f"it took {took:.2f} s"


def all_objects(path: Path, pid: int) -> None:
    """A recorder that is nothing but definitions, of 200,000 objects."""
    entries = bytearray()
    for number in range(1, 200_001):
        text = layout.SEPARATOR.join((str(number), "Lock", f"l{number}", "1", "", "n", "0", "1"))
        data = text.encode()
        entries += struct.pack("=II", len(data), layout.OBJECT)
        entries += data.ljust((len(data) + 7) // 8 * 8, b"\0")
    header = [0] * layout.HEADER_WORDS
    for word, value in {
        layout.H_MAGIC: layout.MAGIC,
        layout.H_VERSION: layout.VERSION,
        layout.H_BYTES: layout.HEADER_BYTES + len(entries) + layout.RECORD_BYTES,
        layout.H_PID: pid,
        layout.H_BLOCKS_AT: layout.HEADER_BYTES,
        layout.H_DEFINITIONS_AT: layout.HEADER_BYTES,
        layout.H_DEFINITIONS: len(entries),
        layout.H_DEFINITIONS_END: len(entries),
        layout.H_RING_AT: layout.HEADER_BYTES + len(entries),
        layout.H_RING: 1,
    }.items():
        header[word] = value
    path.write_bytes(struct.pack(f"={len(header)}Q", *header) + entries + bytes(128))


class Honest:
    """A process that puts something into a queue now and then."""

    def __init__(self, world: World, number: int) -> None:
        self.record = world.process(number)
        self.file = world.recorder(self.record.pid, ring=256)
        self.queue, self.thread = self.file.object("Queue", f"q{number}"), self.file.thread()
        self.done = 0

    def put(self) -> None:
        self.file.record("put", self.queue, self.thread)
        self.done += 1

    def told(self, world: World) -> int:
        return [told[1] for told in world.journal.operations_told()].count(self.record.number)


def notes(world: World, record: object) -> list[str]:
    return [sentence for about, sentence in world.journal.of("note") if about is record]


def test_a_recorder_with_far_too_many_objects_is_left_alone(world: World) -> None:
    world.counts_time = True
    forger, honest = world.process(2), Honest(world, 3)
    all_objects(Path(world.recorders.folder, f"{forger.pid}-1.rec"), forger.pid)
    tracemalloc.start()
    try:
        for _ in range(5):
            honest.put()
            with no_longer_than(ROUND_SECONDS):
                world.round(0.05)
        with no_longer_than(ROUND_SECONDS):
            world.end(honest.record)
        assert tracemalloc.get_traced_memory()[1] < 20 << 20
    finally:
        tracemalloc.stop()
    assert honest.told(world) == honest.done
    (note,) = notes(world, forger)
    assert note.endswith("it is shorter than it says, or larger than a recorder is.")


def crowded(world: World, number: int) -> RecorderWriter:
    """As much as one recorder can hold, all of it new with each look."""
    file = world.recorder(
        world.process(number).pid, number, ring=4096, definitions=layout.LARGEST_DEFINITIONS
    )
    data = bytearray()
    for index in range(1, 5000):
        text = layout.SEPARATOR.join(
            (str(index), "Lock", f"{number}.{index}", "1", "", "", "0", "1")
        )
        padded = text.encode().ljust((len(text) + 7) // 8 * 8)
        data += struct.pack("=II", len(text), layout.OBJECT) + padded
    os.pwrite(file.descriptor, data, file.definitions_at)
    file.word(layout.H_DEFINITIONS_END * 8, len(data))
    return file


def churn(file: RecorderWriter, turn: int) -> None:
    """All records and counters are others."""
    first = turn * file.ring
    records = b"".join(
        struct.pack("=9Q", first + n + 1, 1, 2, 0, 1 << 32 | n + 1, turn * 5000 + n, n << 32, 0, n)
        + bytes(layout.RECORD_BYTES - 72)
        for n in range(file.ring)
    )
    os.pwrite(file.descriptor, records, file.ring_at)
    blocks = b"".join(
        struct.pack("=8Q", layout.COUNTER << 56 | 1 << 48 | n + 1, 2 * turn + 1, *(turn,) * 6)
        for n in range(file.blocks)
    )
    os.pwrite(file.descriptor, blocks, file.blocks_at)
    file.word(layout.H_BLOCKS_USED * 8, file.blocks)
    file.word(layout.H_WRITTEN * 8, first + file.ring)


def test_recorders_that_are_full_of_news_hold_nobody_up(world: World) -> None:
    world.counts_time = True
    honest = Honest(world, 2)
    full = [crowded(world, 3)]

    def spent(turn: int) -> float:
        for file in full:
            churn(file, turn)
        honest.put()
        begin = time.thread_time()
        world.round(0.05)
        return time.thread_time() - begin

    alone = max(spent(turn) for turn in range(3))  # on this machine, as busy as it is
    assert alone < ROUND_SECONDS
    full += [crowded(world, number) for number in range(4, 7)]
    assert max(spent(turn) for turn in range(3, 12)) < LONGEST_SECONDS + 2 * alone
    with no_longer_than(ROUND_SECONDS):
        world.end(honest.record)
    assert honest.told(world) == honest.done
    told = [told[1] for told in world.journal.operations_told()]
    assert all(told.count(number) for number in range(3, 7))


def test_a_recorder_gets_no_more_than_its_share(world: World) -> None:
    world.counts_time = True
    file = crowded(world, 2)
    spent = []
    for turn in range(40):  # 2 s
        churn(file, turn)
        begin = time.thread_time()
        world.round(0.05)
        spent.append(time.thread_time() - begin)
    assert sum(spent) < 0.2 * 2 + 0.2 + ROUND_SECONDS
    assert sum(took > 0.005 for took in spent) >= 5  # but it is read


def test_files_of_pids_that_are_nobodys_are_no_processes(world: World) -> None:
    honest = Honest(world, 2)
    world.workers[1] = honest.record
    folder = Path(world.recorders.folder)
    for number in range(5000):
        (folder / f"{11_000_000 + number}-{time.monotonic_ns()}.rec").touch()
    for _ in range(250):
        honest.put()
        with no_longer_than(ROUND_SECONDS):
            world.round(0.05)
    assert list(world.records) == [honest.record.pid]
    assert honest.told(world) == honest.done
    assert [path.name for path in folder.glob("*.rec")] == [honest.file.path.name]
    (note,) = notes(world, honest.record)
    assert note.startswith(f"Files in {folder} that belong to no process of this session")


@pytest.mark.parametrize("heard", [False, True])
def test_only_so_many_processes_are_believed_to_have_lived(world: World, heard: bool) -> None:
    world.recorders.strangers.all_forks_heard = heard
    world.workers[1] = worker = world.process(2)
    for number in range(3, 303):
        world.recorder(10_000_000 + number, time.monotonic_ns())
    world.recorder(10_000_999, 1)  # from before the session
    world.recorder(10_000_998, time.monotonic_ns() + 10**12)  # not yet
    world.round(0.05)
    known = [world.round(0.1) or len(world.records) for _ in range(20)]
    assert known[0] == 1  # they may be about to be found
    if heard:
        assert known[-1] == 1
    else:
        assert known[5] <= 1 + 50 + 50
        assert 50 < known[-1] <= 1 + 50 + 100
    world.end(worker)


def test_a_process_begins_only_so_many_recorders(world: World) -> None:
    record = world.process(2)
    for number in range(1, 150):
        world.recorder(record.pid, number)
    descriptors = len(os.listdir("/proc/self/fd"))
    world.round()
    assert len(os.listdir("/proc/self/fd")) == descriptors + 1
    world.round()
    assert notes(world, record) == ["Not instrumented: it has begun more than 100 recorders."]
    world.end(record)


def test_what_one_says_of_itself_fits_into_an_event(world: World) -> None:
    record = world.process(2)
    file = world.recorder(record.pid, definitions=layout.LARGEST_DEFINITIONS)
    queue = file.object()
    for number in range(80):
        thread = file.thread(f"{number}" + "x" * 2000)
        file.frame(thread, 0, "get", queue)
    world.round()
    doing = world.journal.of("doing")[-1].doing
    assert 0 < sum(len(one.thread) + len(one.site) for one in doing) < 8000
    assert 0 < len(world.journal.of("object_state")[-1].waiters) < 80


def test_definitions_come_in_pieces_and_records_wait_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder_file, "_MOST_DEFINED", 1000)
    writer = RecorderWriter(tmp_path)
    for number in range(100):
        writer.object("Lock", f"l{number}")
    writer.record("acquire", 100)
    reader = RecorderFile(str(writer.path), writer.pid)
    try:
        objects, readings = [], 0
        while len(objects) < 100:
            reading = reader.read(0.0, whole=readings % 2 == 0)
            assert 0 < len(reading.objects) < 35
            objects += reading.objects
            readings += 1
            assert bool(reading.records) == (len(objects) == 100)
        assert [one.number for one in objects] == list(range(1, 101))
        for number in range(100):
            writer.object("Lock", f"m{number}")
        assert len(reader.read(0.0, final=True).objects) == 100
    finally:
        reader.close()
        writer.close()
