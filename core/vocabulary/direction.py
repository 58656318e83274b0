"""Which operations bring something into a shared object, and which take it out."""

from __future__ import annotations

INWARD = frozenset(("put", "send", "acquire", "submit", "set", "call"))
"""They put something in, or take a lock."""

OUTWARD = frozenset(("get", "recv", "release", "task", "clear"))
"""They take it out, or give the lock back."""
