"""What a worker does between its birth and the user's own code.

This folder is on the supervisor's `sys.path` so that this module has a name of its own at the top
level: `spawn` and `forkserver` import it by that name in a fresh interpreter, where nothing else
of Spawnscope is, or needs to be, importable. It runs in any Python from 3.8 on, imports the
standard library only, and leaves no trace: the user's `core`, `gui` or `main` are found as ever.

    fork, spawn, forkserver -> run_function(start)        a function in our interpreter
    execve                  -> spawnscope_worker.py FD    a function in another interpreter
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any, NoReturn

_PR_SET_PDEATHSIG = 1
_USAGE_STATUS = 2


class Descriptor:
    """A descriptor that travels to a worker: inherited by fork, passed by spawn and forkserver."""

    def __init__(self, fd: int) -> None:
        self.fd = fd

    def __reduce__(self) -> tuple[Any, ...]:
        from multiprocessing import reduction

        return _received, (reduction.DupFd(self.fd),)


def _received(duplicate: Any) -> Descriptor:
    return Descriptor(duplicate.detach())


class Start:
    """How to begin. Plain values, so that it pickles under every start method.

    supervisor: pid, or 0 when the parent is a forkserver; environment: what is added; keep:
    descriptors that stay open after a bare fork, or None when there was none; group: "session",
    "group" or the number of one to join; files: (soft, hard) RLIMIT_NOFILE.
    """

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


def run_function(start: Start) -> None:
    """Run in a child that multiprocessing started: import the function and call it."""
    if start.keep is not None:
        _restore_signals()
        _close_all_but(start.keep)
    _belong(start)
    for number, stream in ((1, start.stdout), (2, start.stderr)):
        if stream is not None:
            os.dup2(stream.fd, number, inheritable=True)
            if stream.fd > 2:
                os.close(stream.fd)
    os.environ.update(start.environment)
    if start.cwd:
        os.chdir(start.cwd)
    if start.stdout is not None:  # a spawned interpreter has made them by itself
        _renew_streams(start.unbuffered)
    _start_probe()
    _be_nobody(start.target)
    call = start.call
    if isinstance(call, Descriptor):
        with os.fdopen(call.fd, "rb") as source:
            call = source.read()
    _call(start.target, call)


def _start_probe() -> None:
    """Begin to record in a process that was forked from one without a recorder."""
    folder = os.environ.get("SPAWNSCOPE_PROBE")
    if not folder or "_spawnscope_probe" in sys.modules:
        return
    here = os.environ.get("PYTHONPATH", "").split(os.pathsep)[0]
    sys.path.insert(0, here)
    try:
        import importlib

        # Found on a path that the supervisor chose; this file itself needs nothing but Python.
        probe = importlib.import_module("_spawnscope_probe")
        reason = probe.start(folder)
        if reason:
            probe.skip(folder, reason)
    except Exception:  # noqa: BLE001 - the edge of the probe: the worker works without it
        pass
    finally:
        sys.path.remove(here)


def _call(target: str, call: bytes) -> None:
    import importlib
    import pickle

    module, _, path = target.partition(":")
    try:
        function: Any = importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not (module + ".").startswith(error.name + "."):
            raise  # it is there, and misses another one
        _refuse(f"There is no module '{error.name}'.")
    for part in path.split("."):
        try:
            function = getattr(function, part)
        except AttributeError:
            _refuse(f"'{module}' defines no '{path}'.")
    if not callable(function):
        _refuse(
            f"'{path}' of '{module}' cannot be called: it is of type {type(function).__name__}."
        )
    arguments, keywords = pickle.loads(call)
    function(*arguments, **keywords)


def _refuse(sentence: str) -> NoReturn:
    """There is nothing to call: the same words and exit status as before a start, where the source
    tells it."""
    print("spawnscope: " + sentence, file=sys.stderr, flush=True)
    sys.exit(_USAGE_STATUS)


def _belong(start: Start) -> None:
    """Die with the supervisor, be reachable as a group, have the user's own limits."""
    if start.group == "session":
        os.setsid()
    elif start.group == "group":
        os.setpgid(0, 0)
    else:
        os.setpgid(0, int(start.group))
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)  # the supervisor ignores it
    try:
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL), 0, 0, 0)
    except (ImportError, OSError, AttributeError):
        pass  # an interpreter without ctypes: the window ends what the supervisor leaves behind
    if start.supervisor and os.getppid() != start.supervisor:
        os._exit(1)  # it died before the kernel knew of our wish
    if start.files is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_NOFILE, start.files)


def _restore_signals() -> None:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            usual = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
            signal.signal(number, usual)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _close_all_but(keep: Any) -> None:
    for entry in os.listdir("/proc/self/fd"):
        descriptor = int(entry)
        if descriptor > 2 and descriptor not in keep:
            try:
                os.close(descriptor)
            except OSError:
                pass  # the one that listed the folder


def _renew_streams(unbuffered: bool) -> None:
    """Let sys.stdout and sys.stderr be what an interpreter would have made of descriptors 1, 2 at
    a terminal."""
    import io

    for name, descriptor, errors in (
        ("stdout", 1, getattr(sys.stdout, "errors", None) or "strict"),
        ("stderr", 2, "backslashreplace"),
    ):
        raw = io.FileIO(descriptor, "w", closefd=False)
        raw.name = f"<{name}>"
        # As CPython does: `-u` leaves out the buffer, so each write goes out at once.
        stream: Any = io.TextIOWrapper(
            raw if unbuffered else io.BufferedWriter(raw),
            encoding=getattr(sys.stdout, "encoding", None) or "utf-8",
            errors=errors,
            newline="\n",
            line_buffering=not unbuffered,
            write_through=unbuffered,
        )
        stream.mode = "w"
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _be_nobody(target: str) -> None:
    """Take Spawnscope out of what the user's code sees: its folder, its main module, its argv.

    The working directory comes first on the path, as for `python -m`.
    """
    import types

    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [os.getcwd()] + [p for p in sys.path if p and os.path.abspath(p) != here]
    sys.modules["__main__"] = types.ModuleType("__main__")
    sys.argv[:] = [target]


def _main() -> None:
    import pickle

    with os.fdopen(int(sys.argv[1]), "rb") as source:
        target, call = pickle.load(source)
    _be_nobody(target)
    _call(target, call)


if __name__ == "__main__":
    _main()
