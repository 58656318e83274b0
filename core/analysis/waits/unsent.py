"""Items that were put into a queue and are still in the process that put them.

    put --counted--> buffer of the process --feeder thread: counted when sent--> pipe --> get

A process that ends in order sends them first; one that is killed, or leaves by `os._exit`, takes
them along. A SimpleQueue has no buffer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ...vocabulary.kinds import kind_of

if TYPE_CHECKING:
    from ...store.object_row import ObjectRow
    from .situation import Situation

_STEADY_NS = 1_000_000_000  # without any change: they are not just on their way


class Unsent(msgspec.Struct, frozen=True):
    """See the module. Items by the number of the process that put them: `lost` ended with it, the
    others are `kept` there. `sent`: how many are in the queue's pipe."""

    kept: dict[int, int]
    lost: dict[int, int]
    sent: int


def unsent(situation: Situation, queue: ObjectRow) -> Unsent:
    """Where the items are that somebody put into a queue and nobody has got yet."""
    got = sum(each.count for each in situation.users(queue.number, "get").values())
    puts = situation.users(queue.number, "put")
    if not kind_of(queue.type).buffered:
        return Unsent({}, {}, max(0, sum(each.count for each in puts.values()) - got))
    feeds = situation.users(queue.number, "feed")
    sent = sum(each.count for each in feeds.values()) - got
    kept, lost = dict[int, int](), dict[int, int]()
    for process, put in puts.items():
        feed = feeds.get(process)
        left = put.count - (feed.count + feed.errors if feed is not None else 0)
        if left > 0:
            (kept if situation.lives(process) else lost)[process] = left
    # Who ends just after it has sent an item has not counted that any more.
    uncounted = max(0, -sent)
    if uncounted > len(lost) or queue.is_not_all_seen:  # not all that is sent is counted
        return Unsent({}, {}, queue.depth or 0)
    for process in list(lost)[:uncounted]:
        lost[process] -= 1
    return Unsent(kept, {each: left for each, left in lost.items() if left}, max(0, sent))


def unsent_of(situation: Situation, process: int) -> tuple[ObjectRow, int] | None:
    """A queue into which a process has put what it has not sent for a while, and how many items:
    its end waits for that."""
    for each in situation.objects:
        row = situation.object(each.number) if kind_of(each.type).buffered and each.depth else None
        if row is None or not row.depth or situation.now_ns - row.state_ns < _STEADY_NS:
            continue
        left = unsent(situation, row).kept.get(process)
        if left:
            return row, left
    return None
