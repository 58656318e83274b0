"""What the threads of a process are in, in words: "get from jobs", "acquire lock results".

The words are made when the news comes, so that a row can be shown without looking anything up.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ..printable import LONGEST_SENTENCE, printable
from ..sentences.doing import on_object
from ..session.open_waits import innermost
from ..translation import tr
from ..vocabulary.events import Doing
from ..vocabulary.kinds import MAIN_THREAD
from .objects import ObjectTable


class Deed(msgspec.Struct, frozen=True, gc=False):
    """An operation that a thread is in since `since_ns`, and a phrase that says which. `limited`:
    it gives up by itself after a time; `inside`: it has the lock inside of the object; `ready`: the
    program is there to take Ctrl-C meanwhile."""

    thread: str
    operation: str
    object: int | None
    since_ns: int
    site: str
    text: str
    phrase: str
    number: int = 0
    limited: bool = False
    inside: bool = False
    ready: bool = False

    def elapsed_ns(self, now_ns: int) -> int:
        """How long it has lasted at `now_ns` of Unix time."""
        return max(0, now_ns - self.since_ns)


def deeds(doing: Iterable[Doing | Deed], objects: ObjectTable) -> tuple[Deed, ...]:
    """The operations in words, with the names that the objects have now."""
    return tuple(
        Deed(
            printable(each.thread),
            printable(each.operation),
            each.object,
            each.since_ns,
            printable(each.site, LONGEST_SENTENCE),
            printable(each.text),
            _phrase(each, objects),
            each.number,
            each.limited,
            each.inside,
            each.ready,
        )
        for each in doing
    )


def by_thread(doing: tuple[Deed, ...]) -> list[Deed]:
    """What each thread is in, the innermost where calls lie within one another."""
    return list(innermost(doing).values())


def foremost(doing: tuple[Deed, ...]) -> Deed | None:
    """The one to show where there is room for one: the main thread's, or the longest."""
    threads = by_thread(doing)
    for deed in threads:
        if deed.thread == MAIN_THREAD:
            return deed
    return min(threads, key=lambda deed: deed.since_ns, default=None)


def _phrase(doing: Doing | Deed, objects: ObjectTable) -> str:
    operation, text = printable(doing.operation), printable(doing.text)
    if doing.object is None:
        return f"{operation} {text}".rstrip()
    said = on_object(operation, objects.phrase(doing.object), text=text, number=doing.number)
    return tr("{operation}, with a timeout", operation=said) if doing.limited else said
