"""Who made a process, and how, in some words."""

from __future__ import annotations

from ..translation import tr, trn
from ..vocabulary.events import Making
from .place import file_and_line

ANOTHER_PROGRAM = "another program"  # untranslated: a code, as in events


def method(start_method: str | None, making: Making | None) -> str:
    """How a process came up: "fork", "os.fork", "subprocess", "fork beside 3 threads", or ""."""
    if making is None or making.by == ANOTHER_PROGRAM:
        return start_method or ""
    how = making.by if making.by in ("os.fork", "subprocess") else start_method or making.by
    others = making.threads - 1
    if others < 1:
        return how
    return trn("{how} beside {count} thread", "{how} beside {count} threads", others, how=how)


def made(making: Making, start_method: str | None) -> str:
    """The same in a sentence; "" if there is nothing to say."""
    by = tr("another program") if making.by == ANOTHER_PROGRAM else making.by
    if not by:
        return ""
    if making.place:
        by = tr("{maker} at {place}", maker=by, place=file_and_line(making.place))
    if not making.threads:
        return by
    if start_method == "forkserver":  # which forked it: its parent only asked for it
        return trn(
            "{maker}; {count} thread lived in the fork server then",
            "{maker}; {count} threads lived in the fork server then",
            making.threads, maker=by,
        )  # fmt: skip
    return trn(
        "{maker}; {count} thread lived in its parent then",
        "{maker}; {count} threads lived in its parent then",
        making.threads, maker=by,
    )  # fmt: skip
