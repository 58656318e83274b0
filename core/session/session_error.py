"""What is wrong with a session file, as one sentence."""

from __future__ import annotations


class SessionError(Exception):
    """A session file cannot be read or written; `str()` is one clear sentence for a person."""
