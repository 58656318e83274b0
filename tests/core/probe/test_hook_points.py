"""The table of hook points names hooks that there are, and nobody else asks for modules."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

import pytest

from spawnscope.core.probe._spawnscope_probe import hook_points

PROBE = Path(hook_points.__file__).parent
HOOKS = {
    f"{module}: {hook.module}.{hook.function}": hook
    for _, module, hooks in hook_points.modules()
    for hook in hooks
}


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_takes_what_its_row_hands_to_it(name: str) -> None:
    hook = HOOKS[name]
    function = getattr(
        importlib.import_module(f"{hook_points.__package__}.{hook.module}"), hook.function
    )
    inspect.signature(function).bind("module", "recorder", **hook.differences)


def test_only_the_table_compares_names_of_the_libraries_modules() -> None:
    compared = re.compile(r'(==|\bin\b|startswith\()[^#\n]*"(multiprocessing|concurrent)\.')
    for path in sorted(PROBE.glob("*.py")):
        if path.name != "hook_points.py":
            assert not compared.search(path.read_text()), path.name
