"""Where watched Pythons find the probe: beside its source, so that nothing is written there.

    <cache>/spawnscope/probe-<which source>/sitecustomize.py          -> core/probe/sitecustomize.py
                                            _spawnscope_probe/*.py    -> core/probe/_spawnscope_...
                                            whatever Pythons compile      (links, but for the last)

Each Python writes what it has compiled beside what it has read, Python 2 even a `.pyc` right there.
In the cache that serves every later start. Where there is no cache of this user's own, the
session's run folder takes its place.
"""

from __future__ import annotations

import os
import stat
import zlib
from contextlib import suppress
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "probe"
_PACKAGE = "_spawnscope_probe"


def probe_place(run_folder: str) -> str:
    """The folder that goes first on a worker's PYTHONPATH; made or brought up to date."""
    name = f"probe-{zlib.crc32(os.fsencode(SOURCE)):08x}"
    with suppress(OSError):
        return _linked(os.path.join(_cache(), name))
    with suppress(OSError):
        return _linked(os.path.join(run_folder, name))
    return str(SOURCE)


def _cache() -> str:
    """Our folder in the user's cache. Raises OSError where that is not the user's alone to write:
    what lies there is run."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        base = os.path.join(os.path.expanduser("~"), ".cache")
    os.makedirs(base, 0o700, exist_ok=True)
    _check(base)
    return _made(os.path.join(base, "spawnscope"))


def _linked(folder: str) -> str:
    """`folder`, which holds links to the files of the probe and no others. Raises OSError."""
    for place, source in ((folder, SOURCE), (os.path.join(folder, _PACKAGE), SOURCE / _PACKAGE)):
        _made(place)
        wanted = {path.name: str(path) for path in source.glob("*.py")}
        for name in os.listdir(place):
            path = os.path.join(place, name)
            if name.endswith(".py") and not (
                os.path.islink(path) and os.readlink(path) == wanted.pop(name, "")
            ):
                wanted.setdefault(name, str(source / name))
                os.unlink(path)
        for name, path in wanted.items():
            with suppress(FileExistsError):  # another session is at it as well
                if os.path.exists(path):
                    os.symlink(path, os.path.join(place, name))
    return folder


def _made(folder: str) -> str:
    with suppress(FileExistsError):
        os.mkdir(folder, 0o700)
    _check(folder)
    return folder


def _check(folder: str) -> None:
    status = os.lstat(folder)
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o022:
        raise PermissionError(folder)
