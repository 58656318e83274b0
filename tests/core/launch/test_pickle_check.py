"""Which part of a value cannot be pickled, for each class of failure."""

from __future__ import annotations

import collections
import dataclasses
import functools
import io
import multiprocessing
import os
import pickle
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawnscope.core.launch.call import CallError, pickle_call
from spawnscope.core.launch.pickle_check import pickle_fault


class Plain:
    def __init__(self, **parts: Any) -> None:
        self.__dict__.update(parts)

    def method(self) -> None:
        """To be bound."""


class Slotted:
    __slots__ = ("lock", "number")

    def __init__(self, lock: Any) -> None:
        self.number = 1
        self.lock = lock


@dataclasses.dataclass
class Record:
    name: str
    handler: Any


class WithState:
    def __init__(self, state: Any) -> None:
        self.state = state

    def __getstate__(self) -> Any:
        return self.state

    def __setstate__(self, state: Any) -> None:
        self.state = state


class Reduced:
    def __init__(self, part: Any) -> None:
        self.part = part

    def __reduce__(self) -> Any:
        return Reduced, (self.part,)


class Refuses:
    def __reduce__(self) -> Any:
        raise TypeError("not today")


class ListOf(list):  # type: ignore[type-arg]
    pass


class Endless:
    def __getstate__(self) -> Any:
        return Endless()


def _generator() -> Any:
    yield 1


def _lock() -> Any:
    return threading.Lock()


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (_lock, "arguments[0]"),
        (lambda: {"a": [0, (1, _lock())]}, "arguments[0]['a'][1][1]"),
        (lambda: {3: _lock()}, "arguments[0][3]"),
        (lambda: {_lock(): 1}, "(a key of arguments[0])"),
        (lambda: {_lock()}, "(an element of arguments[0])"),
        (lambda: frozenset([_lock()]), "(an element of arguments[0])"),
        (lambda: Plain(handler=Plain(lock=_lock())), "arguments[0].handler.lock"),
        (lambda: Record("log", [_lock()]), "arguments[0].handler[0]"),
        (lambda: Slotted(_lock()), "arguments[0].lock"),
        (lambda: WithState({"inner": _lock()}), "arguments[0].inner"),
        (lambda: WithState([1, _lock()]), "(the state of arguments[0])[1]"),
        (lambda: Reduced(_lock()), "(what arguments[0] is made of)[0]"),
        (lambda: ListOf([1, _lock()]), "arguments[0][1]"),
        (lambda: collections.OrderedDict(a=_lock()), "arguments[0]['a']"),
        (lambda: collections.deque([_lock()]), "arguments[0][0]"),
        (lambda: functools.partial(print, 1, _lock()), "arguments[0].args[1]"),
        (lambda: functools.partial(print, end=_lock()), "arguments[0].keywords['end']"),
        (lambda: Plain(lock=_lock()).method, "arguments[0].__self__.lock"),
        (lambda: ValueError("bad", _lock()), "(what arguments[0] is made of)[1]"),
    ],
)
def test_the_path_leads_to_the_lock(make: Any, path: str) -> None:
    sentence = pickle_fault((make(),), "arguments")
    assert sentence == (
        f"{path} cannot be pickled: it is a _thread.lock (cannot pickle '_thread.lock' object)."
    )


def test_the_first_culprit_of_several_is_named() -> None:
    sentence = pickle_fault([1, Plain(a=1, b=_lock(), c=_lock())], "value")
    assert sentence is not None
    assert sentence.startswith("value[1].b ")


def test_a_lambda_and_a_local_function_are_explained() -> None:
    def local() -> None:
        """Found by no name."""

    assert "it is a lambda" in str(pickle_fault({"key": lambda: 0}, "keywords"))
    sentence = str(pickle_fault({"key": local}, "keywords"))
    assert sentence.startswith("keywords['key'] cannot be pickled: it is a local function, and a")
    assert "looks it up by name" in sentence


def test_a_local_class_and_its_instance_are_explained() -> None:
    class Local:
        pass

    assert "arguments[0] cannot be pickled: it is a local class" in str(
        pickle_fault((Local,), "arguments")
    )
    assert "its class " in str(pickle_fault((Local(),), "arguments"))
    assert "is local to a function" in str(pickle_fault(([Local()],), "arguments"))


