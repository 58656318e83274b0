"""Why a value cannot be pickled, with the path to the part at fault.

    value --cannot be pickled--> which of its parts cannot? --> which of its parts ...  --> culprit

Goes down one level at a time, always into the first part that fails by itself, until no part does.
That part is named. Iterative, bounded, and safe against cycles. It pickles, so it runs the
`__reduce__` and `__getstate__` of the value's own classes; a value from a stored spec has none.
"""

from __future__ import annotations

import copyreg
import functools
import io
import pickle
import types
from collections.abc import Iterator
from typing import Any

from ..translation import tr

PROTOCOL = 4  # every Python from 3.4 on reads it
MAX_DEPTH = 100  # levels that the search goes down
MAX_PARTS = 10_000  # parts of one value that are tried
MAX_PATH = 200  # characters of the path in the sentence


def pickle_fault(value: Any, name: str) -> str | None:
    """One sentence that says which part of `value` (called `name`) cannot be pickled, or None.

    `arguments[0].handler.lock cannot be pickled: it is a _thread.lock (cannot pickle ...).`
    """
    try:
        data = pickle.dumps(value, PROTOCOL)
    except Exception:  # noqa: BLE001 - the classes of the value may raise anything
        pass
    else:
        # What is defined in __main__ is written by name, and the worker's __main__ lacks it.
        if b"__main__" not in data:
            return None
    failure = _failure(value)
    if failure is None:
        return None
    path = name
    seen = {id(value)}
    for _ in range(MAX_DEPTH):
        step = _failing_part(value, path, seen)
        if step is None:
            return tr(
                "{path} cannot be pickled: {reason}.",
                path=_short(path),
                reason=_reason(value, failure),
            )
        path, value, failure = step
        seen.add(id(value))
    return tr(
        "{name} cannot be pickled: it is nested too deeply, at {path}.",
        name=name,
        path=_short(path),
    )


class _DefinedInMain(Exception):
    pass


class _Nowhere(io.RawIOBase):
    def write(self, data: Any) -> int:
        return len(data)


class _Trial(pickle.Pickler):
    """Pickles to nowhere, and refuses what another process could not find in its __main__."""

    def persistent_id(self, obj: Any) -> None:
        if isinstance(obj, (type, types.FunctionType)) and obj.__module__ == "__main__":
            raise _DefinedInMain


def _failure(value: Any) -> Exception | None:
    try:
        _Trial(_Nowhere(), PROTOCOL).dump(value)
    except Exception as error:  # noqa: BLE001 - as above
        return error
    return None


def _failing_part(value: Any, path: str, seen: set[int]) -> tuple[str, Any, Exception] | None:
    """The first part of `value` that cannot be pickled by itself, with its path."""
    if isinstance(value, (type, types.FunctionType)) or _is_of_nameless_class(value):
        return None
    tried = 0
    try:
        for part_path, part in _parts(value, path):
            tried += 1
            if tried > MAX_PARTS:
                return None
            if id(part) in seen or isinstance(part, (str, bytes, int, float, type(None))):
                continue
            failure = _failure(part)
            if failure is not None:
                return part_path, part, failure
    except Exception:  # noqa: BLE001 - what a part is made of is told by methods of the user's classes
        return None
    return None


