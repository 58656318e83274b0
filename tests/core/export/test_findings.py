"""What was found to be wrong, in JSON lines."""

from __future__ import annotations

import io
from typing import Any

import msgspec

from spawnscope.core.export.jsonl import JsonlExport
from spawnscope.core.vocabulary.findings import Evidence, Finding, Severity


def _finding(time_ns: int, resolved_ns: int | None = None) -> Finding:
    fact = Evidence(1, "MainThread", "acquire", 2, 40, "a.py:7", "acquire lock a")
    return Finding(
        1, time_ns, "deadlock", Severity.ERROR, 40, "one line", "why", "what to do", (1,), (2,),
        (fact,), resolved_ns=resolved_ns, key="deadlock:1",
    )  # fmt: skip


def test_a_finding_is_written_anew_whenever_it_was_told(session: Any, events: Any) -> None:
    session.writer.process_started(events.started(1))
    session.writer.finding(_finding(50))
    session.writer.flush()
    lines = io.BytesIO()
    with session.reader() as reader:
        export = JsonlExport(reader, lines)
        export.advance(60)
        session.writer.finding(_finding(70, resolved_ns=70))
        session.writer.process_exited(events.exited(1, 80))
        session.writer.close()
        export.advance()
    told = [msgspec.json.decode(line) for line in lines.getvalue().splitlines()]
    found = [each for each in told if each["kind"] == "finding"]
    assert [(each["time_ns"], each["resolved_ns"]) for each in found] == [(50, None), (70, 70)]
    assert found[0]["evidence"][0]["site"] == "a.py:7"
    assert [each["kind"] for each in told][-1] == "process_exited"
