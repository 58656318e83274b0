"""The entry point: of a checkout (`python main.py ...`) and of the command `spawnscope`."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from spawnscope.core.client.client import Client
    from spawnscope.core.vocabulary.launch_spec import LaunchSpec


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

    return run(sys.argv[1:], _open_window)


def _open_window(client: Client | None, spec: LaunchSpec | None, path: str | None) -> int:
    from spawnscope.gui.shell.start import open_window

    return open_window(client, spec, path)


if not __package__:
    # Also where multiprocessing imports this file again, to spawn another supervisor.
    _stand_in_for_the_package()

if __name__ == "__main__":
    sys.exit(main())
