"""Which Python a worker gets, and what that Python is.

An interpreter is asked once, by running it, and the answer is kept until the program or its
pyvenv.cfg changes. Our own is never run: we know it. Any thread may call.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import msgspec

from ..translation import tr

ANSWER_LIMIT = 1 << 20  # bytes: no interpreter says more about itself

# One line that no shell can parse, so that /bin/sh taken for a Python runs nothing of it. It drops
# the '' that -c puts first on sys.path: a json.py in the working directory must not be imported.
_QUESTION = """
import sys
if sys.path[:1] == ['']: del sys.path[0]
import json
known = ('_frozen_importlib', '_frozen_importlib_external', '_distutils_hack', '_virtualenv')
def home(finder): return getattr(finder, '__module__', None) or type(finder).__module__
sys.stdout.write('\\nspawnscope:' + json.dumps({
    'version': list(sys.version_info[:3]),
    'implementation': getattr(getattr(sys, 'implementation', None), 'name', 'cpython'),
    'prefix': sys.prefix,
    'sys_path': [entry for entry in sys.path if entry],
    'builtin_modules': list(sys.builtin_module_names),
    'hooked': any(home(finder) not in known for finder in sys.meta_path),
}) + '\\n')
"""  # untranslated: source
_CODE = f"exec({_QUESTION!r})"
_MARK = b"\nspawnscope:"


class InterpreterError(Exception):
    """Why something is no usable Python interpreter: one sentence."""


class InterpreterInfo(msgspec.Struct, frozen=True):
    """What an interpreter is. `path`: absolute, a venv's symbolic link not followed; `sys_path`:
    without the folder of a script; `hooked`: it has import hooks of its own (an editable install),
    so a module may exist that its path does not show; `own`: it is the one that runs us."""

    path: str
    version: tuple[int, int, int]
    implementation: str
    prefix: str
    sys_path: tuple[str, ...]
    builtin_modules: tuple[str, ...]
    hooked: bool
    own: bool = False

    @property
    def label(self) -> str:
        """For a sentence: `Python 3.12.1`."""
        name = "Python" if self.implementation == "cpython" else self.implementation
        return f"{name} {'.'.join(map(str, self.version))}"


def default_interpreter() -> str:
    """The python of $VIRTUAL_ENV if there is one, else the one that runs us."""
    folder = os.environ.get("VIRTUAL_ENV", "")
    python = os.path.join(folder, "bin", "python")
    return os.path.abspath(python) if folder and os.path.exists(python) else sys.executable


def locate(path: str) -> str:
    """The absolute path of the program meant by a path, a name on PATH or a venv's folder.

    "" stands for the default. Raises InterpreterError.
    """
    if not path:
        return default_interpreter()
    path = os.path.expanduser(path)
    if os.sep not in path:
        import shutil

        found = shutil.which(path)
        if found is None:
            raise InterpreterError(tr("There is no interpreter '{path}' on PATH.", path=path))
        return os.path.abspath(found)
    path = os.path.abspath(path)
    if os.path.isdir(path):
        python = os.path.join(path, "bin", "python")
        if not os.path.exists(python):
            raise InterpreterError(
                tr("'{path}' is a folder, but no virtual environment.", path=path)
            )
        return python
    if not os.path.exists(path):
        if os.path.islink(path):
            raise InterpreterError(
                tr(
                    "The interpreter '{path}' is a link to '{path2}', which is missing.",
                    path=path,
                    path2=os.readlink(path),
                )
            )
        raise InterpreterError(tr("There is no interpreter '{path}'.", path=path))
    if not os.access(path, os.X_OK):
        raise InterpreterError(tr("The interpreter '{path}' is not executable.", path=path))
    return path


def is_own(path: str) -> bool:
    """Whether the program at `path` is the interpreter that runs us, with the same environment."""
    if path == sys.executable:
        return True
    return os.path.realpath(path) == os.path.realpath(sys.executable) and _environment_of(
        path
    ) == _environment_of(sys.executable)


def known(path: str) -> InterpreterInfo | None:
    """What `describe` would answer without running anything; None when it had to run it."""
    try:
        located = locate(path)
    except InterpreterError:
        return None
    if is_own(located):
        return _ourselves(located)
    entry = _answers.get(located)
    return entry[1] if entry is not None and entry[0] == _stamp(located) else None


def describe(path: str, timeout: float = 10) -> InterpreterInfo:
    """What the interpreter at `path` is; `path` as for `locate`. Raises InterpreterError.

    Runs the program at most once for each state of it, with stdin closed and our environment,
    and waits `timeout` seconds for its answer.
    """
    info = known(path)
    if info is not None:
        return info
    located = locate(path)
    stamp = _stamp(located)
    answer = _ask(located, timeout)
    info = msgspec.convert({**answer, "path": located, "own": False}, InterpreterInfo)
    _answers[located] = (stamp, info)
    return info


_answers: dict[str, tuple[tuple[int, ...], InterpreterInfo]] = {}


def _environment_of(path: str) -> str:
    """The folder whose pyvenv.cfg governs the program at `path`; "" when there is none."""
    here = os.path.dirname(os.path.abspath(path))
    for folder in (here, os.path.dirname(here)):
        if os.path.exists(os.path.join(folder, "pyvenv.cfg")):
            return os.path.realpath(folder)
    return ""


def _stamp(path: str) -> tuple[int, ...]:
    here = os.path.dirname(path)
    marks = []
    for file in (path, os.path.join(os.path.dirname(here), "pyvenv.cfg")):
        try:
            state = os.stat(file)
            marks += [state.st_mtime_ns, state.st_size, state.st_ino]
        except OSError:
            marks.append(0)
    return tuple(marks)


def _ourselves(path: str) -> InterpreterInfo:
    return InterpreterInfo(
        path=path,
        version=sys.version_info[:3],
        implementation=sys.implementation.name,
        prefix=sys.prefix,
        sys_path=tuple(entry for entry in sys.path if entry),
        builtin_modules=tuple(sys.builtin_module_names),
        hooked=False,  # the module search can ask our own hooks
        own=True,
    )


def _ask(path: str, timeout: float) -> dict[str, Any]:
    """Run the interpreter and return its answer. Raises InterpreterError."""
    code, out, err = _run(path, timeout)
    start = out.rfind(_MARK)
    if start >= 0:
        try:
            answer = json.loads(out[start + len(_MARK) :].split(b"\n", 1)[0])
        except ValueError:
            answer = None
        if isinstance(answer, dict):
            return answer
    said = [line for line in (err or out).decode("utf-8", "replace").splitlines() if line.strip()]
    # A traceback ends with its point; other programs begin with theirs, or repeat our question.
    line = (said[-1] if said[0].startswith("Traceback") else said[0]).strip() if said else ""
    if not line or "exec(" in line:
        line = tr("exit status {code}", code=code)
    raise InterpreterError(
        tr("'{path}' is no Python interpreter: it answered \"{line}\".", path=path, line=line[:160])
    )


def _run(path: str, timeout: float) -> tuple[int, bytes, bytes]:
    """Exit status, stdout and stderr of the question put to `path`, in a session of its own so
    that whatever it starts can be ended with it."""
    import selectors
    import signal
    import subprocess
    import time

    try:
        process = subprocess.Popen(
            [path, "-c", _CODE],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        reason = error.strerror or str(error)
        raise InterpreterError(
            tr("The interpreter '{path}' cannot be run: {reason}.", path=path, reason=reason)
        ) from None
    assert process.stdout is not None
    assert process.stderr is not None
    taken: dict[int, bytearray] = {}
    deadline = time.monotonic() + timeout
    try:
        with process, selectors.DefaultSelector() as selector:
            for pipe in (process.stdout, process.stderr):
                taken[pipe.fileno()] = bytearray()
                selector.register(pipe, selectors.EVENT_READ)
            out, err = taken.values()
            try:
                while selector.get_map():
                    ready = selector.select(max(0.0, deadline - time.monotonic()))
                    if not ready:
                        raise InterpreterError(
                            tr(
                                "'{path}' did not answer within {timeout:g} seconds; a "
                                "Python interpreter would.",
                                path=path,
                                timeout=timeout,
                            )
                        )
                    for key, _ in ready:
                        piece = os.read(key.fd, 65536)
                        taken[key.fd] += piece
                        if not piece:
                            selector.unregister(key.fileobj)
                        elif len(taken[key.fd]) > ANSWER_LIMIT:
                            raise InterpreterError(
                                tr(
                                    "'{path}' writes without end; it is no Python interpreter.",
                                    path=path,
                                )
                            )
                process.wait(max(0.05, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                raise InterpreterError(
                    tr(
                        "'{path}' did not end within {timeout:g} seconds.",
                        path=path,
                        timeout=timeout,
                    )
                ) from None
            finally:
                if process.returncode is None:
                    os.killpg(process.pid, signal.SIGKILL)  # its leader is not reaped: still ours
    except ProcessLookupError:
        raise InterpreterError(tr("'{path}' ended while it was asked.", path=path)) from None
    return process.returncode, bytes(out), bytes(err)
