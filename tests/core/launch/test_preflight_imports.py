"""What the pre-flight check says about modules and functions, which Python finds by import."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spawnscope.core.vocabulary.launch_spec import StartMethod, TargetKind

MODULE, FUNCTION = TargetKind.MODULE, TargetKind.FUNCTION

Check = Callable[..., list[tuple[str, str]]]
Write = Callable[..., str]

pytestmark = pytest.mark.usefixtures("own_interpreter")

JOBS = """
    import asyncio
    import os.path as paths
    from functools import cache

    LIMIT = 3
    first, (second, *rest) = 1, (2, 3)
    declared: int

    def work(a, b=2): ...
    def exact(): ...
    def positional(a, b, /): ...
    def named(*, key, other=1): ...
    def anything(*args, **kwargs): ...
    async def fetch(): ...
    @cache
    def decorated(a): ...

    class Job:
        def run(self): ...
    class Child(Job): ...

    if LIMIT:
        def conditional(): ...
    try:
        import missing_module
    except ImportError:
        def fallback(): ...
    for loop_name in ():
        pass
    with open(__file__) as opened:
        pass
    def setter():
        global made_later
        made_later = print
"""


# Modules


def test_modules_of_every_sort_are_found(check: Check, write: Write, tmp_path: Path) -> None:
    write("single.py")
    write("pkg/__init__.py")
    write("pkg/__main__.py")
    write("pkg/deep/__init__.py")
    write("pkg/deep/leaf.py")
    write("space/inner/leaf.py")
    with zipfile.ZipFile(tmp_path / "lib.zip", "w") as archive:
        archive.writestr("zipped/__init__.py", "")
        archive.writestr("zipped/leaf.py", "def f(a): ...")
    for name in ("single", "pkg", "pkg.deep.leaf", "space.inner.leaf", "json.tool", "timeit"):
        assert check(MODULE, name) == [], name
    zipped = {"environment": {"PYTHONPATH": "lib.zip"}}
    assert check(MODULE, "zipped.leaf", **zipped) == []
    assert check(MODULE, "zipped.leaf")[0][0] == "target"
    assert check(FUNCTION, "zipped.leaf:f", 1, **zipped) == []
    assert "defines no 'g'" in check(FUNCTION, "zipped.leaf:g", **zipped)[0][1]


def test_a_missing_module_is_named_down_to_the_missing_part(check: Check, write: Write) -> None:
    write("etl/__init__.py")
    write("etl/reader.py")
    assert "no module 'elt' in" in check(MODULE, "elt")[0][1]
    assert "Did you mean 'etl'?" in check(MODULE, "elt.reader")[0][1]
    assert "no module 'etl.raeder'. Did you mean 'reader'?" in check(MODULE, "etl.raeder")[0][1]
    assert "'etl.reader' is a module, not a package" in check(MODULE, "etl.reader.x")[0][1]


def test_a_module_made_this_instant_is_found(check: Check, write: Write, tmp_path: Path) -> None:
    assert check(MODULE, "fresh")
    before = tmp_path.stat()
    write("fresh.py")
    # As if no tick of the file system's clock had passed, which import caches go by.
    os.utime(tmp_path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert check(MODULE, "fresh") == []


def test_a_package_needs_a_main_to_be_run(check: Check, write: Write) -> None:
    write("pkg/__init__.py")
    assert "package without __main__.py" in check(MODULE, "pkg")[0][1]
    assert "compiled into a library" in check(MODULE, "math")[0][1]


def test_a_package_that_extends_its_path_gets_the_benefit_of_the_doubt(
    check: Check, write: Write
) -> None:
    write("pkg/__init__.py", "__path__.append('/elsewhere')\n")
    assert check(MODULE, "pkg.plugin") == []
    assert check(FUNCTION, "os.path:join", "a") == []


def test_the_working_directory_comes_first(check: Check, write: Write) -> None:
    write("json.py", "def only_here(): ...")
    assert check(FUNCTION, "json:only_here") == []
    assert "defines no 'dumps'" in check(FUNCTION, "json:dumps")[0][1]


def test_modules_are_looked_for_where_that_interpreter_looks(
    check: Check, tmp_path: Path, write: Write
) -> None:
    folder = tmp_path / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    assert "no module 'msgspec'" in check(MODULE, "msgspec", interpreter=str(folder))[0][1]
    site = next((folder / "lib").glob("python*/site-packages"))
    (site / "only_there.py").write_text("")
    (site / "built.cpython-399-x86_64-linux-gnu.so").write_text("")
    assert check(MODULE, "only_there", interpreter=str(folder)) == []
    assert "compiled" in check(MODULE, "built", interpreter=str(folder))[0][1]
    assert check(MODULE, "only_there")


# Functions


@pytest.mark.parametrize(
    "target",
    [
        "jobs:work", "jobs:conditional", "jobs:fallback", "jobs:decorated", "jobs:anything",
        "jobs:paths", "jobs:second", "jobs:rest", "jobs:loop_name", "jobs:opened",
        "jobs:made_later", "jobs:asyncio.run", "jobs:Job", "jobs:Job.run", "jobs:Child.run",
    ],
)  # fmt: skip
def test_names_bound_anywhere_at_the_top_level_count(
    target: str, check: Check, write: Write
) -> None:
    write("jobs.py", JOBS)
    assert not [fault for fault in check(FUNCTION, target, 1) if fault[0] == "target"]


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("jobs:wrok", "'jobs' defines no 'wrok'. Did you mean 'work'?"),
        ("jobs:declared", "'jobs' defines no 'declared'."),
        ("jobs:missing", "defines no 'missing'"),
        ("jobs:Job.rum", "The class 'Job' of 'jobs' defines no 'rum'. Did you mean 'run'?"),
        ("jobs:fetch", "'fetch' is a coroutine function"),
    ],
)
def test_a_function_that_is_not_there_is_a_fault(
    target: str, sentence: str, check: Check, write: Write
) -> None:
    write("jobs.py", JOBS)
    [(field, said)] = check(FUNCTION, target)
    assert field == "target"
    assert sentence in said


@pytest.mark.parametrize(
    "source",
    [
        "from os.path import *",
        "def __getattr__(name): ...",
        "globals()['f'] = print",
        "import sys\nsys.modules[__name__] = object()",
        "exec('def f(): ...')",
    ],
)
def test_what_only_running_would_tell_passes(source: str, check: Check, write: Write) -> None:
    write("jobs.py", source)
    assert check(FUNCTION, "jobs:f") == []


def test_what_python_only_warns_about_is_no_fault(check: Check, write: Write) -> None:
    write("jobs.py", "pattern = '\\d'\ndef f(): return 1 is 1\n")
    assert check(FUNCTION, "jobs:f") == []
    assert "defines no 'g'" in check(FUNCTION, "jobs:g")[0][1]


def test_a_module_without_source_passes(check: Check) -> None:
    assert check(FUNCTION, "math:sqrt", 4) == []
    assert check(FUNCTION, "math:whatever") == []


def test_a_function_of_a_broken_module_gives_the_line(check: Check, write: Write) -> None:
    write("jobs.py", "\n\ndef f(:\n")
    assert "jobs.py', line 3: invalid syntax" in check(FUNCTION, "jobs:f")[0][1]


@pytest.mark.parametrize(
    ("target", "arguments", "keywords", "faults"),
    [
        ("work", (1,), {}, []),
        ("work", (1, 2), {}, []),
        ("work", (), {"a": 1}, []),
        ("work", (1,), {"b": 1}, []),
        ("work", (1, 2, 3), {}, [("arguments", "work() takes 2 arguments, 3 given.")]),
        ("exact", (1,), {}, [("arguments", "exact() takes no arguments, 1 given.")]),
        ("work", (), {}, [("arguments", "work() is missing the argument 'a'.")]),
        ("positional", (), {}, [
            ("arguments", "positional() is missing the arguments 'a' and 'b'."),
        ]),
        ("positional", (1,), {"b": 2}, [
            ("keywords", "positional() takes 'b' by position only."),
        ]),
        ("work", (1,), {"a": 2}, [
            ("keywords", "work() is given 'a' twice: by position and by name."),
        ]),
        ("named", (), {"kye": 2}, [
            ("keywords", "named() has no parameter 'kye'. Did you mean 'key'?"),
        ]),
        ("named", (), {}, [("keywords", "named() is missing the argument 'key', given by name.")]),
        ("named", (1,), {"key": 1}, [
            ("arguments", "named() takes no arguments by position, 1 given."),
        ]),
        ("named", (), {"key": 1}, []),
        ("anything", (1, 2, 3), {"x": 1}, []),
        ("decorated", (1, 2, 3), {"x": 1}, []),
        ("Job", (1, 2, 3), {}, []),
        ("Job.run", (), {}, [("arguments", "run() is missing the argument 'self'.")]),
    ],
)  # fmt: skip
def test_arguments_must_fit_a_plain_function(
    target: str, arguments: Any, keywords: Any, faults: Any, check: Check, write: Write
) -> None:
    write("jobs.py", JOBS)
    assert check(FUNCTION, f"jobs:{target}", *arguments, keywords=keywords) == faults


def test_arguments_that_cannot_be_pickled_are_a_fault(check: Check, write: Write) -> None:
    write("jobs.py", JOBS)
    faults = check(
        FUNCTION, "jobs:anything", [threading.Lock()], keywords={"key": {"f": lambda: 0}}
    )
    assert [field for field, _ in faults] == ["arguments", "keywords"]
    assert faults[0][1].startswith("arguments[0][0] cannot be pickled: it is a _thread.lock")
    assert faults[1][1].startswith("keywords['key']['f'] cannot be pickled: it is a lambda")


@pytest.mark.parametrize("method", list(StartMethod))
def test_only_spawn_starts_another_interpreter(
    method: StartMethod, check: Check, write: Write, interpreter: str
) -> None:
    write("jobs.py", JOBS)
    faults = check(FUNCTION, "jobs:exact", interpreter=interpreter, start_method=method)
    if method is StartMethod.SPAWN:
        assert faults == []
    else:
        [(field, sentence)] = faults
        assert field == "start_method"
        assert sentence.endswith("Choose spawn.")
