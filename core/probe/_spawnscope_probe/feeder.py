"""A Queue's feeder thread: what it has sent, how large that was, what it could not pickle; and
waiting for it to be done; and that it is told to end.

put (n-th) --> buffer --> feeder: pickles, sends --> pipe
    '-- record  <--size-- Sizes (n-th) <--'
           '-----place of what failed---> record of the feed
"""

from . import unpicklable
from .layout import CODE, FAILED, R_BYTES, R_PLACE
from .likeness import forwarding, like
from .natives import _getframe, deque, get_ident, local, monotonic_ns
from .preview import preview, type_name
from .queue_parts import direct
from .shared import AT, BYTES, COUNT

_FEED = CODE["feed"]


class Sizes:
    """Brings the sizes of sent items into the records of their puts. Both sides count: the n-th put
    of this process is the n-th item that its feeder thread takes."""

    __slots__ = ("due", "failed", "recent", "unsent", "waiting", "words")

    def __init__(self, words):
        self.words = words
        self.due = 0  # for which item (by twice the number of those sent) somebody waits; 0: nobody
        self.unsent = 0  # items that could not be pickled
        self.waiting = deque(maxlen=256)  # (n, record, its commit word)
        self.recent = deque(maxlen=64)  # (n, size) that were sent before their put was told
        self.failed = deque(maxlen=16)  # (n, record of the feed, its commit word) without a place

    def told(self, number, record):
        """The n-th put has a record."""
        for sent, size in list(self.recent):
            if sent == number:
                self.words[record + R_BYTES] = size + 1
                self._placed(number, record)
                return
        self.waiting.append((number, record, self.words[record]))
        self.wait()

    def left(self, number, size):
        """The n-th item was sent, or could not be pickled (-1)."""
        while self.waiting and self.waiting[0][0] <= number:
            put, record, commit = self.waiting.popleft()
            if put == number and self.words[record] == commit:
                self.words[record + R_BYTES] = size + 1
                self.wait()
                return
        self.recent.append((number, size))
        self.wait()

    def place_of(self, number):
        """Where the n-th put was made, as far as it has been told."""
        for put, record, commit in list(self.waiting):
            if put == number and self.words[record] == commit:
                return self.words[record + R_PLACE] >> 32
        return 0

    def _placed(self, number, put):
        """The n-th put has a record now: if its item could not be pickled, that has a place."""
        words = self.words
        for failed, record, commit in list(self.failed):
            if failed == number and words[record] == commit:
                words[record + R_PLACE] |= words[put + R_PLACE] >> 32 << 32

    def wait(self):
        """For the first item that has a record and no size."""
        try:
            self.due = 2 * (self.waiting[0][0] - self.unsent)
        except IndexError:
            self.due = 0


def patch(kind, recorder, receiver):
    """`kind`: a library's Queue."""
    start = kind._start_thread
    failed = vars(kind).get("_on_queue_feeder_error")
    reset_name = "_reset" if hasattr(kind, "_reset") else "_after_fork"
    reset = getattr(kind, reset_name)

    def _reset(self, *args, **kwargs):
        reset(self, *args, **kwargs)
        if self._spawnscope is not None:
            receiver(self, self._spawnscope)

    def _start_thread(self):
        shared = self._spawnscope
        if shared is None:
            return start(self)
        sizes = self._spawnscope_sizes = Sizes(recorder.words)
        plain = self._send_bytes
        self._send_bytes = _sender(plain, shared, sizes)
        # Made now: what counts it may run amid anything, as garbage collection does.
        closed = shared.tallies(CODE["closed"])[get_ident()]
        self._notempty._spawnscope_closed = recorder.words, closed[AT]
        try:
            start(self)
        finally:
            self._send_bytes = plain
        if self._thread is not None:
            self._thread._spawnscope_queue = shared
        return None

    if reset_name in vars(kind):
        setattr(kind, reset_name, forwarding(reset, _reset))
    kind._spawnscope_sizes = None
    kind._start_thread = like(_start_thread, start)
    if "_finalize_close" in vars(kind):
        kind._finalize_close = staticmethod(_closing(kind._finalize_close))
    if "_finalize_join" in vars(kind):
        kind._finalize_join = staticmethod(_finishing(kind._finalize_join, recorder))
    if type(failed) is staticmethod:
        kind._on_queue_feeder_error = staticmethod(_feeder_error(failed.__func__))
    elif failed is not None:
        kind._on_queue_feeder_error = _feeder_error_of(failed)


