"""The events as JSON Lines show them: one object a line, with `kind` first."""

from __future__ import annotations

from base64 import b64encode
from operator import attrgetter

import msgspec

from ..sentences.outcome import outcome
from ..translation import english
from ..vocabulary.events import (
    Doing,
    Making,
    ProcessChanged,
    ProcessExited,
    ProcessStarted,
    Raised,
    Sample,
    Stream,
)
from ..vocabulary.findings import Evidence, Finding
from ..vocabulary.message import CONTINUES, REWRITTEN, UNTERMINATED


class StartedEvent(msgspec.Struct, frozen=True, tag_field="kind", tag="process_started"):
    """A process appeared; its description is the last one known."""

    time_ns: int
    process: int
    pid: int
    parent: int | None
    ppid: int
    name: str
    role: str
    start_method: str | None
    cmdline: tuple[str, ...]
    worker: int | None
    made: Making | None = None


class ExitedEvent(msgspec.Struct, frozen=True, tag_field="kind", tag="process_exited"):
    """A process ended. `doing`: what its threads were in; `holding`: objects that it held;
    `terminated_by`: the process that ended it as its parent; `raised`: the exception that it came
    to its exit code by."""

    time_ns: int
    process: int
    pid: int
    exit_code: int | None
    signal: str | None
    outcome: str
    doing: tuple[Doing, ...] = ()
    holding: tuple[int, ...] = ()
    terminated_by: int | None = None
    raised: Raised | None = None


class MessageEvent(
    msgspec.Struct,
    frozen=True,
    gc=False,
    tag_field="kind",
    tag="message",
    omit_defaults=True,
):
    """A line. Further fields only where they apply; `raw_base64`: bytes that are no UTF-8."""

    time_ns: int
    process: int
    pid: int | None
    stream: str
    text: str
    continues: bool = False
    unterminated: bool = False
    rewritten: bool = False
    raw_base64: str | None = None


class FindingEvent(msgspec.Struct, frozen=True, tag_field="kind", tag="finding"):
    """What is wrong, as it was told at `time_ns`; see `vocabulary.findings.Finding`."""

    time_ns: int
    finding: int
    code: str
    severity: str
    since_ns: int
    resolved_ns: int | None
    title: str
    explanation: str
    advice: str
    processes: tuple[int, ...]
    objects: tuple[int, ...]
    evidence: tuple[Evidence, ...]
    symptoms: tuple[Evidence, ...]


def finding_event(finding: Finding) -> FindingEvent:
    """The same, with the time first as in all events, and without what the window needs alone."""
    fields = {name: getattr(finding, name) for name in FindingEvent.__struct_fields__}
    return FindingEvent(**{**fields, "severity": finding.severity.value})


_SAMPLED = tuple(sorted(Sample.__struct_fields__, key=lambda name: name != "time_ns"))
_sampled = attrgetter(*_SAMPLED)
SampleEvent = msgspec.defstruct(
    "SampleEvent", _SAMPLED, frozen=True, gc=False, tag_field="kind", tag="sample"
)
"""What a process used: the fields of `Sample`, with the time first as in all events."""


def started_event(started: ProcessStarted, changed: ProcessChanged | None) -> StartedEvent:
    """The start, with what was learned of the process later."""
    last = changed or started
    return StartedEvent(
        time_ns=started.time_ns,
        process=started.process,
        pid=started.pid,
        parent=started.parent,
        ppid=started.ppid,  # as it was at the start, like the parent
        name=last.name,
        role=last.role.value,
        start_method=last.start_method,
        cmdline=last.cmdline,
        worker=started.worker,
        made=last.making,
    )


def exited_event(exited: ProcessExited) -> ExitedEvent:
    """The end."""
    return ExitedEvent(
        time_ns=exited.time_ns,
        process=exited.process,
        pid=exited.pid,
        exit_code=exited.exit_code,
        signal=exited.signal,
        outcome=english(outcome, exited),
        doing=exited.doing,
        holding=exited.holding,
        terminated_by=exited.terminated_by,
        raised=exited.raised,
    )


def message_events(
    lines: list[bytes], time_ns: int, process: int, pid: int | None, stream: Stream, flags: int
) -> list[MessageEvent]:
    """Lines that share all but their text."""
    label = stream.label
    if not flags:
        try:
            return [MessageEvent(time_ns, process, pid, label, raw.decode()) for raw in lines]
        except UnicodeDecodeError:
            pass
    events = []
    for raw in lines:
        try:
            text, encoded = raw.decode(), None
        except UnicodeDecodeError:
            text, encoded = raw.decode("utf-8", "backslashreplace"), b64encode(raw).decode()
        events.append(
            MessageEvent(
                time_ns=time_ns,
                process=process,
                pid=pid,
                stream=label,
                text=text,
                continues=bool(flags & CONTINUES),
                unterminated=bool(flags & UNTERMINATED),
                rewritten=bool(flags & REWRITTEN),
                raw_base64=encoded,
            )
        )
    return events


def sample_event(sample: Sample) -> msgspec.Struct:
    """A sample, as a SampleEvent."""
    return SampleEvent(*_sampled(sample))
