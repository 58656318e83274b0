"""When lines come: at once where somebody looks on, gathered in a flood, and always in order."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from live import Live
from recording import TIMEOUT, record, spawnscope

from spawnscope.core.session.reader import SessionReader
from spawnscope.core.supervisor.line_assembler import LineAssembler
from spawnscope.core.vocabulary.events import MessagesCommitted, SessionOpened, Stream
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, StartMethod, TargetKind
from spawnscope.core.vocabulary.message import UNTERMINATED, Message

PROMPT = "try:\n    input('> ')\nexcept EOFError:\n    pass\nprint('after')\ninput('name? ')\n"
# Two processes take turns, so the order of what they write is known.
IN_TURN = """
import os, sys
pieces = eval(open(sys.argv[1]).read())
there, back = os.pipe(), os.pipe()
child = not os.fork()
mine, theirs = (there[0], back[1]) if child else (back[0], there[1])
if not child: os.write(back[1], b".")
for turn in range(len(pieces) // 2):
    os.read(mine, 1)
    os.write(1, pieces[2 * turn + child])
    os.write(theirs, b".")
if not child: os.wait()
"""


@pytest.fixture(autouse=True)
def buffered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests may have wished for something else."""
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)


def _script(folder: Path, text: str, **fields: object) -> LaunchSpec:
    path = folder / "program.py"
    path.write_text(text)
    return LaunchSpec(kind=TargetKind.SCRIPT, target=str(path), **fields)  # type: ignore[arg-type]


def _messages(live: Live) -> list[Message]:
    reader = SessionReader(live.path)
    try:
        return reader.messages.page(1, reader.messages.last_id())
    finally:
        reader.close()


@pytest.mark.parametrize("method", list(StartMethod))
def test_a_function_has_the_streams_of_a_terminal(method: StartMethod, tmp_path: Path) -> None:
    (tmp_path / "facts.py").write_text(
        "import sys\n"
        "def say():\n"
        "    for s in (sys.stdout, sys.stderr):\n"
        "        print(s.line_buffering, s.write_through, s.name, s.mode, s.buffer.name,\n"
        "              s.buffer.mode, type(s.buffer).__name__)\n"
        "    print('begun', end='')\n"
    )
    spec = LaunchSpec(
        kind=TargetKind.FUNCTION, target="facts:say", cwd=str(tmp_path), start_method=method
    )
    with Live(tmp_path / "s.spawnscope") as live:
        root = live.launch(spec)[0]
        assert live.exited(root).exit_code == 0
        assert live.texts(root) == [
            "True False <stdout> w <stdout> wb BufferedWriter",
            "True False <stderr> w <stderr> wb BufferedWriter",
            "begun",
        ]


def test_unbuffered_is_a_wish_and_a_python_that_is_not_reached_is_unbuffered(
    tmp_path: Path,
) -> None:
    program = "import os, sys; print(sys.stdout.write_through, os.environ.get('PYTHONUNBUFFERED'))"
    with Live(tmp_path / "s.spawnscope") as live:
        for spec in (
            _script(tmp_path, program),
            _script(tmp_path, program, unbuffered=True),
            *(
                LaunchSpec(kind=TargetKind.COMMAND, target=sys.executable, arguments=arguments)
                for arguments in (
                    ("-W", "ignore", "-S", "-c", program), ("-BSc", program), ("-c", program, "-S")
                )
            ),
        ):  # fmt: skip
            live.exited(live.launch(spec)[0])
        said = [m.text for m in _messages(live) if m.stream == Stream.STDOUT]
    assert said == ["False None", "True 1", "True 1", "True 1", "False None"]


