"""From a launch spec to running workers, through multiprocessing.Process.

    LaunchSpec --> Launcher.start --> ProgramProcess --vfork, execve--> script, module, command
                        |--fork, spawn, forkserver--> run_function      function
                        '--> ProgramProcess --> spawnscope_worker.py    function in another
                                                                        interpreter

What cannot start is refused with the reason, and nothing was started.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import resource
import sys
import types
from collections.abc import Iterator
from multiprocessing import forkserver, resource_tracker
from multiprocessing.process import BaseProcess
from pathlib import Path

import msgspec

from ..observe import proc_files
from ..python_command import is_python
from ..translation import mark
from ..vocabulary.launch_spec import LaunchSpec, Output, StartMethod, TargetKind
from .known_process import KnownProcess, shown_text
from .output_source import WorkerOutput, open_output
from .output_streams import OutputHub
from .process_registry import WORKER_VARIABLE, ProcessRegistry
from .program_process import Program, ProgramProcess

LAUNCHPAD = Path(__file__).with_name("launchpad")
_PROBE_VARIABLE = "SPAWNSCOPE_PROBE"  # in a worker's environment: the folder for recorders
_PROBE_OPTIONS = "SPAWNSCOPE_PROBE_OPTIONS"
_OUTPUT_VARIABLE = "SPAWNSCOPE_OUTPUT"  # which descriptors are the worker's own: "device:inode" of
# its stdout and stderr


class Worker(msgspec.Struct, eq=False):
    """One started worker: its spec, the multiprocessing object, its record and its output."""

    number: int
    spec: LaunchSpec
    call: bytes
    process: BaseProcess
    record: KnownProcess
    output: WorkerOutput


class LaunchError(Exception):
    """Why nothing was started: the spec's `field`, and a sentence that was marked, with values."""

    def __init__(self, field: str, sentence: str, **values: str) -> None:
        super().__init__(sentence)
        self.field, self.sentence = field, sentence
        self.values = {name: shown_text(value) for name, value in values.items()}


class Launcher:
    """Starts workers. `stdin`: the descriptor that programs read from; `group`: see Start;
    `probe_folder`: where Python processes put their recorders, "" for none; `probe_place`: where
    they find the probe; `probe_options`: see `_spawnscope_probe.start`."""

    def __init__(
        self,
        registry: ProcessRegistry,
        output: OutputHub,
        *,
        session: str,
        stdin: int,
        group: str,
        files: tuple[int, int],
        probe_folder: str = "",
        probe_place: str = "",
        probe_options: str = "",
    ) -> None:
        self._registry = registry
        self._output = output
        self._session = session
        self._probe_folder = probe_folder
        self._probe_place = probe_place
        self._probe_options = probe_options
        self._stdin = stdin
        self._group = group
        self._files = files
        self._count = 0
        sys.path.append(str(LAUNCHPAD))
        # spawn would otherwise import our own main module again in each worker.
        sys.modules["__main__"] = types.ModuleType("__main__")

    def start(self, spec: LaunchSpec, call: bytes) -> Worker:
        """Start one worker; when this returns, the program or function is on its way.

        Raises LaunchError when it cannot start.
        """
        number = self._count = self._count + 1
        try:
            output = open_output(spec.output is Output.PIPE)
        except OSError as error:
            raise _explained(spec, error) from error
        function = spec.kind is TargetKind.FUNCTION
        ours = function and not _is_foreign(spec)
        start = self._start_function if ours else self._start_program
        try:
            process = start(spec, call, number, output)
        except (OSError, ValueError, AssertionError) as error:
            output.close()
            raise _explained(spec, error) from error
        finally:
            output.close_far_ends()
        assert process.pid is not None
        record = self._registry.add_worker(
            number,
            process.pid,
            shown_text(spec.title),
            spec.start_method.value if function else None,
            # A forked function carries on our own command line; what is spawned has one soon.
            self._registry.root.cmdline
            if ours
            else proc_files.shown_arguments(map(os.fsencode, _argv(spec))),
        )
        self._output.add(output, record)
        if ours:
            self._registry.search(self._registry.root)  # multiprocessing's helpers, if new
        return Worker(number, spec, call, process, record, output)

    def _start_program(
        self, spec: LaunchSpec, call: bytes, number: int, output: WorkerOutput
    ) -> BaseProcess:
        argv = _argv(spec)
        payload = -1
        if spec.kind is TargetKind.FUNCTION:
            call = pickle.dumps((spec.target, call), 2)
        if call:
            payload = _memory_file(call)
            os.set_inheritable(payload, True)
            argv.append(str(payload))
        program = Program(
            argv=argv,
            environment={**os.environ, **self._additions(spec, number, output)},
            cwd=spec.cwd,
            stdin=self._stdin,
            stdout=output.far_stdout,
            stderr=output.far_stderr,
            group=self._group,
            files=self._files,
        )
        process = ProgramProcess(program, spec.title)
        try:
            process.start()
        finally:
            if payload >= 0:
                os.close(payload)
        return process

    def _start_function(
        self, spec: LaunchSpec, call: bytes, number: int, output: WorkerOutput
    ) -> BaseProcess:
        import spawnscope_worker as launchpad  # type: ignore[import-not-found]

        method = spec.start_method
        forked = method is StartMethod.FORK
        additions = self._additions(spec, number, output)
        streams = [launchpad.Descriptor(fd) for fd in (output.far_stdout, output.far_stderr)]
        start = launchpad.Start(
            supervisor=0 if method is StartMethod.FORKSERVER else os.getpid(),
            group=self._group,
            files=self._files,
            stdout=None if method is StartMethod.SPAWN else streams[0],
            stderr=None if method is StartMethod.SPAWN else streams[1],
            cwd=spec.cwd,
            target=spec.target,
            environment=additions,
            unbuffered=spec.unbuffered,
            call=call,
            keep=None,
        )
        context = multiprocessing.get_context(method.value)
        process: BaseProcess = context.Process(  # type: ignore[attr-defined]
            target=launchpad.run_function, args=(start,), name=spec.title, daemon=spec.daemon
        )
        if forked:
            ours = {int(entry) for entry in os.listdir("/proc/self/fd")}
            mine = {output.far_stdout, output.far_stderr}
            start.keep = _NewDescriptors(ours - mine)
            process.start()
            return process
        memory = _memory_file(call)
        start.call = launchpad.Descriptor(memory)
        resource_tracker.ensure_running()
        try:
            if method is StartMethod.SPAWN:
                with _standing_in(output, additions):
                    process.start()
            else:
                _revive_forkserver()
                process.start()
        finally:
            os.close(memory)
        return process

    def _additions(self, spec: LaunchSpec, number: int, output: WorkerOutput) -> dict[str, str]:
        additions = dict(spec.environment)
        argv = _argv(spec)
        # Where our sitecustomize is not loaded, nobody else makes lines come when they are printed.
        reached = self._probe_folder and not _skips_site(argv)
        if is_python(tuple(argv)) and (spec.unbuffered or not reached):
            additions.setdefault("PYTHONUNBUFFERED", "1")
        additions[WORKER_VARIABLE] = f"{self._session}:{number}"
        if self._probe_folder:
            additions[_PROBE_VARIABLE] = self._probe_folder
            options = [
                *filter(None, [self._probe_options]),
                *["keep=yes"] * spec.keep_failed_tasks,
                *["check=forkserver"] * spec.check_forkserver,
            ]
            additions[_PROBE_OPTIONS] = ",".join(options)
            additions[_OUTPUT_VARIABLE] = output.identity
            # First on the path: its sitecustomize makes way for the one that comes after it.
            others = additions.get("PYTHONPATH", os.environ.get("PYTHONPATH", ""))
            place = self._probe_place
            additions["PYTHONPATH"] = f"{place}{os.pathsep}{others}" if others else place
        return additions


