"""What the probe knows of one shared object in this process: its identity and its counters."""

from . import places
from .interrupts import ready
from .layout import C_COUNT, CODE, FRAMES_AT, LIMITED, OK, PART, T_LOCK
from .natives import _getframe, fstat, get_ident, monotonic_ns, ref, urandom

# A thread's tally of one operation on one object, a plain list: reading and writing its items is
# the cheapest there is. Its numbers are those in the file, so that they are only ever stored; COUNT
# is twice what was done, as there.
AT, COUNT, WAITED, WAITS, BYTES, TIMEOUTS, ERRORS, WHAT, FRAME = range(9)


LOCK = T_LOCK - FRAMES_AT  # from a thread's frame 0 to where it says which inner lock it has
WAITED_NS = 50_000  # what takes no longer than this did not wait: it is the call itself
LONG_NS = 1_000_000  # after a wait of this length a look at the round costs nothing
_COUNTED = (COUNT, TIMEOUTS, TIMEOUTS, TIMEOUTS, ERRORS)  # by outcome


class Tallies(dict):
    """thread's ident -> its tally of one operation on one object."""

    __slots__ = ("operation", "recorder", "shared")

    def __init__(self, recorder, shared, operation):
        dict.__init__(self)
        self.recorder = recorder
        self.shared = shared
        self.operation = operation

    def __missing__(self, ident):
        recorder = self.recorder
        try:
            index = self.shared.index
            at = recorder.counter(self.operation, index) + C_COUNT
            tally = [at, 0, 0, 0, 0, 0, 0, self.operation << 32 | index, recorder.frame()]
        except Exception as error:  # the edge: hooks ask for a tally unguarded
            recorder.failed(error)
            spare = recorder.spare_word()
            tally = [spare + C_COUNT, 0, 0, 0, 0, 0, 0, 0, spare]
        self[ident] = tally
        return tally


class Shared:
    """An object that processes share. `identity`: equal in all of them; `created`: whether this
    process did; `capacity`: 0 without a limit; `site`: where it was made, if not in `frame`;
    `on_forget`: called in the child of a fork."""

    __slots__ = (
        "__weakref__",
        "_index",
        "_tallies",
        "capacity",
        "created",
        "gets",
        "hint",
        "identity",
        "on_forget",
        "plain",
        "puts",
        "receive",
        "recorder",
        "site",
        "time_ns",
        "type",
    )  # fmt: skip

    def __init__(self, recorder, type, identity, created, frame=None, hint="", capacity=0,
                 site=None):  # fmt: skip
        self.recorder = recorder
        self.type = type
        self.identity = identity
        self.created = created
        self.site = site
        if site is None:
            self.site = places.text(places.find(frame if frame is not None else _getframe()))
        self.hint = hint
        self.capacity = capacity
        self.time_ns = monotonic_ns()
        self.on_forget = None
        self._index = 0
        self._tallies = {}
        recorder.shares.add(ref(self, recorder.shares.discard))
        if created:
            self.index  # noqa: B018 - made known at once, so that it is seen before it is used

    @property
    def index(self):
        """Its number in the recorder's file."""
        if not self._index:
            self._index = self.recorder.define(self)
        return self._index

    def __reduce__(self):
        # Objects that are pickled with their attributes take nothing of ours along.
        return type(None), ()

    def tallies(self, operation):
        """Its tallies of an operation (a code), by thread; the same dict for good."""
        found = self._tallies.get(operation)
        if found is None:
            found = self._tallies[operation] = Tallies(self.recorder, self, operation)
        return found

    def what(self, operation):
        """operation << 32 | object, as records and frames have it."""
        return operation << 32 | self.index

    def includes(self, identity):
        """What another process knows as an object of this identity is a part of this one."""
        self.recorder.say(PART, identity, self.identity)

    def forget(self):
        """In the child of a fork: begin anew in its own file."""
        self._index = 0
        self.created = False
        for tallies in self._tallies.values():
            tallies.clear()
        if self.on_forget is not None:
            self.on_forget()

    def tell(self, operation, start, end, waited=0, outcome=0, size=-1, preview=None, text="",
             argument=0, frame=None, flags=0, place=0):  # fmt: skip
        """Count an operation that is over, and write its record if there is room; returns the
        record's first word or 0. `text`: itself, or its id. Never raises."""
        try:
            return self._tell(operation, start, end, waited, outcome, size, preview, text,
                              argument, frame, flags, place)  # fmt: skip
        except Exception as error:
            self.recorder.failed(error)
            return 0

    def _tell(self, operation, start, end, waited, outcome, size, preview, text, argument, frame,
              flags, place):  # fmt: skip
        recorder = self.recorder
        words = recorder.words
        tally = self.tallies(CODE[operation])[get_ident()]
        at = tally[AT]
        if outcome == OK:
            words[at] = tally[COUNT] = tally[COUNT] + 2
        else:
            item = _COUNTED[outcome]
            words[at + item - COUNT] = tally[item] = tally[item] + 1
        if waited:
            note_wait(words, tally, waited)
        if size > 0:
            words[at + BYTES - COUNT] = tally[BYTES] = tally[BYTES] + size
        if recorder.open or recorder.opens():
            return recorder.detail(
                tally[WHAT], frame, start, end, waited, outcome, size, preview,
                text if type(text) is int else recorder.text(text), argument, flags, place,
            )  # fmt: skip
        return 0


