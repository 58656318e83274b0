"""What is asked of a queue, and what it is told not to wait for: empty, qsize, cancel_join_thread.

A program may ask in a loop that does nothing else. So each question is counted, and only an answer
that differs from the last one gets a record: it is these that the program acts on.
"""

from .layout import CODE, OK
from .likeness import like
from .natives import _getframe, get_ident, monotonic_ns
from .shared import AT, COUNT, FRAME, WHAT

_LAST = FRAME + 1  # in a tally: the last answer that has a record, behind all that others have


def patch(module, recorder, simple=("SimpleQueue",)):
    """`module`: a library's queues, just imported."""
    for name in ("Queue", "JoinableQueue", *simple):
        kind = getattr(module, name, None)
        for operation, make in (
            ("empty", _question),
            ("qsize", _question),
            ("cancel_join_thread", _order),
        ):
            original = vars(kind).get(operation) if kind is not None else None
            if original is not None:
                setattr(kind, operation, make(original, operation, recorder))


def _question(original, operation, recorder):
    code = CODE[operation]
    words = recorder.words

    def ask(self):
        answer = original(self)
        shared = self._spawnscope
        if shared is not None:
            tally = shared.tallies(code)[get_ident()]
            words[tally[AT]] = tally[COUNT] = tally[COUNT] + 2
            if tally[_LAST:] != [answer] and (recorder.open or recorder.opens()):
                told(tally, answer, _getframe())
        return answer

    def told(tally, answer, frame):
        if type(answer) is not bool and type(answer) is not int:
            return
        tally[_LAST:] = [answer]
        now = monotonic_ns()
        recorder.detail(
            tally[WHAT], frame, now, now, 0, OK, -1, repr(answer), 0, tally[COUNT] >> 1
        )  # fmt: skip

    return like(ask, original)


def _order(original, operation, recorder):
    def order(self):
        result = original(self)
        shared = self._spawnscope
        if shared is not None:
            now = monotonic_ns()
            shared.tell(operation, now, now, frame=_getframe())
        return result

    return like(order, original)
