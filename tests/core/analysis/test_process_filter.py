"""The filter box's words: what passes, and what is said about a term that makes no sense."""

from __future__ import annotations

import pytest

from spawnscope.core.analysis.process_filter import ProcessFilter
from spawnscope.core.analysis.process_filter_terms import FilterError
from spawnscope.core.store.process_row import ProcessRow
from spawnscope.core.vocabulary.events import Role, Sample


def row(
    *,
    name: str = "reader",
    title: str = "",
    pid: int = 4321,
    role: Role = Role.CHILD,
    cpu: float | None = 12.5,
    memory: int | None = 150 * 1024 * 1024,
    status: str = "sleeping",
    ended_ns: int | None = None,
    exit_code: int | None = None,
) -> ProcessRow:
    return ProcessRow(
        number=7,
        pid=pid,
        ppid=99,
        started_ns=1,
        parent=None,
        worker=None,
        name=name,
        title=title,
        role=role,
        start_method=None,
        cmdline=("python3", "etl.py", "--jobs", "4"),
        described_ns=1,
        sample=None if cpu is None else Sample(7, pid, 2, cpu, memory, 3, 8, status),
        ended_ns=ended_ns,
        exit_code=exit_code,
    )


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("", True),
        ("   ", True),
        ("READ", True),
        ("writer", False),
        ("etl.py", True),
        ('"--jobs 4"', True),
        ('"4 --jobs"', False),
        ("read etl", True),
        ("read nothing", False),
        ("43", True),
        ("321", False),
        ("4", True),
        ("pid:4321", True),
        ("pid:43", False),
        ("ppid:99", True),
        ("role:child", True),
        ("role:worker", False),
        ("child", True),
        ("name:read", True),
        ("name:etl", False),
        ("status:sleep", True),
        ("status:running", False),
        ("status:live", True),
        ("status:ended", False),
        ("cpu>10", True),
        ("cpu>12.5", False),
        ("cpu>=12.5", True),
        ("cpu<50%", True),
        ("CPU%>10", True),
        ("mem>100M", True),
        ("mem>100MiB", True),
        ("mem>1G", False),
        ("mem<=157286400", True),
        ("memory=150M", True),
        ("threads=3", True),
        ("fds<8", False),
        ("exit=0", False),
        ("-writer", True),
        ("-reader", False),
        ("-cpu>10", False),
        ("-role:worker", True),
        ('-"two words"', True),
        ("reader -cpu>50", True),
        ("module:function", False),
        ("-", True),
    ],
)
def test_a_row_passes_when_every_term_does(text: str, passes: bool) -> None:
    assert ProcessFilter(text).matches(row()) is passes


def test_a_role_is_meant_exactly_when_there_is_one_of_that_name() -> None:
    pool = row(role=Role.POOL_WORKER)
    assert not ProcessFilter("role:worker").matches(pool)
    assert ProcessFilter("role:pool").matches(pool)
    assert ProcessFilter("role:pool-worker").matches(pool)


def test_the_title_of_a_worker_counts_as_its_name() -> None:
    assert ProcessFilter("nightly").matches(row(title="Nightly import"))


def test_what_was_never_sampled_passes_no_comparison() -> None:
    assert not ProcessFilter("cpu<50").matches(row(cpu=None))
    assert not ProcessFilter("mem<1G").matches(row(memory=None))


def test_ended_processes_are_found_by_status_and_exit_code() -> None:
    ended = row(ended_ns=5, exit_code=1)
    assert ProcessFilter("status:ended exit=1").matches(ended)
    assert not ProcessFilter("status:live").matches(ended)


@pytest.mark.parametrize(
    "text", ["cpu>10", "cpu<50", "mem>100M", "threads=3", "fds>1", "status:sleeping"]
)
def test_what_a_process_last_used_is_nothing_it_uses_once_it_has_ended(text: str) -> None:
    wanted = ProcessFilter(text)
    assert wanted.matches(row())
    assert not wanted.matches(row(ended_ns=5))
    assert "ended_ns" in wanted.fields, "else it stays in view when it ends"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("cpu>", "'cpu>' needs a number after it, as in cpu>50."),
        ("mem>", "'mem>' needs a number after it, as in mem>100M."),
        ("cpu>lots", "'lots' is no number; write it as in cpu>50."),
        ("mem>10X", "'10X' is no size; write 500K, 100M or 2G."),
        ("color=3", "'color' cannot be compared; cpu, mem, threads, fds, pid, ppid and exit can."),
        ("pid:", "'pid:' needs something after it, as in pid:1234."),
        ("pid:abc", "'abc' is no process id; write it as in pid:1234."),
    ],
)
def test_a_term_that_makes_no_sense_is_answered_with_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(FilterError) as caught:
        ProcessFilter(f"reader {text}")
    assert str(caught.value) == sentence


def test_an_unknown_role_is_answered_with_those_there_are() -> None:
    with pytest.raises(FilterError, match="There is no role 'boss'; the roles are supervisor, "):
        ProcessFilter("role:boss")


def test_a_filter_names_the_fields_it_depends_on() -> None:
    assert ProcessFilter("cpu>5").fields == {"cpu_percent", "ended_ns"}
    assert ProcessFilter("pid>5").fields == {"pid"}
    assert ProcessFilter("").fields == frozenset()
