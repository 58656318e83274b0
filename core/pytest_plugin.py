"""`pytest --spawnscope`: why a test with processes fails or hangs, and what it left behind.

    pytest --spawnscope --execv--> record, quiet (core/pytest_supervised.py) --> SESSION
                                      '--> pytest --spawnscope, the same command --reads--'
                                              '--> its xdist workers, who read as well

A supervisor knows what it has started, so pytest begins anew below one, before anything of the
tests is loaded. Without the option, nothing of ours but this module is imported.
"""

from __future__ import annotations

import os
import sys
import tempfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

SESSION_VARIABLE = "SPAWNSCOPE_PYTEST"
"""In the environment of a pytest that is watched: the session's file."""
COLOUR_VARIABLE = "SPAWNSCOPE_PYTEST_COLOUR"
"""And whether it would have written in colours by itself, "yes" or ""."""

_HELP = "say why tests with processes hang, and what they left"  # untranslated: not loaded yet
_NO_PROGRAM = "--spawnscope needs pytest as a program, not pytest.main()."  # untranslated: as above


def pytest_addoption(parser: pytest.Parser) -> None:
    """The one option."""
    parser.getgroup("spawnscope").addoption(
        "--spawnscope",
        action="store_true",
        help=_HELP,
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config,
) -> Generator[None, object, object]:
    """Begin anew below a supervisor: before output is captured, and any conftest is loaded."""
    if early_config.known_args_namespace.spawnscope and SESSION_VARIABLE not in os.environ:
        if sys.argv[1:] != list(early_config.invocation_params.args):
            raise pytest.UsageError(_NO_PROGRAM)
        _begin_anew()
    return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Watch the tests, where this pytest runs below a supervisor."""
    path = os.environ.get(SESSION_VARIABLE, "")
    if not path or not config.getoption("--spawnscope"):
        return
    if config.getoption("color", "") == "auto" and os.environ.get(COLOUR_VARIABLE):
        config.option.color = "yes"
    from .pytest_watch import TestWatch

    config.pluginmanager.register(TestWatch(config, path), "spawnscope-watch")


def _begin_anew() -> None:
    here = os.path.dirname(os.path.abspath(__file__))
    supervised = os.path.join(here, "pytest_supervised.py")
    os.environ[COLOUR_VARIABLE] = "yes" if sys.stdout.isatty() else ""
    sys.stdout.flush()
    sys.stderr.flush()
    folder = tempfile.mkdtemp(prefix="spawnscope-pytest-")
    session = os.environ[SESSION_VARIABLE] = os.path.join(folder, "tests.spawnscope")
    command = [session, sys.executable, *sys.orig_argv[1:]]
    os.execv(sys.executable, [sys.executable, supervised, *command])
