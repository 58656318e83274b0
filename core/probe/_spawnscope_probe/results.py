"""Results of tasks, as they come in where the tasks were submitted.

A thread of the pool, or of the executor, reads them off a pipe. What cannot be rebuilt from its
pickle ends that thread: no other result is taken in from then on.
"""

from .exceptions import said
from .layout import CODE, FAILED, OK
from .likeness import plain
from .natives import get_ident, monotonic_ns, ref
from .preview import type_name
from .shared import AT, BYTES, COUNT, WHAT

_RESULT = CODE["result"]


def receive(reader, shared, number_of, look=None):
    """Let results that `reader` receives be recorded. `number_of(item)`: the number of its task;
    None if it is no result. `look(item, ident)` is called in the thread of this ident for the
    results that are told, and now and then else."""
    take, take_bytes, weak = type(reader).recv, plain(type(reader)._recv_bytes), ref(reader)
    recorder, tallies = shared.recorder, shared.tallies(_RESULT)
    words = recorder.words
    size = 0

    def _recv_bytes(maxsize=None):
        nonlocal size
        data = take_bytes(weak(), maxsize)
        size = data.tell()
        return data

    def recv():
        nonlocal size
        size = 0
        try:
            item = take(weak())
        except (EOFError, OSError) as error:
            if size:
                failed(error)
            raise
        except BaseException as error:
            failed(error)
            raise
        try:
            number = number_of(item)
            if number is not None:
                ident = get_ident()
                tally = tallies[ident]
                at = tally[AT]
                words[at] = tally[COUNT] = count = tally[COUNT] + 2
                words[at + BYTES - COUNT] = tally[BYTES] = tally[BYTES] + size
                if recorder.open or (not count & 30 and recorder.opens()):
                    now = monotonic_ns()
                    recorder.detail(tally[WHAT], None, now, now, 0, OK, size, None, 0, number)
                if look is not None and (recorder.open or not count & 30):
                    look(item, ident)
        except Exception as error:
            recorder.failed(error)
        return item

    def failed(error):
        now = monotonic_ns()
        text = said(error) if recorder.previews else ""
        shared.tell("result", now, now, 0, FAILED, size, type_name(error), text)

    reader._recv_bytes = _recv_bytes
    reader.recv = recv
