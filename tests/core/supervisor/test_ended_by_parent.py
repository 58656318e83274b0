"""Who ended a process: its own parent, which is an ordinary end, or somebody else."""

from __future__ import annotations

from pathlib import Path

import pytest
from live import TARGETS
from recording import record

from spawnscope.core.session.reader import SessionReader
from spawnscope.core.store.processes import ProcessTable


def recorded(folder: Path, method: str) -> tuple[ProcessTable, str]:
    """The processes of the program, and the summary. Once more where the kernel, on a machine full
    of other processes, has not told how each of them ended."""
    for attempt in range(4):
        path = folder / f"{attempt}.spawnscope"
        done = record("-o", path, TARGETS / "ends_children.py", method)
        assert done.returncode == 0, done.stderr.decode()
        reader = SessionReader(path)
        table = ProcessTable()
        table.load(reader.processes.all())
        reader.close()
        below = [row for row in table if row.parent is not None]
        if all(row.signal or row.exit_code is not None for row in below):
            return table, done.stderr.decode()
    pytest.skip("NOT CHECKED: the kernel does not tell how processes end, as it does to root")


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_what_a_parent_ends_itself_has_not_failed(method: str, tmp_path: Path) -> None:
    table, summary = recorded(tmp_path, method)
    main = next(row for row in table if row.is_worker_root)
    told = {row.name: row for row in table}
    parent = f"ends_children.py ({main.pid})"
    for name, how, by_signal in (
        ("asked", "Terminated", "SIGTERM"),
        ("killed", "Killed", "SIGKILL"),
        ("daemon", "Terminated", "SIGTERM"),
    ):
        row = told[name]
        assert row.outcome.startswith(f"{how} by its parent {parent} after "), row.outcome
        assert (row.signal, row.terminated_by, row.has_failed) == (by_signal, main.number, False)
    stranger = told["stranger"]
    assert stranger.outcome.startswith("Killed by SIGTERM after "), stranger.outcome
    assert (stranger.terminated_by, stranger.has_failed) == (None, True)
    (pooled,) = [row for row in table if row.role.value == "pool worker"]
    assert pooled.outcome.startswith(f"Terminated by its parent {parent} after "), pooled.outcome
    fellows = [row for row in table if row.role.value == "executor worker"]
    fellows.sort(key=lambda row: row.has_failed)
    assert [row.signal for row in fellows] == ["SIGTERM", "SIGKILL"]
    assert [row.terminated_by for row in fellows] == [main.number, None]
    sufferer, culprit = fellows
    reason = (
        f"ended by its executor, since {culprit.name} (PID {culprit.pid}) had been killed by "
        "SIGKILL."
    )
    assert sufferer.outcome.endswith(f"(nap): {reason}")
    line = f"asked  PID {told['asked'].pid}  child, {method}  Terminated by its parent {parent}"
    assert line in summary