def _closing(original):
    """A queue that is closed, or that nobody in this process has any more, lets its feeder end."""

    def _finalize_close(buffer, notempty):
        words, at = vars(notempty).pop("_spawnscope_closed", (None, 0))
        if words is not None:
            words[at] = 2
        return original(buffer, notempty)

    return like(_finalize_close, original)


def _finishing(original, recorder):
    """A process waits for its feeder thread at its end, or in join_thread."""
    flush = CODE["flush"]

    def _finalize_join(twr):
        thread = twr()
        shared = None if thread is None else vars(thread).get("_spawnscope_queue")
        del thread  # it must be able to go
        if shared is None:
            return original(twr)
        word, _ = recorder.enter(shared.what(flush), _getframe())
        try:
            return original(twr)
        finally:
            recorder.leave(word)

    return like(_finalize_join, original)


def _sender(plain, shared, sizes):
    """What the feeder thread sends with: the item has left the process when it returns."""
    recorder = shared.recorder
    words = recorder.words
    end, kind, hook, write = direct(plain, "_send_bytes") or (None,) * 4
    tally = None
    counted = sent = at = 0

    def send_bytes(data):
        nonlocal tally, counted, sent, at
        if tally is None:  # the first item of this thread
            tally = shared.tallies(_FEED)[get_ident()]
            counted, sent, at = tally[COUNT], tally[BYTES], tally[AT]
        words[at] = counted + 1
        try:
            if (
                hook is not None and kind._send_bytes is hook and type(data) is memoryview
                and end._writable and end._handle is not None
            ):  # fmt: skip
                write(end, data)
            else:
                plain(data)
        except BaseException:
            words[at] = counted
            raise
        counted += 2
        sent += len(data)
        words[at] = counted
        words[at + 3] = sent
        # Most items go by here while another is waited for.
        if counted >= sizes.due and (sizes.due or recorder.open):
            sizes.left((counted >> 1) + sizes.unsent, len(data))

    def unsent(title, why):
        sizes.unsent += 1
        number = (counted >> 1) + sizes.unsent
        # Where several threads put, who was first is not known here.
        place = sizes.place_of(number) if len(shared.puts) == 1 else 0
        sizes.left(number, -1)
        now = monotonic_ns()
        record = shared.tell("feed", now, now, 0, FAILED, -1, title, why, number, place=place)
        if record and not place and len(shared.puts) == 1:
            sizes.failed.append((number, record, words[record]))

    send_bytes.spawnscope = unsent
    send_bytes.shows_values = recorder.previews
    return send_bytes


def _feeder_error(original):
    def _on_queue_feeder_error(e, obj):
        _tell_unsent(_getframe().f_back, e, obj)
        original(e, obj)

    return like(_on_queue_feeder_error, original)


def _feeder_error_of(original):
    def _on_queue_feeder_error(self, e, obj):
        _tell_unsent(_getframe().f_back, e, obj)
        original(self, e, obj)

    return like(_on_queue_feeder_error, original)


def reporting(original):
    """`original`: what a library's feeder reports an error with, where its queues are not asked.
    That ends the thread."""

    def error(msg, *args, **kwargs):
        feeder = _getframe().f_back
        if feeder.f_code.co_name == "_feed" and args:
            _tell_unsent(feeder, args[0], local(feeder, "obj"))
        return original(msg, *args, **kwargs)

    return like(error, original)


def _tell_unsent(feeder, error, item):
    """The queue is not named where this is called; its feeder's frame knows what it sends with."""
    try:
        send = local(feeder, "send_bytes")
        why = unpicklable.described(error, [unpicklable.root_of(item)], send.shows_values)
        send.spawnscope(type_name(error) + ": never sent, " + preview(item), why)
    except Exception:
        pass