def test_a_function_that_a_decorator_replaced_is_explained() -> None:
    original = _generator
    fake = functools.wraps(original)(lambda: None)
    assert "not the same object" in str(pickle_fault(fake, "arguments"))


def test_open_files_sockets_generators_and_modules_are_called_so(tmp_path: Path) -> None:
    with open(tmp_path / "file", "w") as file, socket.socket() as sock:
        assert "it is an open file (" in str(pickle_fault([file], "a"))
        assert "it is a socket.socket (" in str(pickle_fault([sock], "a"))
    assert "it is a generator (" in str(pickle_fault([_generator()], "a"))
    assert "it is a module (" in str(pickle_fault([os], "a"))
    assert "it is a memoryview (" in str(pickle_fault([memoryview(b"x")], "a"))
    assert pickle_fault([io.BytesIO(b"fine")], "a") is None


def test_what_is_only_shared_by_inheritance_says_so() -> None:
    sentence = str(pickle_fault([multiprocessing.get_context("fork").Lock()], "arguments"))
    assert "arguments[0] cannot be pickled" in sentence
    assert "inheritance" in sentence


def test_a_class_that_refuses_is_quoted() -> None:
    sentence = str(pickle_fault([[Refuses()]], "a"))
    assert sentence.startswith("a[0][0] cannot be pickled: it is a ")
    assert "not today" in sentence


def test_what_is_defined_in_main_is_no_good_elsewhere(tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(
        "from spawnscope.core.launch.pickle_check import pickle_fault\n"
        "class Mine: pass\n"
        "def mine(): pass\n"
        "print(pickle_fault({'a': [Mine()]}, 'keywords'))\n"
        "print(pickle_fault([mine], 'arguments'))\n"
        "print(pickle_fault(['__main__'], 'arguments'))\n"
    )
    package = Path(sys.modules["spawnscope"].__path__[0])
    link = tmp_path / "spawnscope"
    link.symlink_to(package)
    done = subprocess.run(
        [sys.executable, script], env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    instance, function, text = done.stdout.splitlines()
    assert instance.startswith("keywords['a'][0] cannot be pickled: its class Mine is defined in")
    assert function.startswith("arguments[0] cannot be pickled: it is a function defined in")
    assert text == "None"


def test_a_cycle_is_gone_round_once() -> None:
    loop: list[Any] = []
    inner = Plain(back=loop, lock=_lock())
    loop.append(inner)
    assert str(pickle_fault(loop, "a")).startswith("a[0].lock cannot")


def test_a_pickle_in_a_cycle_is_fine() -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert pickle_fault(loop, "a") is None


@pytest.mark.parametrize("depth", [3_000, 100_000])
def test_any_depth_is_a_sentence(depth: int) -> None:
    nest: list[Any] = []
    for _ in range(depth):
        nest = [nest]
    sentence = str(pickle_fault((nest,), "arguments"))
    try:
        pickle.dumps(nest)  # 3,000 are none too many from 3.14 on
        assert sentence == "None"
    except RecursionError:
        assert "nested too deeply" in sentence
        assert len(sentence) < 400
    while nest:  # let it go one level at a time
        nest = nest.pop()


def test_state_that_never_ends_is_a_sentence() -> None:
    assert "nested too deeply" in str(pickle_fault(Endless(), "a"))


def test_a_wide_value_is_searched_within_bounds() -> None:
    assert str(pickle_fault([0] * 200_000 + [_lock()], "a")).startswith("a")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
    max_leaves=20,
)


@given(values)
def test_plain_values_have_no_fault(value: Any) -> None:
    assert pickle_fault(value, "a") is None


@given(values, values)
def test_a_lock_anywhere_is_found(before: Any, beside: Any) -> None:
    lock = _lock()
    value = {"before": before, "here": [beside, {"lock": lock}]}
    assert str(pickle_fault(value, "a")).startswith("a['here'][1]['lock'] cannot be pickled")


def test_a_call_travels_as_a_pickle_that_old_pythons_read() -> None:
    data = pickle_call([1, "two"], {"three": [3]})
    assert pickle.loads(data) == ((1, "two"), {"three": [3]})
    assert data[:2] == b"\x80\x04"


def test_a_call_that_cannot_travel_says_why() -> None:
    with pytest.raises(CallError, match=r"^keywords\['lock'\] cannot be pickled"):
        pickle_call([1], {"lock": _lock()})
