"""What a page tells, in the order in which it does: gathered once, written in two ways.

Every text in it is plain (see `plain_text`), and none of it is escaped yet: that is up to whoever
writes the page.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..plain_text import plain, plainly
from ..sentences.making import method
from ..sentences.outcome import named
from ..sentences.roles import role_name
from ..session.message_query import last_messages
from ..session.reader import SessionReader
from ..session.visible_text import visible
from ..store.process_row import ProcessRow
from ..store.session_store import SessionStore
from ..translation import tr, trn
from ..vocabulary.events import HELPERS, Role, Stream
from ..vocabulary.findings import Evidence, Finding
from ..vocabulary.message import Message
from .wiring import Wiring, wiring_of

if TYPE_CHECKING:
    from ..observe.stacks import ProcessStacks

_MOST_PROCESSES = 300  # in the tree
_MOST_TALKING = 30  # processes whose messages are shown
_MOST_LINES = 20  # of each
_LONGEST_LINE = 400  # characters
_APART = HELPERS | {Role.SUPERVISOR}


class ReportFact(NamedTuple):
    """Something that a finding rests on, or that follows from it."""

    process: str
    text: str
    site: str


class Told(NamedTuple):
    """A finding, with its facts in words."""

    finding: Finding
    evidence: tuple[ReportFact, ...]
    symptoms: tuple[ReportFact, ...]


class Branch(NamedTuple):
    """A process in the tree, `depth` steps below TARGET. `ink`: "good", "bad", or "" where it
    did not end; `concerned`: a finding is about it."""

    depth: int
    name: str
    pid: int
    about: str
    end: str
    ink: str
    concerned: bool


class Talk(NamedTuple):
    """The last lines of a process; those of stderr are marked."""

    process: str
    lines: tuple[tuple[str, bool], ...]


class Stack(NamedTuple):
    """The threads of a process, each with its calls, the innermost first; without threads, `why`
    says why. A call: what, where, and whether it is the program's own."""

    process: str
    threads: tuple[tuple[str, tuple[tuple[str, str, bool], ...]], ...]
    why: str


class Report(NamedTuple):
    """See the module."""

    title: str
    facts: str
    findings: tuple[Told, ...]
    tree: tuple[Branch, ...]
    more_processes: int
    stacks: tuple[Stack, ...]
    wiring: Wiring
    talks: tuple[Talk, ...]


def gather(
    store: SessionStore, findings: Sequence[Finding], stacks: Sequence[ProcessStacks] = ()
) -> Report:
    """The page about what `store` has loaded. Raises SessionError."""
    reader = store.reader
    assert reader is not None
    findings = plainly(list(findings))
    concerned = dict.fromkeys(_concerned(findings))
    rows = [row for row in store.processes if row.role is not Role.SUPERVISOR]
    tree = list(_tree(store, set(concerned)))
    workers = [plain(row.label) for row in rows if row.is_worker_root]
    return Report(
        title=", ".join(workers[:3]) or plain(store.path),
        facts=" · ".join(
            (
                time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(reader.began_ns / 1e9)),
                trn("{count} process", "{count} processes", _counted(rows)),
                trn("{count} message", "{count} messages", reader.messages.last_id()),
                plain(store.path),
            )
        ),
        findings=tuple(_told(store, each) for each in findings),
        tree=tuple(tree[:_MOST_PROCESSES]),
        more_processes=max(0, len(tree) - _MOST_PROCESSES),
        stacks=tuple(map(_stack, stacks)),
        wiring=wiring_of(store),
        talks=tuple(_talks(store, reader, concerned)),
    )


def _counted(rows: Iterable[ProcessRow]) -> int:
    return sum(row.role not in HELPERS for row in rows)


def _concerned(findings: Iterable[Finding]) -> Iterator[int]:
    for finding in findings:
        yield from finding.processes
        yield from (fact.process for fact in (*finding.evidence, *finding.symptoms))


def _name(store: SessionStore, number: int) -> str:
    row = store.processes.get(number)
    return str(number) if row is None else named(plain(row.label), row.pid)


def _told(store: SessionStore, finding: Finding) -> Told:
    def facts(those: Iterable[Evidence]) -> tuple[ReportFact, ...]:
        return tuple(ReportFact(_name(store, one.process), one.text, one.site) for one in those)

    return Told(finding, facts(finding.evidence), facts(finding.symptoms))


def _tree(store: SessionStore, concerned: set[int]) -> Iterator[Branch]:
    """Everybody below the supervisor, parents first."""
    roots = [row.number for row in store.processes if row.role is Role.SUPERVISOR]
    tops = [each for root in roots for each in store.processes.children(root)]
    tops += [each for each in store.processes.children(None) if each not in roots]
    waiting = [(0, number) for number in reversed(tops)]
    while waiting:
        depth, number = waiting.pop()
        yield _branch(store.processes[number], depth, number in concerned)
        below = store.processes.children(number)
        waiting += [(depth + 1, child) for child in reversed(below)]


def _branch(row: ProcessRow, depth: int, concerned: bool) -> Branch:
    about = role_name(row.role)
    how = method(row.start_method, row.making)
    if how and row.role is not Role.WORKER:
        about = f"{about}, {how}"
    if row.is_unseen:
        about = f"{about}, {tr('not instrumented')}"
    ink = "" if row.is_live else "bad" if row.has_failed else "good"
    end = plain(row.outcome) if not row.is_live else tr("no end was recorded")
    return Branch(depth, plain(row.label), row.pid, plain(about), end, ink, concerned)


def _stack(one: ProcessStacks) -> Stack:
    process = named(plain(one.process.name), one.process.pid)
    threads = [] if one.stacks is None else one.stacks.threads
    return Stack(
        process,
        tuple(
            (
                plain(thread.name),
                tuple(
                    (plain(each.function), f"{plain(each.file)}:{each.line}", not each.is_library)
                    for each in thread.frames
                ),
            )
            for thread in threads
        ),
        plain(one.why),
    )


def _talks(store: SessionStore, reader: SessionReader, concerned: Iterable[int]) -> Iterator[Talk]:
    """The last words of those concerned; where nothing is wrong, of those that failed, and of
    TARGET."""
    wanted = list(concerned) or [row.number for row in store.processes if row.has_failed]
    wanted += [row.number for row in store.processes if row.is_worker_root]
    last_id = reader.messages.last_id()
    for number in list(dict.fromkeys(wanted))[:_MOST_TALKING]:
        *_, found = last_messages(reader.messages, number, _MOST_LINES, 0, last_id, None)
        lines = tuple((_line(each), each.stream is Stream.STDERR) for each in found or ())
        if lines:
            yield Talk(_name(store, number), lines)


def _line(message: Message) -> str:
    text = visible(message.raw).decode("utf-8", "backslashreplace")
    cut = text if len(text) <= _LONGEST_LINE else f"{text[:_LONGEST_LINE]}…"
    return plain(cut)
