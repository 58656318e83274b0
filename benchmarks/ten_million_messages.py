"""Ten million messages in one session: write, open, jump, search.

    python benchmarks/ten_million_messages.py [--messages N] [--keep PATH]

Each figure stands beside the bare minimum, measured in the same run: a table with a row a message
(on a sample of 200,000), and reading the file from end to end.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    # The checkout is imported as the package `spawnscope`, whatever its folder is called.
    _alias = tempfile.TemporaryDirectory()
    os.symlink(ROOT, os.path.join(_alias.name, "spawnscope"))
    sys.path[0] = _alias.name

from spawnscope.core.session.message_query import MessageFilter, MessageQuery, find  # noqa: E402
from spawnscope.core.session.reader import SessionReader  # noqa: E402
from spawnscope.core.session.writer import SessionWriter  # noqa: E402
from spawnscope.core.vocabulary.events import Stream  # noqa: E402

PROCESSES = 6
SAMPLE = 200_000  # messages of the bare table
POOL = 150_000  # different lines before they repeat
PIECE = 25  # lines a read of the supervisor brings
FLUSH = 5_000  # lines between two flushes: 50 ms of 100,000 lines a second
LAST = b"2024-06-01 12:00:00,000 CRITICAL etl.writer: Zebra-Unicorn 7f3a is gone"


def log_lines(count: int) -> list[bytes]:
    """Lines as programs write them, of about 60 bytes."""
    chance = random.Random(1)
    levels = ("INFO", "INFO", "INFO", "DEBUG", "WARNING", "ERROR")
    places = ("worker.pool", "etl.reader", "etl.writer", "http.client", "cache.store")
    verbs = ("fetched", "parsed", "stored", "indexed", "merged", "skipped", "retried")
    lines = []
    for number in range(count):
        kind, place, verb = chance.random(), chance.choice(places), chance.choice(verbs)
        if kind < 0.6:
            seconds = number // 100
            stamp = (
                f"2024-05-31 {seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
            )
            line = (
                f"{stamp},{chance.randrange(1000):03} {chance.choice(levels)} {place}: "
                f"{verb} item {chance.randrange(10**7)}"
            )
        elif kind < 0.85:
            key = chance.getrandbits(48)
            line = f"[{place}] {verb} key={key:012x} in {chance.random() * 100:.2f} ms"
        else:
            line = f"progress: {verb} {number} of {count} rows of part {chance.randrange(9)}"
        lines.append(line.encode())
    return lines


def pieces(lines: list[bytes], count: int) -> Iterator[tuple[int, bytes]]:
    """(lines, body) as the supervisor would get them, `count` lines in all but one."""
    bodies = [b"\n".join(lines[i : i + PIECE]) for i in range(0, len(lines), PIECE)]
    for number in range(count // PIECE):
        yield PIECE, bodies[number % len(bodies)]


def write(path: str, lines: list[bytes], count: int) -> float:
    """Seconds of writing a session with `count` messages."""
    begin = time.perf_counter()
    writer = SessionWriter(path, about={"made by": "benchmark"})
    since_flush = 0
    for number, (amount, body) in enumerate(pieces(lines, count - 1)):
        process = number % PROCESSES + 1
        stream = Stream.STDERR if number % 10 == 0 else Stream.STDOUT
        writer.messages(process, stream, body, amount, 1_700_000_000_000_000_000 + number)
        since_flush += amount
        if since_flush >= FLUSH:
            writer.flush()
            since_flush = 0
    writer.messages(1, Stream.STDOUT, LAST, 1, 1_800_000_000_000_000_000)
    writer.close()
    return time.perf_counter() - begin


def bare_table(path: str, lines: list[bytes], count: int) -> tuple[float, float]:
    """Seconds of writing `count` messages a row each, and of a LIKE that finds none."""
    begin = time.perf_counter()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute(
        "CREATE TABLE message (id INTEGER PRIMARY KEY, process, stream, time_ns, text)"
    )
    rows = [(None, i % PROCESSES, 1, i, lines[i % len(lines)].decode()) for i in range(count)]
    for start in range(0, count, FLUSH):
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT INTO message VALUES (?, ?, ?, ?, ?)", rows[start : start + FLUSH]
        )
        connection.execute("COMMIT")
    written = time.perf_counter() - begin
    begin = time.perf_counter()
    connection.execute("SELECT id FROM message WHERE text LIKE '%zebra-unicorn%'").fetchall()
    scanned = time.perf_counter() - begin
    connection.close()
    return written, scanned


def read_through(path: str) -> float:
    """Seconds of reading the file from end to end."""
    begin = time.perf_counter()
    with open(path, "rb", buffering=0) as file:
        buffer = bytearray(1 << 20)
        while file.readinto(buffer):
            pass
    return time.perf_counter() - begin


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Seconds, and what `work` returned."""
    begin = time.perf_counter()
    result = work()
    return time.perf_counter() - begin, result


