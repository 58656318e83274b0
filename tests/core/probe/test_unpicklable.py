"""The path to what of a value cannot be pickled, without calling code of the program."""

from __future__ import annotations

import collections
import functools
import pickle
import socket
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from spawnscope.core.probe._spawnscope_probe import unpicklable
from spawnscope.core.probe._spawnscope_probe.unpicklable import described, root_of


class Order:
    def __init__(self, number: int, **others: object) -> None:
        self.number = number
        vars(self).update(others)

    def total(self) -> int:
        return self.number


class Slotted:
    __slots__ = ("client", "empty")

    def __init__(self, client: object) -> None:
        self.client = client


class Named(dict[str, object]):
    pass


class Hostile:
    """Whatever is asked of it is not to be called."""

    def __init__(self) -> None:
        vars(self)["lock"] = threading.Lock()

    def __getattr__(self, name: str) -> object:
        raise AssertionError(name)

    @property
    def secret(self) -> object:
        raise AssertionError("secret")

    def __iter__(self) -> Iterator[object]:
        raise AssertionError("iter")


def _local() -> Any:
    def inner() -> None: ...

    class Inner:
        pass

    return inner, Inner()


class Chooses:
    """It drops its lock itself."""

    def __init__(self) -> None:
        self.lock = threading.Lock()

    def __reduce__(self) -> tuple[type[Chooses], tuple[()]]:
        return Chooses, ()


LOCAL, LOCAL_INSTANCE = _local()
LOOP: list[object] = [1]
LOOP.append(LOOP)
LOOP.append({"end": threading.RLock()})


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (lambda: 0, "<lambda>"),
        (LOCAL, "_local.<locals>.inner"),
        (Order(1, wrapping=threading.Lock()), "Order.wrapping (_thread.lock)"),
        (Order(1, client=Order(2, session=Order(3, lock=threading.Lock()))),
         "Order.client.session.lock (_thread.lock)"),
        (Slotted({"log": sys.__stdout__}), "Slotted.client['log'] (_io.TextIOWrapper)"),
        ([1, (2, threading.Lock())], "[1][1] (_thread.lock)"),
        (Named(a=threading.Lock()), "Named['a'] (_thread.lock)"),
        (collections.deque([threading.Lock()]), "deque[…] (_thread.lock)"),
        (functools.partial(print, file=threading.Lock()),
         "partial.keywords['file'] (_thread.lock)"),
        (Order(1, lock=threading.Lock()).total, "method.__self__.lock (_thread.lock)"),
        (Order(1, rows=(n for n in range(3))), "Order.rows (generator)"),
        (Order(1, made=LOCAL_INSTANCE), f"Order.made ({__name__}.Inner)"),
        (Order(1, module=sys), "Order.module (module)"),
        (Hostile(), "Hostile.lock (_thread.lock)"),
        (Order(1, chooses=Chooses(), deep=Order(2, lock=threading.Lock())),
         "Order.deep.lock (_thread.lock)"),
        (LOOP, "[2]['end'] (_thread.RLock)"),
    ],
    ids=map(str, range(16)),  # of a hostile one pytest would ask the name
)  # fmt: skip
def test_the_path_leads_to_what_pickle_refused(value: object, path: str) -> None:
    unpicklable._walks[0] = 1
    with pytest.raises(Exception) as raised:  # noqa: PT011 - of whatever type
        pickle.dumps(value)
    assert described(raised.value, [root_of(value)]) == path


def test_what_is_not_found_is_what_the_error_says() -> None:
    unpicklable._walks[0] = 2
    error = TypeError("cannot pickle 'Client' object")
    assert described(error, [root_of([1, 2])]) == "cannot pickle 'Client' object"
    assert described(error, [root_of([1, 2])], with_values=False) == ""


def test_a_walk_ends() -> None:
    unpicklable._walks[0] = 1
    deep: list[object] = []
    for _ in range(10):
        deep = [list(deep) for _ in range(9)]
    with socket.socket() as end:
        wide = [*({n: n} for n in range(100_000)), end]
        assert described(TypeError("cannot pickle 'socket' object"), [root_of(wide)]) == (
            "cannot pickle 'socket' object"
        )
        assert described(TypeError("cannot pickle 'socket' object"), [root_of(end)]) != ""
    assert unpicklable._walks[0] == 0  # from here on nothing is looked for
