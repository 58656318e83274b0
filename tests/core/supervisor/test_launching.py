"""Real workers of every kind, started by a real supervisor."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from live import Live, is_gone
from waiting import wait_until

from spawnscope.core.sentences.notes import said
from spawnscope.core.sentences.outcome import outcome
from spawnscope.core.vocabulary.events import (
    LaunchRefused,
    ProcessStarted,
    Role,
    SessionOpened,
    WorkerStarted,
)
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, StartMethod, TargetKind


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A user's project whose packages have the names of ours."""
    for package in ("core", "gui", "resources", "tests"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text(f"WHOSE = 'the user {package}'\n")
    (tmp_path / "main.py").write_text("WHOSE = 'the user main'\n")
    (tmp_path / "program.py").write_text(
        "import core, gui, resources, tests, main, multiprocessing, os, sys\n"
        "def report(*arguments, **keywords):\n"
        "    print(os.getpid(), core.WHOSE, gui.WHOSE, resources.WHOSE, tests.WHOSE, main.WHOSE)\n"
        "    print('called with', arguments, keywords)\n"
        "    print('children may', not multiprocessing.current_process().daemon)\n"
        "if __name__ == '__main__':\n"
        "    report(*sys.argv[1:])\n"
    )
    return tmp_path


def test_a_script_a_module_and_a_function_find_the_users_own_core_and_gui(
    project: Path, tmp_path: Path
) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        for kind, target in (
            (TargetKind.SCRIPT, "program.py"),
            (TargetKind.MODULE, "program"),
            (TargetKind.FUNCTION, "program:report"),
        ):
            methods = list(StartMethod) if kind is TargetKind.FUNCTION else [StartMethod.FORK]
            for method in methods:
                spec = LaunchSpec(
                    kind=kind,
                    target=target,
                    arguments=("a",),
                    cwd=str(project),
                    start_method=method,
                )
                process = live.launch(spec)[0]
                ended = live.exited(process)
                assert ended.exit_code == 0, live.texts(process)
                first, second, *_ = live.texts(process)
                assert first.endswith("the user core the user gui the user resources "
                                      "the user tests the user main")  # fmt: skip
                assert first.split()[0] == str(ended.pid)
                assert second == "called with ('a',) {}"


@pytest.mark.parametrize("method", list(StartMethod))
def test_a_function_gets_its_arguments_name_environment_and_folder(
    tmp_path: Path, method: StartMethod
) -> None:
    (tmp_path / "job.py").write_text(
        "import os, multiprocessing as mp\n"
        "def work(*a, **k):\n"
        "    p = mp.current_process()\n"
        "    print(a, k, p.name, p.daemon, os.environ['COLOUR'], os.getcwd())\n"
    )
    with Live(tmp_path / "s.spawnscope") as live:
        spec = LaunchSpec(
            kind=TargetKind.FUNCTION,
            target="job:work",
            arguments=(1, "zwei", [3.5]),
            keywords={"deep": {"er": None}},
            name="Grüße",
            start_method=method,
            count=3,
            cwd=str(tmp_path),
            environment={"COLOUR": "red"},
            daemon=True,
        )
        for position, process in enumerate(live.launch(spec), 1):
            assert live.exited(process).exit_code == 0, live.texts()
            said = f"(1, 'zwei', [3.5]) {{'deep': {{'er': None}}}} Grüße {position} True red"
            assert live.texts(process) == [f"{said} {tmp_path}"]
            started = live.started(process)
            assert (started.role, started.name) == (Role.WORKER, f"Grüße {position}")
            assert started.start_method == method.value


def test_a_command_runs_with_its_arguments_and_tells_its_exit(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        spec = LaunchSpec(
            kind=TargetKind.COMMAND,
            target="sh",
            arguments=("-c", 'echo "$0 $1"; exit 3', "a", "b c"),
        )
        process = live.launch(spec)[0]
        ended = live.exited(process)
        assert (ended.exit_code, ended.signal) == (3, None)
        assert outcome(ended).startswith("Exited with code 3 after ")
        assert live.texts(process) == ["a b c"]


def test_what_cannot_start_is_refused_with_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "no_program").write_text("not a program\n")
    (tmp_path / "no_program").chmod(0o755)
    with Live(tmp_path / "s.spawnscope") as live:
        for target, cwd, words in (
            ("/nowhere/at/all", "", "/nowhere/at/all: No such file or directory"),
            (str(tmp_path / "no_program"), "", "Exec format error"),
            ("true", "/nowhere", "/nowhere: No such file or directory"),
        ):
            spec = LaunchSpec(kind=TargetKind.COMMAND, target=target, cwd=cwd)
            request = live.client.launch(spec)
            refusal = live.until(
                lambda request=request: next(
                    (e for e in live.of(LaunchRefused) if e.request == request), None
                )
            )
            assert words in said(refusal)
        assert not live.of(WorkerStarted)
        assert [e.role for e in live.of(ProcessStarted)] == [Role.SUPERVISOR]


def test_another_interpreter_runs_a_script_and_a_function(tmp_path: Path, interpreter: str) -> None:
    (tmp_path / "which.py").write_text(
        "import sys\ndef tell(value):\n    print(sys.executable, value)\n"
        "if __name__ == '__main__':\n    tell(7)\n"
    )
    with Live(tmp_path / "s.spawnscope") as live:
        for kind, target in ((TargetKind.SCRIPT, "which.py"), (TargetKind.FUNCTION, "which:tell")):
            spec = LaunchSpec(
                kind=kind,
                target=target,
                arguments=(7,) if kind is TargetKind.FUNCTION else (),
                interpreter=interpreter,
                start_method=StartMethod.SPAWN,
                cwd=str(tmp_path),
            )
            process = live.launch(spec)[0]
            assert live.exited(process).exit_code == 0, live.texts()
            assert live.texts(process) == [f"{interpreter} 7"]


def test_a_worker_is_not_given_our_descriptors_limits_or_signal_settings(tmp_path: Path) -> None:
    (tmp_path / "look.py").write_text(
        "import os, resource, signal, sys\n"
        "def look():\n"
        "    fds = {int(f) for f in os.listdir('/proc/self/fd')}\n"
        "    print('targets', sorted(os.readlink(f'/proc/self/fd/{f}') for f in fds\n"
        "                            if f > 2 and os.path.exists(f'/proc/self/fd/{f}')))\n"
        "    print('limit', resource.getrlimit(resource.RLIMIT_NOFILE))\n"
        "    print('signals', [signal.getsignal(s) for s in (signal.SIGTERM, signal.SIGCHLD)])\n"
        "    with open('/proc/self/status') as f:\n"
        "        masks = [l.split()[1] for l in f if l.startswith(('SigBlk', 'SigIgn'))]\n"
        "        print([hex(int(mask, 16) & ~(3 << 31)) for mask in masks])\n"
        "if __name__ == '__main__': look()\n"
    )
    import resource

    plain = subprocess.run(
        [sys.executable, str(tmp_path / "look.py")], capture_output=True, text=True, check=True
    )
    with Live(tmp_path / "s.spawnscope") as live:
        for kind, target in ((TargetKind.SCRIPT, "look.py"), (TargetKind.FUNCTION, "look:look")):
            process = live.launch(LaunchSpec(kind=kind, target=target, cwd=str(tmp_path)))[0]
            live.exited(process)
            targets, limit, signals, masks = live.texts(process)
            assert limit == f"limit {resource.getrlimit(resource.RLIMIT_NOFILE)}"
            assert "SIG_DFL" in signals
            assert "lambda" not in signals
            assert ".spawnscope" not in targets
            assert "pidfd" not in targets
            assert "eventpoll" not in targets
            if kind is TargetKind.SCRIPT:
                assert "socket:" not in targets
                assert "pipe:" not in targets
            # What is ignored is what any Python ignores here (make, for one, adds to it), but for
            # the C library's own, 32 and 33: who is started by posix_spawn ignores them.
            assert masks == plain.stdout.splitlines()[-1]


def test_the_supervisor_has_one_thread_and_sleeps_without_a_timeout_when_idle(
    tmp_path: Path,
) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        opened = live.until(lambda: live.of(SessionOpened))[0]
        process = live.script("three_children", "fork")
        live.exited(process)
        assert os.listdir(f"/proc/{opened.supervisor_pid}/task") == [str(opened.supervisor_pid)]

        def switches() -> int:
            with open(f"/proc/{opened.supervisor_pid}/status") as status:
                return int(status.read().partition("\nvoluntary_ctxt_switches:")[2].split()[0])

        # With everything ended, it comes to rest: the count of its awakenings stays.
        seen = [-1]

        def rests() -> bool:
            seen.append(switches())
            return len(seen) > 60 and len(set(seen[-60:])) == 1

        live.until(rests, timeout=15, what="rest")
    wait_until(lambda: is_gone(opened.supervisor_pid))


def test_programs_see_their_own_argv_and_executable(tmp_path: Path) -> None:
    (tmp_path / "args.py").write_text("import sys; print(sys.argv, sys.executable)\n")
    with Live(tmp_path / "s.spawnscope") as live:
        spec = LaunchSpec(
            kind=TargetKind.SCRIPT, target="args.py", arguments=("-x", ""), cwd=str(tmp_path)
        )
        process = live.launch(spec)[0]
        live.exited(process)
        assert live.texts(process) == [f"['{tmp_path}/args.py', '-x', ''] {sys.executable}"]