def first_hit(reader: SessionReader, text: str, *, regex: bool = False) -> int | None:
    """The id of the first message with this text, in any letter case."""
    wanted = MessageFilter(text=text, regex=regex)
    return next((hit for hit in find(reader.messages, wanted, 1) if hit is not None), None)


def filtered(reader: SessionReader, wanted: MessageFilter) -> MessageQuery:
    """The finished query."""
    query = MessageQuery(reader.messages, wanted)
    while query.advance(0.010):
        pass
    return query


def measure(path: str, count: int, through: float, scan_row: float) -> None:
    """Open, jump and search; print a line each."""

    def show(what: str, seconds: float, goal: float | None, note: str = "") -> None:
        limit = f"{goal * 1000:.0f}" if goal is not None else "-"
        good = "" if goal is None else "ok" if seconds <= goal else "MISSED"
        print(f"{what:<54}{seconds * 1000:>10.2f}{limit:>8} {good:<7} {note}")

    print(f"\n{'':<54}{'ms':>10}{'goal':>8}")
    opened, reader = timed(lambda: SessionReader(path))
    assert isinstance(reader, SessionReader)
    last, last_id = timed(reader.messages.last_id)
    assert last_id == count, (last_id, count)
    show("open, and count the messages", opened + last, 1.0)

    chance = random.Random(2)
    jumps = sorted(
        timed(lambda: reader.messages.page(chance.randrange(1, count - 100), 100))[0]
        for _ in range(2000)
    )
    show("jump to 100 messages, median of 2000", jumps[1000], 0.050)
    show("jump, 99th percentile", jumps[1980], 0.050)
    show("jump, slowest", jumps[-1], 0.050)

    searches = [
        ("first hit, frequent: 'error'", "error", False, 0.300),
        ("first hit, only in the last line", "zebra-unicorn", False, 0.300),
        ("first hit, the same, by 9 bytes", "zebra-uni", False, 0.300),
        ("first hit, the same, by 7 bytes", "zebra-u", False, 0.300),
        ("absent: 'quagmire-9000'", "quagmire-9000", False, 0.300),
        ("absent, 3 letters: 'oom' (reads all)", "oom", False, None),
        ("first hit of a regex: 'item \\d+77$'", r"item \d+77$", True, 0.300),
        (
            "regex, only in the last line: 'zebra-unicorn \\w+ is'",
            r"zebra-unicorn \w+ is",
            True,
            0.300,
        ),
        ("regex of short words there (reads all)", r"zebra-\w+ 7f3a", True, None),
        ("regex without words there (reads all)", r"[y-z]e\w\wa-u", True, None),
    ]
    for what, text, regex, goal in searches:
        seconds, hit = min(
            timed(lambda t=text, r=regex: first_hit(reader, t, regex=r)) for _ in range(3)
        )
        assert (hit is None) == what.startswith("absent"), (what, hit)
        show(
            what,
            seconds,
            goal,
            f"{seconds / through:.2f} x reading the file, "
            f"{seconds / (scan_row * count):.4f} x LIKE on rows",
        )

    for what, wanted in (
        ("count one process of six", MessageFilter(processes=frozenset({2}))),
        ("count stderr", MessageFilter(streams=frozenset({Stream.STDERR}))),
        ("count all lines with 'error'", MessageFilter(text="error")),
    ):
        seconds, query = timed(lambda w=wanted: filtered(reader, w))
        assert isinstance(query, MessageQuery)
        show(what, seconds, None, f"{query.count:,} messages")
        pages = sorted(
            timed(lambda q=query: q.page(chance.randrange(max(1, q.count - 100)), 100))[0]
            for _ in range(200)
        )
        show("  jump to 100 of these, slowest of 200", pages[-1], 0.050)
    reader.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--messages", type=int, default=10_000_000, metavar="N")
    parser.add_argument("--keep", metavar="PATH", help="write the session there and keep it")
    options = parser.parse_args()
    count = max(options.messages - 1, PIECE) // PIECE * PIECE + 1
    lines = log_lines(POOL)
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or os.path.join(folder, "session")
        row_write, row_scan = (
            seconds / SAMPLE for seconds in bare_table(os.path.join(folder, "rows"), lines, SAMPLE)
        )
        seconds = write(path, lines, count)
        size = os.path.getsize(path)
        text = sum(map(len, lines)) / len(lines) * count
        print(f"{count:,} messages, {text / 1e6:,.0f} MB of text, a file of {size / 1e6:,.0f} MB")
        print(
            f"written in {seconds:.1f} s: {count / seconds:,.0f} lines/s, "
            f"{seconds / (row_write * count):.2f} x a row a message"
        )
        through = min(read_through(path) for _ in range(3))
        print(f"the file read from end to end: {through * 1000:.0f} ms")
        measure(path, count, through, row_scan)


if __name__ == "__main__":
    main()