def _parts(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """What pickling `value` goes on to pickle, each with its path."""
    if type(value) is dict:
        yield from _items(value, path)
    elif type(value) in (list, tuple):
        for position, item in enumerate(value):
            yield f"{path}[{position}]", item
    elif type(value) in (set, frozenset):
        for item in value:
            yield tr("(an element of {path})", path=path), item
    elif isinstance(value, functools.partial):
        yield f"{path}.func", value.func
        yield from _parts(value.args, f"{path}.args")
        yield from _items(value.keywords, f"{path}.keywords")
        yield from _attributes(getattr(value, "__dict__", None), path)
    elif isinstance(value, (types.MethodType, types.BuiltinMethodType)):
        if not isinstance(value.__self__, types.ModuleType):
            yield f"{path}.__self__", value.__self__
    else:
        yield from _reduced(value, path)


def _items(mapping: dict[Any, Any], path: str) -> Iterator[tuple[str, Any]]:
    for key, item in mapping.items():
        if not isinstance(key, (str, int, float)):
            yield tr("(a key of {path})", path=path), key
        yield f"{path}[{_brief(key)}]", item


def _attributes(state: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(state, dict):
        for name, item in state.items():
            yield (
                (
                    f"{path}.{name}"
                    if isinstance(name, str)
                    else tr("(the state of {path})", path=path)
                ),
                item,
            )


def _reduced(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The parts of an object by its own account: what `__reduce_ex__` gives."""
    reducer = copyreg.dispatch_table.get(type(value))
    reduced = reducer(value) if reducer is not None else value.__reduce_ex__(PROTOCOL)
    if not isinstance(reduced, tuple):
        return
    maker, made_of, state, items, pairs = (*reduced, None, None, None, None)[:5]
    default = getattr(maker, "__name__", "") in ("__newobj__", "__newobj_ex__", "_reconstructor")
    if state is not None:
        slots = None
        if isinstance(state, tuple) and len(state) == 2 and isinstance(state[1], dict):
            state, slots = state
        yield from _attributes(state, path)
        yield from _attributes(slots, path)
        if state is not None and not isinstance(state, dict):
            yield tr("(the state of {path})", path=path), state
    for position, item in enumerate(items or ()):
        yield f"{path}[{position}]", item
    for key, item in pairs or ():
        yield tr("(a key of {path})", path=path), key
        yield f"{path}[{_brief(key)}]", item
    for position, item in enumerate(made_of[1:] if default else made_of):
        yield tr("(what {path} is made of)[{position}]", path=path, position=position), item
    yield tr("(what makes {path})", path=path), maker


def _is_of_nameless_class(value: Any) -> bool:
    kind = type(value)
    return "<locals>" in kind.__qualname__ or kind.__module__ == "__main__"


def _reason(value: Any, failure: Exception) -> str:
    kind = type(value)
    if isinstance(value, (type, types.FunctionType)):
        return _reason_of_name(value, failure)
    if "<locals>" in kind.__qualname__:
        return tr(
            "its class {name} is local to a function, and a worker looks it up by name in its "
            "module",
            name=kind.__qualname__,
        )
    if kind.__module__ == "__main__":
        return tr(
            "its class {name} is defined in __main__, another program in a worker",
            name=kind.__qualname__,
        )
    if isinstance(failure, RecursionError):
        return tr("it is nested too deeply")
    return tr("it is {what} ({error})", what=_kind(value), error=_said(failure))


def _reason_of_name(value: type | types.FunctionType, failure: Exception) -> str:
    """Of a class or a function, which is pickled by its name."""
    is_class = isinstance(value, type)
    if value.__name__ == "<lambda>":
        return tr("it is a lambda, and a worker looks it up by name in its module")
    if "<locals>" in value.__qualname__:
        if is_class:
            return tr("it is a local class, and a worker looks it up by name in its module")
        return tr("it is a local function, and a worker looks it up by name in its module")
    if value.__module__ == "__main__":
        if is_class:
            return tr("it is a class defined in __main__, which is another program in a worker")
        return tr("it is a function defined in __main__, which is another program in a worker")
    return tr("a worker looks it up by name in its module, and {error}", error=_said(failure))


def _kind(value: Any) -> str:
    if isinstance(value, io.IOBase):
        return tr("an open file")
    plain = {
        types.GeneratorType: tr("a generator"),
        types.CoroutineType: tr("a coroutine"),
        types.ModuleType: tr("a module"),
        types.FrameType: tr("a frame"),
        types.TracebackType: tr("a traceback"),
    }
    kind = type(value)
    if kind in plain:
        return plain[kind]
    name = (
        kind.__qualname__
        if kind.__module__ == "builtins"
        else (f"{kind.__module__}.{kind.__qualname__}")
    )
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def _said(failure: Exception) -> str:
    said = str(failure).strip().splitlines()
    return said[0][:200].rstrip(".") if said else type(failure).__name__


def _brief(key: Any) -> str:
    text = repr(key) if isinstance(key, (str, bytes, int, float, bool, type(None))) else "..."
    return text if len(text) <= 40 else f"{text[:37]}..."


def _short(path: str) -> str:
    return path if len(path) <= MAX_PATH else f"{path[: MAX_PATH // 2]}...{path[-MAX_PATH // 2 :]}"
