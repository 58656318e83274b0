"""From the command line to a window on the screen, or one sentence on why there is none.

Qt aborts the program when it finds no display or misses a library of the X11 platform, so both
are looked at first; that takes less than a millisecond.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from spawnscope.core.translation import tr

if TYPE_CHECKING:
    from spawnscope.core.client.client import Client
    from spawnscope.core.vocabulary.launch_spec import LaunchSpec

_LIBRARIES = {
    # What the X11 platform plugin loads and a small system may lack: library -> Debian package.
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
}
_FAULT_STATUS = 1


def open_window(client: Client | None, spec: LaunchSpec | None, path: str | None) -> int:
    """Show the window: on a new session (`client`, with `spec` started), or on the one recorded
    at `path`. Returns the exit status."""
    sentence = _missing_display()
    if not sentence:
        try:
            from .application import run_application
        except ImportError as error:
            sentence = _explain(error)
    if sentence:
        if client is not None:
            client.close()
        print("spawnscope:", sentence, file=sys.stderr)
        return _FAULT_STATUS
    return run_application(client, spec, path)


def _missing_display() -> str:
    platform = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if platform not in ("", "xcb"):
        return ""
    if not platform and os.environ.get("WAYLAND_DISPLAY"):
        return ""
    display = os.environ.get("DISPLAY", "")
    if not display:
        return tr(
            "There is no display to open a window on: DISPLAY is not set. "
            "On a machine without one, use `spawnscope record`."
        )
    fault = _unreachable(display)
    if fault:
        return tr(
            "There is no display '{display}' to open a window on: {fault}.",
            display=display, fault=fault,
        )  # fmt: skip
    missing = _missing_libraries()
    if missing:
        return _packages_needed(missing)
    return ""


def _unreachable(display: str) -> str:
    """Why no X server can be had at `display`; "" when it answers, or leaves that open."""
    import re
    import socket

    place = re.fullmatch(r"(?:(unix)|([^:/]*)):(\d+)(?:\.\d+)?", display)
    if place is None:
        return "" if display.startswith("/") else tr("that is no name of one, such as :0")
    host, number = place[2] or "", int(place[3])
    try:
        if host:
            socket.create_connection((host, 6000 + number), 2).close()
            return ""
        with socket.socket(socket.AF_UNIX) as server:
            path = f"/tmp/.X11-unix/X{number}"
            for name in (path, f"\0{path}"):
                if server.connect_ex(name) == 0:
                    return ""
        return tr("no X server listens there")
    except OSError as error:
        return tr("no X server answers there ({error})", error=error.strerror or error)


def _missing_libraries() -> list[str]:
    from _ctypes import dlopen

    missing = []
    for library in _LIBRARIES:
        try:
            dlopen(library, os.RTLD_LAZY)
        except OSError:
            missing.append(library)
    return missing


def _packages_needed(libraries: list[str]) -> str:
    packages = " ".join(_LIBRARIES[library] for library in libraries)
    return tr(
        "The window needs system libraries that are missing; install them: apt install {packages}",
        packages=packages,
    )


def _explain(error: ImportError) -> str:
    text = str(error)
    for library, package in _LIBRARIES.items():
        if library in text:
            return _packages_needed([library]) if package else text
    if "PySide6" in text or "shiboken6" in text:
        return tr("The window needs PySide6, which cannot be loaded: {error}.", error=text)
    raise error
