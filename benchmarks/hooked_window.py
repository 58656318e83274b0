"""Runs main.py as anybody does, with a hook in its main window's class: nothing else is changed."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def run_main(arguments: list[str], patch: Callable[[Any], None]) -> None:
    """`python main.py ARGUMENTS`, with `patch(MainWindow)` called when that class is defined."""

    class Hook:
        @staticmethod
        def find_spec(name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
            if name != "spawnscope.gui.shell.main_window":
                return None
            sys.meta_path.remove(Hook)  # type: ignore[arg-type]
            spec = PathFinder.find_spec(name, path)
            assert spec is not None
            assert spec.loader is not None
            execute = spec.loader.exec_module

            def exec_module(module: Any) -> None:
                execute(module)
                patch(module.MainWindow)

            spec.loader.exec_module = exec_module  # type: ignore[method-assign]
            return spec

    sys.meta_path.insert(0, Hook)  # type: ignore[arg-type]
    sys.argv = [str(ROOT / "main.py"), *arguments]
    sys.path[0] = str(ROOT)
    runpy.run_path(str(ROOT / "main.py"), run_name="__main__")
