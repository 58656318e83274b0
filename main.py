"""The entry point: of a checkout (`python main.py ...`) and of the command `spawnscope`."""

from __future__ import annotations

import sys


def _stand_in_for_the_package() -> None:
    """In a checkout, let `spawnscope` be this folder, as it is when installed.

    So every module of ours is called `spawnscope.something` in both, and a user's own `core` or
    `gui` package can never be mistaken for ours. Our folder leaves `sys.path` for the same reason.
    """
    import os
    import types

    root = os.path.dirname(os.path.abspath(__file__))
    package = types.ModuleType("spawnscope")
    package.__path__ = [root]
    sys.modules["spawnscope"] = package
    if sys.path and os.path.abspath(sys.path[0] or os.getcwd()) == root:
        del sys.path[0]


def main() -> int:
    """Parse the command line and hand over; returns the exit status."""
    from spawnscope.core.command_line import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    if not __package__:
        _stand_in_for_the_package()
    sys.exit(main())
