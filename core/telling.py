"""What we say on stderr, in one way: plain whatever it quotes, no fault when nobody reads it."""

from __future__ import annotations

import os
import sys

from .plain_text import plain, plain_lines


def tell(sentence: str, status: int = 0, details: str = "") -> int:
    """Say a sentence, and what belongs to it; returns `status`."""
    about = f"spawnscope: {plain(sentence)}"  # untranslated: our name
    say(f"{about}\n{plain_lines(details)}".rstrip() + "\n")
    return status


def tell_fault(sentence: str, details: str) -> None:
    """Say that something of ours has failed, and where."""
    tell(sentence, details=details)


def say(text: str) -> None:
    """Write what has been made plain; colours and the ends of lines in it are ours."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        # Who read has left, or a disk is full. What waits in the buffer would be tried again at our
        # end, and make that a failure: it goes nowhere.
        nowhere = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
        os.dup2(nowhere, 2)
        os.close(nowhere)
