"""How processes ended, in words, from codes and values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from spawnscope.core.sentences.outcome import outcome
from spawnscope.core.session.reader import SessionReader
from spawnscope.core.session.writer import SessionWriter
from spawnscope.core.vocabulary.events import (
    Circumstances,
    Doing,
    ProcessExited,
    ProcessStarted,
    Raised,
    Role,
)

LIVED = Circumstances(3_200_000_000)
IN_GET = (Doing("MainThread", "get", 2, 1, "", ""),)


def an_end(ending: Circumstances | None, **fields: Any) -> ProcessExited:
    told = {"exit_code": None, "signal": None, **fields}
    return ProcessExited(process=2, pid=12, time_ns=9, circumstances=ending, **told)


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (an_end(LIVED, exit_code=0), "Ended normally after 3.2 s."),
        (an_end(LIVED, exit_code=3), "Exited with code 3 after 3.2 s."),
        (an_end(LIVED), "Ended after 3.2 s; its exit status went to another process."),
        (
            an_end(Circumstances(245 * 10**9, core_dumped=True), signal="SIGSEGV"),
            "Killed by SIGSEGV after 4 min 05 s and left a core dump.",
        ),
        (
            an_end(Circumstances(10**8, asked=True), signal="SIGTERM"),
            "Killed by SIGTERM after 100 ms: Spawnscope asked it to end.",
        ),
        (
            an_end(Circumstances(10**8, sent=True), signal="SIGUSR1"),
            "Killed by SIGUSR1 after 100 ms: Spawnscope sent it.",
        ),
        (
            an_end(Circumstances(10**8, asked=True), exit_code=143),
            "Exited with code 143 after 100 ms. Spawnscope had asked it to end.",
        ),
        (
            an_end(Circumstances(10**8, asked=True, outlived=("app", 7)), signal="SIGTERM"),
            ("Killed by SIGTERM after 100 ms: ended by Spawnscope, since its worker had ended. "
            "It had outlived app (PID 7), and was ended with the session."),
        ),
        (
            an_end(
                Circumstances(10**9, asked=True, late_ns=4 * 10**8, outlived=("app", 7)),
                signal="SIGKILL",
            ),
            ("Killed by SIGKILL after 1.0 s: ended by Spawnscope, since its worker had ended; "
            "it was still there 0.4 s after SIGTERM. "
            "It had outlived app (PID 7), and was ended with the session."),
        ),
        (
            an_end(LIVED, exit_code=1, raised=Raised("KeyError", "'size'.", "/a/photos.py:31")),
            "Exited with code 1 after 3.2 s: KeyError: 'size' (photos.py:31).",
        ),
        (
            an_end(LIVED, exit_code=3, raised=Raised("SystemExit")),
            "Exited with code 3 after 3.2 s: SystemExit.",
        ),
        (
            an_end(Circumstances(10**9, asked=True, late_ns=400_000_000), signal="SIGKILL"),
            "Killed by SIGKILL after 1.0 s: it had not ended 0.4 s after SIGTERM.",
        ),
        (
            an_end(Circumstances(10**9, ender=("{app}", 7)), signal="SIGTERM"),
            "Terminated by its parent {app} (7) after 1.0 s.",
        ),
        (
            an_end(Circumstances(10**9, ender=("app", 7), outlived=("app", 7)), signal="SIGKILL"),
            ("Killed by its parent app (7) after 1.0 s. "
            "It had outlived app (PID 7), and was ended with the session."),
        ),
        (
            an_end(
                Circumstances(10**9, ender=("app", 7), broken_by=("w-2", 9, "SIGKILL")),
                signal="SIGTERM",
            ),
            ("Killed by SIGTERM after 1.0 s: ended by its executor, since w-2 (PID 9) had been "
            "killed by SIGKILL."),
        ),
        (
            an_end(Circumstances(10**9, broken_by=("", 9, "3")), signal="SIGKILL"),
            ("Killed by SIGKILL after 1.0 s: ended by its executor, since a worker (PID 9) had "
            "exited with code 3."),
        ),
        (
            an_end(LIVED, exit_code=1, raised=Raised("KeyboardInterrupt", "", "/a/b.py:9")),
            "Interrupted after 3.2 s: KeyboardInterrupt (b.py:9).",
        ),
        (
            an_end(Circumstances(10**9, sent=True), signal="SIGINT",
                   raised=Raised("KeyboardInterrupt")),
            "Interrupted by Spawnscope after 1.0 s: KeyboardInterrupt.",
        ),
        (
            an_end(Circumstances(10**9, object="jobs"), signal="SIGKILL", doing=IN_GET),
            "Killed by SIGKILL after 1.0 s, in get from jobs.",
        ),
        (
            an_end(Circumstances(10**9, held=("Lock a", "Lock b")),
                   exit_code=0, holding=(1, 2, 3, 4)),
            "Ended normally after 1.0 s, while holding Lock a, Lock b and 2 more.",
        ),
        (
            an_end(
                Circumstances(10**9, object="jobs", held=("Lock a",)),
                exit_code=1, doing=IN_GET, holding=(1,),
            ),
            "Exited with code 1 after 1.0 s, in get from jobs, while holding Lock a.",
        ),
        (
            an_end(LIVED, exit_code=1, doing=(Doing("MainThread", "join", None, 1, "", "w"),)),
            "Exited with code 1 after 3.2 s, in join w.",
        ),
        (
            an_end(LIVED, exit_code=1, doing=(Doing("T-1", "get", 2, 1, "", ""), *IN_GET)),
            "Exited with code 1 after 3.2 s.",
        ),
    ],
)  # fmt: skip
def test_an_end_in_words(event: ProcessExited, sentence: str) -> None:
    assert outcome(event) == sentence


def test_a_session_of_before_has_the_sentence_itself() -> None:
    assert outcome(an_end(None, exit_code=0, outcome="Ended normally.")) == "Ended normally."


def test_a_session_file_keeps_what_the_sentence_is_made_of(tmp_path: Path) -> None:
    path = tmp_path / "s.spawnscope"
    writer = SessionWriter(path, about={})
    started = ProcessStarted(2, 12, 5, 1, None, 1, None, "app", Role.WORKER, None, ("app",))
    old = ProcessExited(3, 13, 9, 0, None, "Ended as before.")
    new = an_end(Circumstances(10**9, ender=("app", 7), held=("Lock a",)), signal="SIGTERM")
    writer.process_started(started)
    writer.process_started(ProcessStarted(3, 13, 5, 1, 2, 12, 1, "b", Role.CHILD, None, ()))
    writer.process_exited(new)
    writer.process_exited(old)
    writer.flush()
    writer.close()
    reader = SessionReader(path)
    ends = {record.started.process: record.exited for record in reader.processes.all()}
    reader.close()
    assert ends == {2: new, 3: old}
