"""A child of a fork server stands below the process that asked for it, as it would under fork."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest
from interpreters import interpreters
from live import Live, alive
from probing import TARGETS, Events, recorded

from spawnscope.core.vocabulary.events import ProcessStarted, Role
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind

FAMILY = TARGETS / "family_tree.py"
HELPERS = ("forkserver", "resource tracker")


def family(events: Events) -> set[tuple[str, str, str]]:
    """(name, role, name of the parent) of all but helpers; automatic names without the method."""
    names = {event["process"]: event["name"] for event in events.of("process_started")}
    return {
        (re.sub(r"^(ForkServer|Fork|Spawn)(?=PoolWorker)", "", event["name"]), event["role"],
         names[event["parent"]])
        for event in events.of("process_started")
        if event["role"] not in (*HELPERS, "supervisor", "worker")
    }  # fmt: skip


EXPECTED = {
    ("asker", "child", "family_tree.py"),
    ("asked", "child", "asker"),
    ("asked", "child", "asked"),
    ("PoolWorker-1:2", "pool worker", "asker"),
}


@pytest.mark.parametrize("version", ["3.8", "3.11", "3.14", "3.15"])
def test_a_family_is_the_same_by_every_start_method(version: str, tmp_path: Path) -> None:
    python = interpreters().get(version)
    if python is None:
        pytest.skip(f"NOT CHECKED: there is no Python {version}")
    methods = ("fork", "spawn", "forkserver") if version == "3.11" else ("forkserver",)
    for method in methods:
        folder = tmp_path / method
        folder.mkdir()
        events = recorded(folder, "--python", python, FAMILY, method)
        assert family(events) == EXPECTED, method
        (worker,) = events.of("process_started", role="worker")
        for event in events.of("process_started"):
            if event["start_method"] in ("fork", "forkserver") and method != "spawn":
                assert event["cmdline"] == worker["cmdline"], event
        forked = events.of("process_started", name="asked", start_method="fork")
        assert len(forked) == 1 + (method == "fork")


class Household:
    """The family, by fork server, in a live session: its members by name."""

    def __init__(self, live: Live) -> None:
        self.live = live
        spec = LaunchSpec(
            kind=TargetKind.SCRIPT, target=str(FAMILY), arguments=("forkserver", "stay")
        )
        self.root = live.launch(spec)[0]
        pids = {
            who: int(live.says(None, f"{who} ").split()[-1 - (who == "forked")])
            for who in ("asker", "asked", "forked", "pool worker")
        }
        self.member = {who: self._of(pid) for who, pid in pids.items()}
        self.servers = [self._of(self.member[who].ppid) for who in ("asker", "asked")]

    def _of(self, pid: int) -> ProcessStarted:
        started = self.live.of(ProcessStarted)
        return self.live.until(lambda: next((e for e in started if e.pid == pid), None))

    def parent(self, who: str) -> int | None:
        """The process that it stands below."""
        return self.live.started(self.member[who].process).parent

    def stands(self) -> bool:
        """Whether everybody stands below whom it would under fork."""
        number = {who: one.process for who, one in self.member.items()}
        expected = {
            "asker": self.root, "asked": number["asker"], "forked": number["asked"],
            "pool worker": number["asker"],
        }  # fmt: skip
        return {who: self.parent(who) for who in number} == expected


def test_who_is_ended_with_the_process_that_asked(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        home = Household(live)
        live.until(home.stands, what="the family")
        live.client.stop(home.member["asker"].process, tree=True, grace=0)
        for one in home.member.values():
            assert live.exited(one.process).signal == "SIGKILL"
        assert alive(live.started(home.root).pid)
        assert home.servers[0].role is Role.FORKSERVER
        assert alive(home.servers[0].pid)


def test_a_family_stands_though_the_asker_and_the_server_die(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        home = Household(live)
        live.until(home.stands, what="the family")
        os.kill(home.member["asker"].pid, signal.SIGKILL)
        live.exited(home.member["asker"].process)
        assert home.stands()
        orphan = home.member["asked"]
        server = home.servers[1]
        assert (server.role, server.parent) == (Role.FORKSERVER, home.member["asker"].process)
        os.kill(server.pid, signal.SIGKILL)
        live.exited(server.process)
        supervisor = live.of(ProcessStarted)[0]
        live.until(lambda: live.described(orphan.process).ppid == supervisor.pid, what="its ppid")
        assert home.stands()
        live.client.stop(home.member["asker"].process, tree=True, grace=0)
        for who in ("asked", "forked"):
            assert live.exited(home.member[who].process).signal == "SIGKILL"
        assert alive(live.started(home.root).pid)