class Waiting:
    """A `with`: the calling thread is in an operation that may take long. `outcome` may be set;
    what is raised in it does not matter."""

    __slots__ = ("_argument", "_begin", "_operation", "_place", "_shared", "_text", "_word",
                 "outcome")  # fmt: skip

    def __init__(self, shared, operation, frame, text="", argument=0):
        self._shared = shared
        self._operation = operation
        self._argument = argument
        self.outcome = OK
        recorder = shared.recorder
        try:
            self._place = place = recorder.place(frame)
            self._text = number = recorder.text(text)
            word = recorder.frame()
            words = recorder.words
            words[word + 2] = place << 32 | number
            words[word + 3] = argument
            words[word + 1] = self._begin = monotonic_ns()
            what = CODE[operation] << 32 | shared.index
            words[word] = what | ready(frame) if word == recorder.main else what
        except Exception as error:
            recorder.failed(error)
            self._place = self._text = 0
            self._begin, word = monotonic_ns(), recorder.spare_word()
        self._word = word

    def limit(self, timeout):
        """It gives up by itself after `timeout` seconds, if that is not None."""
        if timeout is not None:
            self._shared.recorder.words[self._word] |= LIMITED

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        shared, word = self._shared, self._word
        words = shared.recorder.words
        words[word] = 0
        words[word + 1] = words[word + 2] = 0
        end = monotonic_ns()
        waited = end - self._begin
        shared.tell(
            self._operation, self._begin, end, waited if waited > WAITED_NS else 0, self.outcome,
            text=self._text, argument=self._argument, place=self._place,
        )  # fmt: skip


def enter(recorder, words, tally, timeout=None):
    """The calling thread, whose tally this is, is about to do what may block: where, since when,
    whether for no longer than a `timeout`, and whether Ctrl-C may be to end it. Returns when.

    For what has a timeout, and else while there is room for details. When much is going on, hooks
    only make the counter odd: to look for the place and to note the time costs as much as all the
    rest.
    """
    word, frame = tally[FRAME], _getframe(1)
    words[word + 2] = recorder.place(frame) << 32
    words[word + 1] = begin = monotonic_ns()
    if timeout is not None:
        words[word] = tally[WHAT] | LIMITED
    else:
        words[word] = tally[WHAT] | ready(frame) if word == recorder.main else tally[WHAT]
    return begin


def leave(words, tally):
    """What `enter` began is over, however it ended. Returns its place."""
    word = tally[FRAME]
    place = words[word + 2] >> 32
    words[word] = 0
    words[word + 1] = words[word + 2] = 0
    return place


def settle(recorder, words, tally, noted, begin, took, size, preview=None):
    """After an operation was counted: what it waited, and its record if there is room.

    `noted`: whether it was entered by `enter`."""
    place = leave(words, tally) if noted else 0
    waited = took if took > WAITED_NS else 0
    if waited:
        note_wait(words, tally, took)
    if recorder.open or ((took > LONG_NS or not tally[COUNT] & 30) and recorder.opens()):
        recorder.detail(
            tally[WHAT], None if place else _getframe(1), begin, begin + took, waited, 0, size,
            preview, 0, tally[COUNT] >> 1, 0, place,
        )  # fmt: skip


def note_wait(words, tally, waited):
    """Add to what a thread has waited for in one operation on an object."""
    at = tally[AT]
    total = tally[WAITED] = tally[WAITED] + waited
    words[at + 1] = total
    waits = tally[WAITS] = tally[WAITS] + 1
    words[at + 2] = waits


def new_identity():
    """For an object that other processes know by inheriting this memory."""
    return urandom(8).hex()


def semaphore_identity(name):
    """For a semaphore that other processes open by name."""
    return "sem:" + name if name else new_identity()


def descriptor_identity(descriptor):
    """For a pipe or a socket: the same from both sides of a pipe, in every process."""
    status = fstat(descriptor)
    return "%s:%d:%d" % ("fd", status.st_dev, status.st_ino)


def short_hash(text):
    """A few digits that stand for a long text, the same in every process."""
    value = 0
    for byte in text.encode("utf-8", "replace"):
        value = (value * 31 + byte) & 0xFFFFFFFF
    return "%08x" % value
