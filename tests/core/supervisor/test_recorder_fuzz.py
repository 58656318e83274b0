"""Rounds of reading go on whatever is in the run folder, and cost only so much."""

from __future__ import annotations

import contextlib
import os
import resource
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recorder_world import World
from recorder_writer import RecorderWriter

from spawnscope.core.probe._spawnscope_probe import layout

ROUNDS = 4
WORDS = st.sampled_from(
    [0, 1, 2, 3, 7, 2**16, 2**20, 2**31, 2**32 - 1, 2**40, 2**61, 2**62, 2**63, 2**64 - 1]
) | st.integers(0, 2**64 - 1)  # fmt: skip
HEADER_WORDS = st.integers(0, layout.HEADER_WORDS - 1)
PLACES = st.sampled_from(["header", "blocks", "definitions", "ring"])
TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)
CHANGES = st.one_of(
    st.tuples(st.just("header"), HEADER_WORDS, WORDS),
    st.tuples(st.just("word"), PLACES, st.integers(0, 300), WORDS),
    st.tuples(st.just("bytes"), PLACES, st.integers(0, 3000), st.binary(max_size=300)),
    st.tuples(st.just("cut"), st.integers(0, 100_000)),
    st.tuples(st.just("huge"), st.sampled_from([1 << 20, 1 << 24, 1 << 26])),
    st.tuples(st.just("text"), TEXTS),
    st.tuples(st.just("object"), st.sampled_from(["Queue", "Process", "Pipe", ""]), TEXTS, TEXTS),
    st.tuples(st.just("record"), st.integers(0, 40), st.integers(0, 40), st.booleans()),
    st.tuples(st.just("count"), st.integers(0, 9), st.integers(0, 40), WORDS),
    st.tuples(st.just("remove")),
)
ENTRIES = st.tuples(
    st.sampled_from(["file", "folder", "link", "pipe", "copy"]),
    st.sampled_from([0, 1, 10_000_002, 10_000_003, 10_000_009, 2**31, 10**10]),
    st.integers(0, 10**19),
    st.sampled_from(["rec", "skipped", "fault", "stack", "rec.new"]),
    st.binary(max_size=100),
)


def change(file: RecorderWriter, kind: str, *what: object) -> None:
    """Do something to a recorder that a process may do."""
    match kind, *what:
        case "header", int(word), int(value):
            file.word(word * 8, value)
        case "word", str(part), int(index), int(value):
            file.word(_begin(file, part) + index * 8, value)
        case "bytes", str(part), int(at), bytes(data):
            os.pwrite(file.descriptor, data, _begin(file, part) + at)
        case "cut", int(size):
            os.ftruncate(file.descriptor, size)
        case "huge", int(size):  # all of it definitions, or so it says
            os.ftruncate(file.descriptor, 4 * size)
            file.word(layout.H_BYTES * 8, 4 * size)
            file.word(layout.H_DEFINITIONS * 8, size)
            file.word(layout.H_DEFINITIONS_END * 8, size)
        case "text", str(text):
            file.text(text)
        case "object", str(type_name), str(identity), str(hint):
            named = (
                f"process:1:{10_000_000 + len(identity)}" if type_name == "Process" else identity
            )
            file.object(type_name, named, bool(hint), f"{__file__}:{len(hint)}", hint)
        case "record", int(number), int(thread), bool(commit):
            file.record("start" if thread % 2 else "put", number, thread, commit=commit)
        case "count", int(thread), int(number), int(value):
            file.count(thread, "acquire", number, count=value >> 1)
        case _:
            with contextlib.suppress(FileNotFoundError):
                file.path.unlink()


def _begin(file: RecorderWriter, part: str) -> int:
    begins = {"blocks": file.blocks_at, "definitions": file.definitions_at, "ring": file.ring_at}
    return begins.get(part, 0)


def enter(folder: Path, forged: RecorderWriter, entry: tuple[str, int, int, str, bytes]) -> None:
    """Put something into the run folder that a process may put there."""
    kind, pid, created_ns, suffix, data = entry
    path = folder / f"{pid}-{created_ns}.{suffix}"
    if os.path.lexists(path):
        return
    match kind:
        case "folder":
            path.mkdir()
        case "link":
            path.symlink_to("/dev/zero")
        case "pipe":
            os.mkfifo(path)
        case "copy":
            path.write_bytes(os.pread(forged.descriptor, 200_000, 0))
        case _:
            path.write_bytes(data)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    turns=st.lists(
        st.tuples(st.lists(CHANGES, max_size=12), st.lists(ENTRIES, max_size=3)),
        min_size=ROUNDS,
        max_size=ROUNDS,
    ),
    heard=st.booleans(),
)
def test_no_round_fails_and_others_are_read_on(
    turns: list[tuple[list[tuple[object, ...]], list[tuple[str, int, int, str, bytes]]]],
    heard: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        world = World(patch, tmp_path_factory.mktemp("fuzz"))
        world.recorders.strangers.all_forks_heard = heard
        try:
            _play(world, turns)
        finally:
            for file in world.files:
                file.close()
            world.recorders.close()
        assert not os.path.exists(world.recorders.folder)


def _play(
    world: World,
    turns: list[tuple[list[tuple[object, ...]], list[tuple[str, int, int, str, bytes]]]],
) -> None:
    honest, forger = world.process(2), world.process(3)
    world.workers[1] = honest
    file, forged = world.recorder(honest.pid), world.recorder(forger.pid, ring=16)
    queue, thread = file.object("Queue", "q"), file.thread()
    forged.object("Queue", "q", created=False)
    forged.thread()
    begin, most = time.thread_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number, (changes, entries) in enumerate(turns, 1):
        for kind, *what in changes:
            change(forged, str(kind), *what)
        for entry in entries:
            enter(Path(world.recorders.folder), forged, entry)
        file.record("put", queue, thread)
        file.count(thread, "put", queue, count=number)
        world.round()  # it raises what a supervisor would only tell
        assert honest_rows(world) == number
    assert world.end(forger)
    world.end(honest)
    world.round()
    assert honest_rows(world) == len(turns)
    assert world.journal.of("problem") == []
    assert set(world.records) == {honest.pid, forger.pid}
    assert time.thread_time() - begin < 1.5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - most < 40 << 10


def honest_rows(world: World) -> int:
    """How many operations were told of the process that does nothing bad."""
    return [told[:2] for told in world.journal.operations_told()].count(("put", 2))
