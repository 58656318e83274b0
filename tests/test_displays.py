"""The virtual display of the end-to-end tests is real, of the promised size, and ends."""

from __future__ import annotations

import os
import re
import subprocess

from displays import virtual_display
from processes import children, command_line, is_alive


def test_two_displays_do_not_get_in_each_others_way() -> None:
    before = set(children(os.getpid()))  # the display of the session may be among them
    with virtual_display() as one, virtual_display("800x600x24") as other:
        assert one != other
        assert _size(one) == (1600, 1000)
        assert _size(other) == (800, 600)
        ours = set(children(os.getpid())) - before
        servers = [pid for pid in ours if "Xvfb" in command_line(pid)]
        assert len(servers) == 2
    assert not any(is_alive(pid) for pid in servers)


def test_the_display_of_the_session_can_be_used(x_display: str) -> None:
    assert re.fullmatch(r":\d+", x_display)
    assert _size(x_display) == (1600, 1000)


def _size(display: str) -> tuple[int, int]:
    done = subprocess.run(
        ["xdotool", "getdisplaygeometry"],
        env={**os.environ, "DISPLAY": display},
        capture_output=True,
        text=True,
        check=True,
    )
    width, height = done.stdout.split()
    return int(width), int(height)
