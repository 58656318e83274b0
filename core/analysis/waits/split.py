"""How the waiting for a queue or a pipe splits: who waits for whom, and what would help.

time waited to put, time waited to get, depth  --> wait_split() -->  balance, words, advice

Whoever waits is not the bottleneck: the other side is.
"""

from __future__ import annotations

import enum

import msgspec

from ...store.object_row import ObjectRow
from ...translation import mark, tr, trn
from ...vocabulary.kinds import Form, kind_of

_HARDLY = 0.02  # of the time: who waits less hardly waits
_EQUAL = 1 / 3  # the lesser share from which on both sides wait about as long
_PILE = 100  # items in a queue without a limit that are a pile


class Balance(enum.Enum):
    """What the split says."""

    PRODUCERS_WAIT = "producers wait"
    CONSUMERS_WAIT = "consumers wait"
    BALANCED = "balanced"
    PILING_UP = "items pile up"
    NOBODY_WAITS = "nobody waits"


class WaitSplit(msgspec.Struct, frozen=True):
    """`put_ns` and `get_ns`: how long all threads together waited to put and to get, within
    `span_ns`. `sides`: what both are called; `title`: it in a few words; `reason`: what it
    means; `advice`: what would help."""

    balance: Balance
    put_ns: int
    get_ns: int
    span_ns: int
    sides: tuple[str, str]
    title: str
    reason: str
    advice: str

    @property
    def put_share(self) -> float:
        """The share of the waiting that is the producers', 0 to 1; 0 when nobody waited."""
        total = self.put_ns + self.get_ns
        return self.put_ns / total if total else 0.0


def splits(type_name: str) -> bool:
    """Whether things go through such an object from one side to another."""
    return kind_of(type_name).form is not None


def wait_split(row: ObjectRow, put_ns: int, get_ns: int, span_ns: int) -> WaitSplit | None:
    """How the waiting for this object splits within a span; None where it has no two sides."""
    if not splits(row.type):
        return None
    balance = _balance(row, put_ns, get_ns, span_ns)
    is_pipe = kind_of(row.type).form is Form.PIPE
    words = _PIPE_WORDS if is_pipe else _QUEUE_WORDS
    sides = (tr("senders"), tr("receivers")) if is_pipe else (tr("producers"), tr("consumers"))
    title, reason, advice = words[balance]
    if balance is Balance.PILING_UP:
        one, several = _PILES[is_pipe]
        reason = trn(one, several, row.depth or 0)
    else:
        often = put_ns + get_ns >= span_ns / 2
        reason = tr(reason, how_often=tr("most of the time") if often else tr("at times"))
    return WaitSplit(balance, put_ns, get_ns, span_ns, sides, tr(title), reason, tr(advice))


def _balance(row: ObjectRow, put_ns: int, get_ns: int, span_ns: int) -> Balance:
    total = put_ns + get_ns
    hardly = _HARDLY * max(1, span_ns)
    if row.capacity is None and (row.depth or 0) >= _PILE and get_ns <= _EQUAL * span_ns:
        return Balance.PILING_UP
    if total <= hardly:
        return Balance.NOBODY_WAITS
    if min(put_ns, get_ns) >= _EQUAL * total:
        return Balance.BALANCED
    return Balance.PRODUCERS_WAIT if put_ns > get_ns else Balance.CONSUMERS_WAIT


_QUEUE_WORDS = {
    Balance.PRODUCERS_WAIT: (
        mark("Producers wait"),
        mark("The queue is full {how_often}: the consumers are the bottleneck."),
        mark("More or faster consumers would help; a larger queue only puts the waiting off."),
    ),
    Balance.CONSUMERS_WAIT: (
        mark("Consumers wait"),
        mark("The queue is empty {how_often}: the producers are the bottleneck."),
        mark("More or faster producers would help; fewer consumers would do as much."),
    ),
    Balance.BALANCED: (
        mark("Balanced"),
        mark("Both sides wait about as long: neither is the bottleneck."),
        mark("They wait in turns: larger portions, or room for more items, would smooth that."),
    ),
    Balance.PILING_UP: (
        mark("Items pile up"),
        "",
        mark(
            "More or faster consumers would help; a limit (maxsize) would keep memory within "
            "bounds."
        ),
    ),
    Balance.NOBODY_WAITS: (
        mark("Hardly anybody waits"),
        mark("Neither side is held up by this queue."),
        mark("Time is spent elsewhere."),
    ),
}
_PIPE_WORDS = {
    Balance.PRODUCERS_WAIT: (
        mark("Senders wait"),
        mark("The pipe is full {how_often}: the receivers are the bottleneck."),
        mark("Faster receivers, or smaller messages, would help."),
    ),
    Balance.CONSUMERS_WAIT: (
        mark("Receivers wait"),
        mark("The pipe is empty {how_often}: the senders are the bottleneck."),
        mark("Faster senders would help; or let the receiver do something else meanwhile."),
    ),
    Balance.BALANCED: (
        mark("Balanced"),
        mark("Both sides wait about as long: neither is the bottleneck."),
        mark("Fewer, larger messages would spare both the change of turns."),
    ),
    Balance.PILING_UP: (
        mark("Messages pile up"),
        "",
        mark("Faster receivers would help."),
    ),
    Balance.NOBODY_WAITS: (
        mark("Hardly anybody waits"),
        mark("Neither side is held up by this pipe."),
        mark("Time is spent elsewhere."),
    ),
}
_PILES = (
    (
        mark("{count} item waits in it: the consumers are the bottleneck, and nothing holds "
             "producers back."),
        mark("{count} items wait in it: the consumers are the bottleneck, and nothing holds "
             "producers back."),
    ),
    (
        mark("{count} message waits in it: the receivers are the bottleneck."),
        mark("{count} messages wait in it: the receivers are the bottleneck."),
    ),
)  # fmt: skip
"""Of a queue, of a pipe: for one, for several."""