def test_a_prompt_stands_before_what_follows_it_also_at_the_end_of_input(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        root = live.launch(_script(tmp_path, PROMPT))[0]
        assert live.exited(root).exit_code == 1
        found = [(m.text, m.stream, m.flags) for m in _messages(live)]
    # What goes on by the same stream goes on in the same line, as at a terminal.
    assert found[0] == ("> after", Stream.STDOUT, 0)
    assert found[1] == ("name? ", Stream.STDOUT, UNTERMINATED)
    assert found[2][:2] == ("Traceback (most recent call last):", Stream.STDERR)
    assert [stream for _, stream, _ in found[2:]] == [Stream.STDERR] * (len(found) - 2)


def test_record_passes_a_prompt_on_before_what_follows_it(tmp_path: Path) -> None:
    spec = _script(tmp_path, PROMPT)
    out = record("--quiet", spec.target, stderr=subprocess.STDOUT).stdout
    assert out.startswith(b"> after\nname? Traceback (most recent call last):\n"), out


def test_a_progress_bar_stays_one_line_whatever_comes_by_the_other_stream(tmp_path: Path) -> None:
    text = (
        "import array, fcntl, sys, termios\n"
        "def taken(descriptor, left=array.array('i', [1])):\n"
        "    while left[0]: fcntl.ioctl(descriptor, termios.TIOCOUTQ, left)\n"
        "for n in range(5):\n"
        "    sys.stderr.write('\\r%d %%' % n); sys.stderr.flush(); taken(2)\n"
        "    print('step', n); taken(1)\n"
        "sys.stderr.write('\\n')\n"
    )
    with Live(tmp_path / "s.spawnscope") as live:
        live.exited(live.launch(_script(tmp_path, text))[0])
        found = [m.text for m in _messages(live)]
    assert sorted(found) == ["4 %", *(f"step {n}" for n in range(5))]


def test_a_live_line_is_in_the_session_within_50_ms(tmp_path: Path) -> None:
    text = (
        "import sys, time\n"
        "for line in sys.stdin: pass\n"
        "for n in range(20): time.sleep(0.06); print(time.time_ns())\n"
    )
    with Live(tmp_path / "s.spawnscope") as live:
        root = live.launch(_script(tmp_path, text))[0]
        late: list[float] = []
        committed = 0

        def all_here() -> bool:
            nonlocal committed
            events = live.of(MessagesCommitted)[committed:]
            committed += len(events)
            if events and (now := time.time_ns()):
                late.extend((now - int(t)) / 1e6 for t in live.texts(root)[len(late) :])
            return len(late) == 20

        live.until(all_here)
    # A busy machine is late now and then; what we wait on purpose is in all of them.
    assert sorted(late)[5] < 50, late


def test_a_flood_does_not_wake_us_for_each_line(tmp_path: Path) -> None:
    # A line every 0.1 ms: slower than one is read, faster than anybody looks.
    text = (
        "import time\n"
        "due = time.monotonic()\n"
        "for n in range(4000):\n"
        "    due += 0.0001\n"
        "    while time.monotonic() < due: pass\n"
        "    print('line', n)\n"
    )
    with Live(tmp_path / "s.spawnscope") as live:
        pid = live.until(lambda: live.of(SessionOpened))[0].supervisor_pid
        before = _times_it_slept(pid)
        root = live.launch(_script(tmp_path, text))[0]
        live.exited(root)
        slept = _times_it_slept(pid) - before
        assert live.texts(root) == [f"line {n}" for n in range(4000)]
    assert slept < 1000


def _times_it_slept(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("\nvoluntary_ctxt_switches:")[2].split()[0])


@pytest.mark.parametrize("kinds", ["lines", "everything"])
def test_writers_that_take_turns_keep_their_order_and_their_lines(
    kinds: str, tmp_path: Path
) -> None:
    chance = random.Random(os.environ.get("SEED", "turns"))
    pieces = []
    for number in range(6000):
        line = b"%d\n" % number
        odd = [
            b"",
            b"%d..." % number,
            b"\r",
            b"\r%d %%" % number,
            line * 3,
            b"x" * 1024,
            b"y" * 5000,
        ]
        pieces.append(line if kinds == "lines" or chance.random() < 0.8 else chance.choice(odd))
    (tmp_path / "pieces").write_text(repr(pieces))
    spec = _script(tmp_path, IN_TURN, arguments=(str(tmp_path / "pieces"),))
    with Live(tmp_path / "s.spawnscope") as live:
        root = live.launch(spec)[0]
        live.exited(root)
        (child,) = live.below(root)
        live.exited(child.process)
        found = _messages(live)
    for process, own in ((root, pieces[::2]), (child.process, pieces[1::2])):
        assembler = LineAssembler()
        expected = [line for piece in own for line in _texts(assembler.feed(piece))]
        expected += _texts(assembler.finish())
        assert [m.raw for m in found if m.process == process] == expected
    order = [m.raw for m in found if m.raw.isdigit()]
    whole = [p[:-1] for p in pieces if p[:-1].isdigit() and p.endswith(b"\n")]
    if kinds == "lines":
        assert order == whole


def _texts(found: list) -> list[bytes]:  # type: ignore[type-arg]
    return [text for lines in found for text in lines.body.split(b"\n")]


def test_what_is_passed_on_is_whole_lines_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    pieces = [b"%d\n" % number for number in range(6000)]
    (tmp_path / "pieces").write_text(repr(pieces))
    spec = _script(tmp_path, IN_TURN)
    command = spawnscope("record", "--quiet", spec.target, tmp_path / "pieces")
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT)
    assert done.stdout == b"".join(pieces)