class _NewDescriptors:
    """Membership: descriptors that were not open before a fork, so are multiprocessing's own."""

    def __init__(self, before: set[int]) -> None:
        self._before = before

    def __contains__(self, descriptor: int) -> bool:
        return descriptor not in self._before


def _explained(spec: LaunchSpec, error: Exception) -> LaunchError:
    reason, field = str(error), ""
    if isinstance(error, OSError) and error.strerror:
        misplaced = bool(spec.cwd) and error.filename == spec.cwd
        field = "cwd" if misplaced else "target"
        reason = f"{spec.cwd if misplaced else _argv(spec)[0]}: {error.strerror}"
    sentence = mark("{title} could not be started: {reason}.")
    return LaunchError(field, sentence, title=spec.title, reason=reason)


def _is_foreign(spec: LaunchSpec) -> bool:
    return bool(spec.interpreter) and os.path.abspath(spec.interpreter) != os.path.abspath(
        sys.executable
    )


def _argv(spec: LaunchSpec) -> list[str]:
    arguments = [str(a) for a in spec.arguments]
    python = spec.interpreter or sys.executable
    if spec.kind is TargetKind.SCRIPT:
        return [python, spec.target, *arguments]
    if spec.kind is TargetKind.MODULE:
        return [python, "-m", spec.target, *arguments]
    if spec.kind is TargetKind.COMMAND:
        return [spec.target, *arguments]
    return [python, str(LAUNCHPAD / "spawnscope_worker.py")]


def _skips_site(argv: list[str]) -> bool:
    """Whether a Python's own options say that it loads no sitecustomize: -S, alone or among others.

    Those that isolate it (-I, -E) need not be looked for: it heeds no variable either.
    """
    arguments = iter(argv[1:])
    for argument in arguments:
        if argument in ("-X", "-W"):
            next(arguments, None)
        elif not argument.startswith("-") or argument.startswith(("--", "-c", "-m")):
            return False
        elif "S" in argument.partition("X")[0].partition("W")[0]:
            return True
    return False


def _memory_file(data: bytes) -> int:
    descriptor = os.memfd_create("spawnscope-call")
    with open(descriptor, "wb", closefd=False) as sink:
        sink.write(data)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


@contextlib.contextmanager
def _standing_in(output: WorkerOutput, additions: dict[str, str]) -> Iterator[None]:
    """For the moment of a spawn, be what the worker is to inherit: its streams and environment.

    So its very first words, a failing import for one, already travel through its own sockets.
    """
    kept = [(number, os.dup(number)) for number in (1, 2)]
    before = {name: os.environ.get(name) for name in additions}
    try:
        os.dup2(output.far_stdout, 1)
        os.dup2(output.far_stderr, 2)
        os.environ.update(additions)
        yield
    finally:
        for number, copy in kept:
            os.dup2(copy, number)
            os.close(copy)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _revive_forkserver() -> None:
    """Make sure that a forkserver runs, also after somebody ended the one before."""
    try:
        forkserver.ensure_running()
    except ChildProcessError:  # it ended and was reaped by us; the module does not expect that
        fresh = forkserver.ForkServer()
        forkserver._forkserver = fresh
        forkserver.ensure_running = fresh.ensure_running
        forkserver.connect_to_new_process = fresh.connect_to_new_process
        fresh.ensure_running()


def raise_file_limit() -> tuple[int, int]:
    """Allow this process as many descriptors as it may have; returns the limits before."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    return before
