"""A watched Python's stdout and stderr are what they are at a terminal, whatever its version."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest
from interpreters import VERSIONS, interpreters
from probing import PROBE

FACTS = """
import json, sys
def facts(s):
    raw = getattr(s.buffer, "raw", s.buffer)
    return [s.line_buffering, s.write_through, s.name, s.mode, s.encoding, s.errors, s.newlines,
            type(s).__name__, type(s.buffer).__name__, type(raw).__name__, raw.name, raw.mode,
            s is getattr(sys, "__%s__" % s.name[1:-1]), sorted(vars(s))]
json.dump([facts(sys.stdout), facts(sys.stderr)], open(sys.argv[1], "w"))
print(sys.stdout.isatty())
"""
PRINTS = """
import multiprocessing, os, subprocess, sys
def child(name):
    print(name, 1, "line")
    print(name, "at the end", end="")
if __name__ == "__main__":
    print("a", 1, "b")
    print("to stderr", 2, file=sys.stderr)
    print("flushed", 3, flush=True)
    sys.stdout.write("50 %\\r"); sys.stdout.write("100 %\\r")
    sys.stdout.buffer.write(b"raw 1\\n"); sys.stdout.buffer.write(b"raw 2\\n")
    sys.stdout.flush()
    for method in ("fork", "spawn", "forkserver"):
        process = multiprocessing.get_context(method).Process(target=child, args=(method,))
        process.start()
        process.join()
    code = "import sys; print(sys.stdout.line_buffering, sys.stderr.line_buffering)"
    subprocess.run([sys.executable, "-c", code])
    with open(os.devnull, "w") as nowhere:
        code = "import sys; print(sys.stdout.line_buffering, file=sys.stderr)"
        subprocess.run([sys.executable, "-c", code], stdout=nowhere)
    code = "import sys; print(sys.stdout.line_buffering)"
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE)
    print("in a pipe", done.stdout)
    print("whole"); print("begun", end=""); sys.stdout.buffer.write(b"buffered\\n")
    os.kill(os.getpid(), 9)
"""


def _python(version: str) -> str:
    if version not in interpreters():
        pytest.skip(f"there is no Python {version} here")
    return interpreters()[version]


def _written(command: list[Any], **variables: str) -> list[list[bytes]]:
    """Each single write of a program to stdout, and to stderr, which are its worker's own."""
    pairs = [socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _ in range(2)]
    places = [os.fstat(far.fileno()) for _, far in pairs]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    environment["PYTHONPATH"] = str(PROBE)
    environment["SPAWNSCOPE_OUTPUT"] = " ".join(f"{p.st_dev}:{p.st_ino}" for p in places)
    with subprocess.Popen(
        list(map(str, command)), env={**environment, **variables}, stdin=subprocess.DEVNULL,
        stdout=pairs[0][1], stderr=pairs[1][1],
    ):  # fmt: skip
        pass
    found = []
    for near, far in pairs:
        far.close()
        with near:
            found.append(list(iter(lambda near=near: near.recv(65536), b"")))
    return found


@pytest.mark.parametrize("flags", [[], ["-u"]])
@pytest.mark.parametrize("version", VERSIONS)
def test_the_streams_have_the_attributes_that_they_have_at_a_terminal(
    version: str, flags: list[str], tmp_path: Path
) -> None:
    command = [_python(version), *flags, "-c", FACTS]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    near, far = os.openpty()
    try:
        subprocess.run(
            [*command, tmp_path / "terminal"], env=environment,
            stdin=subprocess.DEVNULL, stdout=far, stderr=far, check=True, timeout=60,
        )  # fmt: skip
    finally:
        os.close(near)
        os.close(far)
    out, err = _written([*command, tmp_path / "watched"])
    assert b"".join(out) == b"False\n"  # isatty stays what it is
    assert err == []
    terminal, watched = (
        json.loads((tmp_path / name).read_text()) for name in ("terminal", "watched")
    )
    assert watched == terminal


@pytest.mark.parametrize("version", VERSIONS)
def test_a_line_is_one_write_also_of_children_and_what_is_lost_is_lost_as_at_a_terminal(
    version: str, tmp_path: Path
) -> None:
    script = tmp_path / "prints.py"
    script.write_text(PRINTS)
    out, err = _written([_python(version), script])
    assert out == [
        b"a 1 b\n", b"flushed 3\n", b"50 %\r", b"100 %\r", b"raw 1\nraw 2\n",
        b"fork 1 line\n", b"fork at the end",
        b"spawn 1 line\n", b"spawn at the end",
        b"forkserver 1 line\n", b"forkserver at the end",
        b"True True\n", b"in a pipe b'False\\n'\n", b"whole\n",
    ]  # fmt: skip
    assert err == [b"to stderr 2\n", b"False\n"]


@pytest.mark.parametrize("wish", [{"PYTHONUNBUFFERED": "1"}, {"PYTHONPATH": ""}])
def test_who_wants_another_buffering_has_it(wish: dict[str, str]) -> None:
    python = next(iter(interpreters().values()))
    out, _ = _written([python, "-c", "print('a', 'b'); print('c')"], **wish)
    assert out == (
        [b"a", b" ", b"b", b"\n", b"c", b"\n"] if "1" in wish.values() else [b"a b\nc\n"]
    )


@pytest.mark.parametrize("version", ["2.7", "3.6", "3.7"])
def test_older_pythons_write_a_line_at_once_too(version: str) -> None:
    roots = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    if not roots:
        pytest.skip(f"there is no Python {version} here")
    code = (
        "import os, sys\n"
        "for n in range(2): sys.stdout.write('a'); sys.stdout.write('%d\\n' % n)\n"
        "sys.stderr.write('c\\n'); sys.stdout.write('lost'); os.kill(os.getpid(), 9)\n"
    )
    assert _written([roots[0], "-B", "-c", code]) == [[b"a0\n", b"a1\n"], [b"c\n"]]
    out, _ = _written([roots[0], "-B", "-u", "-c", code])
    lost = b"lost" if version != "3.6" else b""  # where -u is for what is below the text
    assert b"".join(out) == b"a0\na1\n" + lost
