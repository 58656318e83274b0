"""Sessions for these tests: made call by call, beside a plain list of what must come back."""

from __future__ import annotations

import contextlib
import itertools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import strategies as st

from spawnscope.core.session import message_block, message_query, signature, writer
from spawnscope.core.session.reader import SessionReader
from spawnscope.core.session.writer import SessionWriter
from spawnscope.core.vocabulary.events import (
    ProcessChanged,
    ProcessExited,
    ProcessStarted,
    Role,
    Sample,
    Stream,
)
from spawnscope.core.vocabulary.message import Message


@dataclass
class Written:
    """A session being written, and the messages that it must hold."""

    path: str
    writer: SessionWriter
    messages: list[Message] = field(default_factory=list)

    def say(
        self,
        *lines: bytes,
        process: int = 1,
        stream: Stream = Stream.STDOUT,
        time_ns: int = 1,
        flags: int = 0,
    ) -> None:
        """Write some lines of one process."""
        self.writer.messages(process, stream, b"\n".join(lines), len(lines), time_ns, flags)
        for line in lines:
            number = len(self.messages) + 1
            self.messages.append(Message(number, time_ns, process, stream, flags, line))

    def reader(self) -> AbstractContextManager[SessionReader]:
        """A reader of what was flushed."""
        return contextlib.closing(SessionReader(self.path))


Session = Callable[[], AbstractContextManager[Written]]


@contextlib.contextmanager
def _session(folder: Path, names: Iterator[str]) -> Iterator[Written]:
    path = str(folder / next(names))
    session = Written(path, SessionWriter(path, about={"title": "a test"}))
    try:
        yield session
    finally:
        with contextlib.suppress(Exception):
            session.writer.close()


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Written]:
    """One session, closed at the end."""
    with _session(tmp_path, iter(["session"])) as written:
        yield written


@pytest.fixture(scope="session")
def new_session() -> Iterator[Session]:
    """Any number of sessions, for tests that hypothesis drives."""
    with tempfile.TemporaryDirectory() as folder:
        names = (f"session-{number}" for number in itertools.count())
        yield lambda: _session(Path(folder), names)


@contextlib.contextmanager
def _tiny_blocks() -> Iterator[None]:
    with (
        mock.patch.object(message_block, "BLOCK_BYTES", 64),
        mock.patch.object(message_block, "MAX_RUNS", 6),
        mock.patch.object(writer, "BLOCK_BYTES", 64),
        mock.patch.object(writer, "_CROWDED", 96),
        mock.patch.object(message_query, "BLOCK_BYTES", 64),
        mock.patch.object(message_query, "_REMEMBERED", 2),
        mock.patch.object(message_query, "_HEADS", 3),
        mock.patch.object(message_query, "_HEADS_WITH_BITS", 3),
        mock.patch.object(signature, "_MIN_BODY", 0),
    ):
        yield


@pytest.fixture(scope="session")
def tiny_blocks() -> Callable[[], AbstractContextManager[None]]:
    """Blocks of 64 bytes, all with signatures, so that a few lines fill several."""
    return _tiny_blocks


@dataclass(frozen=True)
class Call:
    """One call of `SessionWriter.messages`, and whether a flush follows."""

    process: int
    stream: Stream
    lines: tuple[bytes, ...]
    time_ns: int
    flags: int
    flush: bool


def _calls(line: st.SearchStrategy[bytes]) -> st.SearchStrategy[list[Call]]:
    call = st.builds(
        Call,
        process=st.integers(1, 3),
        stream=st.sampled_from(Stream),
        lines=st.lists(line, min_size=1, max_size=5).map(tuple),
        time_ns=st.integers(1, 3),
        flags=st.sampled_from([0, 0, 1, 2, 4]),
        flush=st.booleans(),
    )
    return st.lists(call, max_size=40)


@pytest.fixture(scope="session")
def any_calls() -> st.SearchStrategy[list[Call]]:
    """Calls with any bytes."""
    return _calls(st.binary(max_size=60).map(lambda raw: raw.replace(b"\n", b"")))


@pytest.fixture(scope="session")
def wordy_calls() -> st.SearchStrategy[list[Call]]:
    """Calls with a few words in all their spellings, so that searches often hit."""
    words = ["Error", "error", "zebra-unicorn", "ZEBRA", " ", "a", "b1", "22", "é", "É", "ß", "."]
    text = st.lists(st.sampled_from(words), max_size=6).map("".join).map(str.encode)
    return _calls(text | st.sampled_from([b"\xff\xfeerror", b"a\x00b"]))


@dataclass
class Events:
    """Makes events with what a test doesn't care for filled in."""

    def started(
        self,
        process: int,
        time_ns: int = 0,
        parent: int | None = None,
        name: str = "python",
        cmdline: tuple[str, ...] = ("python", "app.py"),
    ) -> ProcessStarted:
        return ProcessStarted(
            process=process,
            pid=1000 + process,
            start_ticks=5,
            time_ns=time_ns,
            parent=parent,
            ppid=1,
            worker=1,
            name=name,
            role=Role.WORKER,
            start_method="fork",
            cmdline=cmdline,
        )

    def changed(self, process: int, time_ns: int = 0, name: str = "sh") -> ProcessChanged:
        return ProcessChanged(
            process=process,
            time_ns=time_ns,
            ppid=7,
            name=name,
            role=Role.CHILD,
            start_method=None,
            cmdline=(name,),
        )

    def exited(self, process: int, time_ns: int = 0) -> ProcessExited:
        return ProcessExited(process, 1000 + process, time_ns, None, "SIGKILL", "killed by SIGKILL")

    def sample(self, process: int, time_ns: int, rss_bytes: int = 4096) -> Sample:
        return Sample(process, 1000 + process, time_ns, 12.5, rss_bytes, 2, 9, "running")


@pytest.fixture(scope="session")
def events() -> Events:
    return Events()
