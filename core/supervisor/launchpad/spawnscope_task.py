"""A task of a pool or an executor, run alone: what its worker did with it, in a fresh process.

    python -X faulthandler spawnscope_task.py FD
    FD: a line of JSON, what the worker was like --> sys.path, main module, initializer
        the task, as the program had pickled it  --> unpickled here, and nowhere else --> called

It runs in any Python from 3.8 on and imports the standard library only. Of itself it says a few
lines on stderr, in English; the rest is the program's.
"""

from __future__ import annotations

# All that it needs is loaded before sys.path is the program's.
import ast
import faulthandler
import importlib.util
import json
import multiprocessing
import os
import pickle
import runpy
import sys
import time
import traceback
import types
from multiprocessing import spawn
from typing import Any, NoReturn

_CANNOT_STATUS = 2
_LONGEST = 200  # characters of a value


class Call:
    """What a task calls."""

    def __init__(self, task: Any) -> None:
        if isinstance(task, tuple) and len(task) >= 5:  # of a Pool
            self.function, self.arguments, self.keywords = task[2:5]
        else:  # of an executor
            self.function, self.arguments, self.keywords = task.fn, task.args, task.kwargs

    def of_chunk(self) -> Any:
        """(function, arguments of each of its calls) where it is a chunk, else None."""
        function, arguments = self.function, self.arguments
        inner = getattr(function, "func", None)  # of the partial that an executor's map makes
        if _name_of(inner) == "_process_chunk":
            return function.args[0], list(arguments[0])
        if _name_of(function) not in ("mapstar", "starmapstar"):
            return None
        called, chunk = arguments[0]
        spread = _name_of(function) == "starmapstar"
        return called, [tuple(each) if spread else (each,) for each in chunk]


def _name_of(function: Any) -> str:
    """Of a function of a library's pools; "" for any other."""
    module = getattr(function, "__module__", None) or ""
    return (
        getattr(function, "__name__", "") if module.endswith((".pool", "futures.process")) else ""
    )


def _prepare(worker: dict[str, Any]) -> None:
    """Be what a child of the program is, as multiprocessing's spawn makes one."""
    data = {
        "name": worker["name"] or "run alone",
        "sys_path": [entry for entry in worker["path"] if entry] or sys.path[1:],
        "sys_argv": worker["argument"] or [""],
        "orig_dir": os.getcwd(),
        "dir": os.getcwd(),
    }
    if worker["method"] in multiprocessing.get_all_start_methods():  # loky adds one
        data["start_method"] = worker["method"]
    if worker["daemon"]:
        multiprocessing.current_process()._config["daemon"] = True  # type: ignore[attr-defined]
    spawn.prepare(data)
    _import_main(worker["module"], worker["main"])


def _import_main(name: str, path: str) -> None:
    """Be the program's main module, by its name or its file, as spawn makes a child; or, where it
    would begin anew, which forks need not mind, what it defines."""
    if name:
        spec = importlib.util.find_spec(name)
        path = (spec.origin if spec else None) or ""
    if not path:
        return
    main = types.ModuleType("__mp_main__")
    sys.modules["__main__"] = sys.modules["__mp_main__"] = main
    try:
        with open(path, "rb") as source:
            tree = ast.parse(source.read(), path)
    except OSError:  # within an archive
        tree = None
    if tree is None or any(map(_is_guard, tree.body)):
        if name:
            content = runpy.run_module(name, run_name="__mp_main__", alter_sys=True)
        else:
            content = runpy.run_path(path, run_name="__mp_main__")
        main.__dict__.update(content)
        return
    _say("its main module has no `if __name__ == '__main__'`: of it, only definitions are run.")
    main.__file__, main.__package__ = path, name.rpartition(".")[0]
    _define(tree, path, main.__dict__)


def _is_guard(node: Any) -> bool:
    return isinstance(node, ast.If) and any(
        isinstance(each, ast.Name) and each.id == "__name__" for each in ast.walk(node.test)
    )


def _define(tree: Any, path: str, names: dict[str, Any]) -> None:
    """Run the imports, functions, classes and constants of a module."""
    imports = (ast.Import, ast.ImportFrom)
    defining = (*imports, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    future = [n for n in tree.body if isinstance(n, ast.ImportFrom) and n.module == "__future__"]
    for node in tree.body:
        code = compile(ast.Module([*future, node], []), path, "exec")
        tries = isinstance(node, ast.Try) and all(isinstance(each, imports) for each in node.body)
        if tries or isinstance(node, defining):
            exec(code, names)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and not any(
            isinstance(each, (ast.Call, ast.NamedExpr)) for each in ast.walk(node)
        ):
            try:
                exec(code, names)
            except Exception:  # noqa: BLE001 - made of what was left out
                continue


def _initialize(worker: dict[str, Any]) -> None:
    if worker["unkept"]:
        name = worker["unkept"]
        _say(f"the initializer {name} of its pool is not called: it could not be kept.")
    if not worker["initializer"]:
        return
    module, _, path = worker["initializer"].partition(":")
    function = importlib.import_module(module)
    for part in path.split("."):
        function = getattr(function, part)
    function(*ast.literal_eval(worker["given"]))  # type: ignore[operator]


def _called(call: Call) -> Any:
    """Make the call, announced; of a chunk, one after another: the last one is the culprit."""
    chunk = call.of_chunk()
    if chunk is None:
        _say(_text(call.function, call.arguments, call.keywords))
        return call.function(*call.arguments, **call.keywords)
    function, calls = chunk
    results = []
    for place, arguments in enumerate(calls):
        _say(f"call {place + 1} of {len(calls)}: {_text(function, arguments)}")
        results.append(function(*arguments))
    return results


def _text(function: Any, arguments: Any, keywords: Any = None) -> str:
    name = getattr(function, "__qualname__", type(function).__name__)
    shown = [_shown(value) for value in arguments]
    shown += [f"{key}={_shown(value)}" for key, value in (keywords or {}).items()]
    return f"{name}({', '.join(shown)})"


def _shown(value: Any) -> str:
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - code of the program
        text = type(value).__name__
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."


def _say(sentence: str) -> None:
    print("run alone: " + sentence, file=sys.stderr, flush=True)


def _refuse(sentence: str) -> NoReturn:
    traceback.print_exc()
    _say(sentence)
    sys.exit(_CANNOT_STATUS)


def _main() -> None:
    if not faulthandler.is_enabled():
        faulthandler.enable()
    with os.fdopen(int(sys.argv[1]), "rb") as source:
        worker = json.loads(source.readline().decode())
        pickled = source.read()
    try:
        _prepare(worker)
    except BaseException:  # noqa: BLE001 - whatever its main module does when it is imported
        _refuse("its main module cannot be imported.")
    try:
        _initialize(worker)
    except Exception:  # noqa: BLE001 - code of the program
        _refuse("the initializer of its pool failed.")
    try:
        call = Call(pickle.loads(pickled))
    except Exception:  # noqa: BLE001 - code of the program
        _refuse("the task cannot be rebuilt outside of its program.")
    begin = time.monotonic()
    result = _called(call)
    seconds = time.monotonic() - begin
    _say(f"it returned {_shown(result)} after {seconds:.3g} s.")


if __name__ == "__main__":
    _main()
