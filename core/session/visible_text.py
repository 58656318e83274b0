"""What a person sees of a text: the escape sequences of terminals do not count when searching."""

from __future__ import annotations

import re

# ECMA-48: control sequences (CSI), operating system commands (OSC), and the short ones. None of
# them reaches over a newline.
_ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)?|[@-Z\\-_])")


def visible(body: bytes) -> bytes:
    """`body` without escape sequences; the lines stay the same in number and order."""
    return _ESCAPES.sub(b"", body) if b"\x1b" in body else body
