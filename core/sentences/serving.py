"""Who ended a wait, by the operation that did: "Put by producer (4711), 3.4 ms before"."""

from __future__ import annotations

from ..translation import mark, tr

# At once, and some time before whoever waited went on.
_BY = {
    "put": (mark("Put by {process}"), mark("Put by {process}, {time} before")),
    "send": (mark("Sent by {process}"), mark("Sent by {process}, {time} before")),
    "release": (mark("Released by {process}"), mark("Released by {process}, {time} before")),
    "set": (mark("Set by {process}"), mark("Set by {process}, {time} before")),
    "notify": (mark("Notified by {process}"), mark("Notified by {process}, {time} before")),
    "submit": (mark("Submitted by {process}"), mark("Submitted by {process}, {time} before")),
}
_OTHER = (mark("Ended by {process}"), mark("Ended by {process}, {time} before"))


def served(operation: str, process: str, time: str) -> str:
    """That this process ended the wait; `time`: how long before, "" for at once."""
    at_once, before = _BY.get(operation, _OTHER)
    return tr(before, process=process, time=time) if time else tr(at_once, process=process)
