"""The place of an operation is the user's own code; that of a library in between is told second."""

from __future__ import annotations

from pathlib import Path

from probing import recorded

from spawnscope.core.probe._spawnscope_probe import layout
from spawnscope.core.vocabulary.operation import VIA

LIBRARY = """\
import multiprocessing

class Client:
    def __init__(self):
        self.calls = multiprocessing.Queue()

    def ask(self, number):
        self.calls.put(number)
        return self.calls.get()

def main():
    print(Client().ask(2))
"""
PROGRAM = """\
import sys
sys.path.append(sys.argv[1])
import client

def ask():
    made = client.Client()
    return made.ask(1)

print(ask())
own = client.multiprocessing.Lock()
own.acquire()
number = client.multiprocessing.Value("i")
with number.get_lock():
    number.value += 1
"""


def test_the_place_is_that_of_the_users_own_code(tmp_path: Path) -> None:
    program = tmp_path / "asks.py"
    program.write_text(PROGRAM)
    installed = tmp_path / "lib" / "python3" / "site-packages"
    installed.mkdir(parents=True)
    library = installed / "client.py"
    library.write_text(LIBRARY)
    events = recorded(tmp_path, program, installed)
    calls = events.object("Queue", "self.calls")
    assert (calls["site"], calls["via"]) == (f"{program}:6", f"{library}:5")
    told = events.of("operation", object=calls["object"])
    assert [(each["operation"], each["site"], each["via"]) for each in told] == [
        ("put", f"{program}:7", f"{library}:8"),
        ("get", f"{program}:7", f"{library}:9"),
    ]
    own = events.object("Lock", "own")
    assert (own["site"], own["via"]) == (f"{program}:10", "")
    (taken,) = events.of("operation", object=own["object"])
    assert (taken["site"], taken["via"]) == (f"{program}:11", "")
    # A Value's properties are code that multiprocessing makes up; each release has a record, also
    # that of a lock that was acquired again meanwhile.
    number = events.object("Value", "number")["object"]
    told = events.of("operation", object=number)
    assert [(each["operation"], each["argument"], each["site"]) for each in told] == [
        ("acquire", 1, f"{program}:13"),
        ("acquire", 2, f"{program}:14"),
        ("release", 1, f"{program}:14"),
        ("acquire", 3, f"{program}:14"),
        ("release", 2, f"{program}:14"),
        ("release", 3, f"{program}:13"),
    ]
    assert not events.of("operations_lost")


def test_a_program_that_is_a_library_itself_has_its_own_places(tmp_path: Path) -> None:
    program = tmp_path / "site-packages" / "client.py"
    program.parent.mkdir()
    program.write_text(LIBRARY + "main()\n")
    events = recorded(tmp_path, program)
    calls = events.object("Queue", "self.calls")
    assert (calls["site"], calls["via"]) == (f"{program}:5", "")


def test_both_sides_divide_a_place_alike() -> None:
    assert layout.VIA == VIA
