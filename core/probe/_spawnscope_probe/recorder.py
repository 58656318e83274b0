"""The recorder of this process: the words of the mapped file, and who may write which.

    hooks --count--> a counter's word   (one store; always)
          --wait---> frame 0 of the thread's block, and its end   (whatever may block)
          --detail-> a record of the ring   (while the round's allowance lasts)

A counter belongs to one thread, so no increment is ever lost. How many details fit into one round
of the supervisor's reading is limited; beyond that, operations are only counted. Without a reader
nothing is written but counters.

Every method is called in the watched process, by any thread, under the interpreter lock. None of
them keeps a reference to a value of the program.
"""

from _struct import Struct
from _thread import RLock, _local
from itertools import count, islice

from . import layout, memory, places, stacks
from .folder import Folder, NoRoom
from .interrupts import ready
from .natives import get_ident, get_native_id, getpid, monotonic_ns
from .shape import STEP, Shape

DETAILS_A_ROUND = 100
DETAILS_WHEN_BUSY = 25  # while there is more to tell than either
_LEAF, LIMITED = layout.FRAMES_AT, layout.LIMITED
_PAYLOAD = Struct("9Q").pack_into
_ENTRY = Struct("II").pack_into
_PAIR = Struct("2Q").pack
_MOST_PLACES = 10_000
_LONGEST_HINT = 200  # characters; a definition that is cut off would be a damaged one
_AT_ONCE = 28  # details over the allowance, of threads that found it unspent at one time


class _Slot(_local):
    frame = 0  # of this thread: word of its frame 0
    number = 0  # of its block


class Recorder:
    """See the module. `words`: the file as unsigned 64-bit words; `tick`: a view of the page whose
    word 0 counts the supervisor's rounds; `main`: the main thread's frame 0, 0 before it has one;
    `open`: whether the allowance of details has room left, as far as was looked; `opens` looks
    anew, so a hook may ask it less often."""

    __slots__ = (
        "_asked",
        "_blocks_end",
        "_blocks_ready",
        "_definitions_at",
        "_definitions_end",
        "_definitions_ready",
        "_definitions_stop",
        "_left",
        "_lock",
        "_next_block",
        "_next_record",
        "_objects",
        "_pid",
        "_places",
        "_ring_at",
        "_ring_ready",
        "_ring_records",
        "_round",
        "_rounds_left",
        "_shape",
        "_slot",
        "_texts",
        "_thread_blocks",
        "address", "bytes", "clock", "created_ns", "folder", "keeps", "main", "name", "on", "open",
        "previews", "shares", "size", "tick", "words",
    )  # fmt: skip

    def __init__(self, folder, size, previews, keeps=False):
        """`size`: in bytes, at most; `keeps`: tasks, see `keeping`. Raises OSError."""
        self.folder, self.clock = Folder(folder), monotonic_ns
        self.size = size = self.folder.room(size)
        self.previews, self.keeps = previews, keeps
        self._shape = shape = Shape(size)
        self._definitions_at, self._ring_at = shape.definitions_at, shape.ring_at
        self._ring_records = shape.ring_records
        self.shares = set()  # weak references to every Shared, to renew them after a fork
        tick = self.folder.map_to_read("tick", layout.TICK_BYTES)
        self.tick = memory.view(tick, layout.TICK_BYTES).cast("Q")
        self.address = None
        self._slot = _Slot()
        self._left = self._texts = self._places = self._thread_blocks = None
        self._begin()
        self.bytes = memory.view(self.address, size)
        self.words = self.bytes.cast("Q")

    def renew(self):
        """In the child of a fork: go on in a file of its own. Raises OSError."""
        # The kernel copies each page that is touched: to let go of texts would touch all of them.
        self._left = self._left, self._texts, self._places, self._thread_blocks
        self._slot.frame = self._slot.number = 0  # of the only thread that is left
        try:
            self._begin()
        except Exception:
            memory.map_nothing(self.address, self.size)  # what is there still is the parent's
            raise
        for reference in list(self.shares):
            shared = reference()
            if shared is not None:
                shared.forget()

    def failed(self, error):
        """Something of ours raised: off, with the reason for the session."""
        if isinstance(error, NoRoom):
            self.switch_off(str(error))
            return
        trace, steps = error.__traceback__, []
        while trace is not None:
            steps.append("%s:%d" % (trace.tb_frame.f_code.co_name, trace.tb_lineno))
            trace = trace.tb_next
        self.switch_off("%s: %s (%s)" % (type(error).__name__, error, " ".join(steps)))

    def switch_off(self, why):
        """The edge of the probe: something failed. Nobody reads from now on; the program goes on.

        What hooks still write lands in memory that nobody looks at.
        """
        if not self.on:
            return
        self.on = False
        try:
            self.words[layout.H_STATE] = layout.SWITCHED_OFF
            self.folder.write(self.name + ".fault", why[: layout.LONGEST_TEXT])
        except Exception:
            pass
        memory.map_nothing(self.address, self.size)

    def _begin(self):
        self.created_ns = self.clock()
        self._pid = getpid()
        self._asked = self.tick[1]
        self.name = "%d-%d" % (self._pid, self.created_ns)
        shape = self._shape
        header = shape.head + _PAIR(self._pid, self.created_ns) + shape.tail
        self.address = self.folder.map_new(self.name + ".rec", shape, header, self.address)
        self.on = True
        self._lock = RLock()  # for definitions, which are rare; never held across a call of others
        self._texts = {}
        self._places = {}  # (file, line): the text's id
        self._objects = count(1)
        self._thread_blocks = {}
        self._blocks_end, self._blocks_ready = shape.blocks, shape.blocks_ready
        self._definitions_end = 0
        self._definitions_ready, self._definitions_stop = shape.definitions_ready, shape.ring_at
        self._ring_ready = shape.ring_ready
        self._next_block, self._next_record = count(1), count()
        self._round, self._rounds_left = -1, DETAILS_A_ROUND
        self.open = True
        self.main = 0

    def _reserved(self, ready, needed, end):
        """Reserve a part's bytes from `ready` on, at least up to `needed`, at most up to `end`;
        returns how far they are reserved then: `ready` where there is no room."""
        until = min(max(ready + STEP, needed), end)
        try:
            self.folder.reserve(self.name + ".rec", self.size, ready, until - ready)
            return until
        except OSError:
            return ready

    # Threads, counters, objects, texts

    def block(self, blocks):
        """The first word of so many new blocks; 0 when there is no room."""
        numbers = tuple(islice(self._next_block, blocks))  # one step: nobody gets one in between
        used = numbers[-1]
        if used > self._blocks_end:
            return 0
        end = layout.HEADER_BYTES + used * layout.BLOCK_BYTES
        if end > self._blocks_ready:
            self._blocks_ready = self._reserved(self._blocks_ready, end, self._definitions_at)
            if end > self._blocks_ready:
                self._blocks_end = 0
                return 0
        with self._lock:  # whoever comes late must not hide what others have by now
            if self.words[layout.H_BLOCKS_USED] < used:
                self.words[layout.H_BLOCKS_USED] = used
        return layout.HEADER_WORDS + (numbers[0] - 1) * layout.BLOCK_WORDS

    def frame(self):
        """The word of the calling thread's frame 0."""
        return self._slot.frame or self._new_thread()

    def thread(self):
        """The number of the calling thread's block."""
        return self._slot.number or (self._new_thread() and self._slot.number)

    def _new_thread(self):
        ident, is_main = get_ident(), get_native_id() == self._pid
        name = stacks.thread_name(ident, is_main)
        block = self._thread_blocks.get(ident) or self.block(layout.THREAD_BLOCKS)
        if not block:
            block = self.spare_word()  # no room: threads share one that is never right
        else:
            self._thread_blocks[ident] = block
        w = self.words
        for word in range(block, block + layout.THREAD_BLOCKS * layout.BLOCK_WORDS):
            w[word] = 0
        w[block + 1] = get_native_id()
        w[block] = layout.THREAD << 56 | self.text(str(name))
        slot = self._slot
        slot.frame = block + _LEAF
        slot.number = (block - layout.HEADER_WORDS) // layout.BLOCK_WORDS + 1
        if is_main:
            self.main = slot.frame
        return slot.frame

    def counter(self, operation, index):
        """The word of a new counter for the calling thread; a spare one when there is no room."""
        thread = self.thread()
        word = self.block(1)
        if not word:
            self.words[layout.H_UNWATCHED] += 1
            return self.spare_word()
        self.words[word] = layout.COUNTER << 56 | operation << 48 | (thread & 0xFFFF) << 32 | index
        return word

    def define(self, shared):
        """The number in this file of an object that has none yet; 0 when there is no room."""
        with self._lock:
            index = next(self._objects)
            fields = (
                str(index), shared.type, shared.identity, "1" if shared.created else "0",
                shared.site, shared.hint[:_LONGEST_HINT], str(shared.capacity), str(shared.time_ns),
            )  # fmt: skip
            shared.created = False  # a fork of this process has not created it
            if self._entry(layout.OBJECT, layout.SEPARATOR.join(fields)):
                return index
            self.words[layout.H_UNWATCHED] += 1
            return 0

    def say(self, kind, *fields):
        """A definition that has no number: a PART or a FACT."""
        with self._lock:
            self._entry(kind, layout.SEPARATOR.join(fields))

    def text(self, text):
        """The id of a text; 0 for none, and when there is no room."""
        if not text:
            return 0
        number = self._texts.get(text)
        if number is None:
            with self._lock:
                number = self._texts.get(text, 0)
                if not number and self._entry(layout.TEXT, text):
                    number = self._texts[text] = len(self._texts) + 1
        return number

    def _entry(self, kind, text):
        data = text.encode("utf-8", "backslashreplace")[: layout.LONGEST_TEXT]
        at = self._definitions_end
        end = at + 8 + (len(data) + 7) // 8 * 8
        start, stop = self._definitions_at + at, self._definitions_at + end
        if stop > self._definitions_stop:
            return False
        if stop > self._definitions_ready:
            self._definitions_ready = self._reserved(self._definitions_ready, stop, self._ring_at)
            if stop > self._definitions_ready:
                self._definitions_stop = self._definitions_ready
                return False
        self._definitions_end = end
        self.bytes[start + 8 : start + 8 + len(data)] = data
        _ENTRY(self.bytes, start, len(data), kind)
        self.words[layout.H_DEFINITIONS_END] = end
        return True

    def place(self, frame):
        """The id of the text "file:line" of where in the user's code `frame` was called from."""
        found = places.find(frame)
        number = self._places.get(found)
        if number is None:
            number = self.text(places.text(found))
            if len(self._places) < _MOST_PLACES:
                self._places[found] = number
        return number

    def spare_word(self):
        """Where what has no room is written: behind the last record of the ring, room enough for
        the blocks of a thread."""
        return self._shape.spare_at >> 3

    # Operations

    def enter(self, what, frame, text=0, argument=0):
        """The calling thread is about to wait in `what` (operation << 32 | object), called in
        `frame`. Returns (word to zero when it is over, begin in ns)."""
        w = self.words
        try:
            word = self._slot.frame or self._new_thread()
            w[word + 2] = self.place(frame) << 32 | text
            w[word + 3] = argument
            w[word + 1] = begin = self.clock()
            w[word] = what | ready(frame) if word == self.main and what < LIMITED else what
        except Exception as error:
            self.failed(error)
            return self.spare_word(), self.clock()
        return word, begin

    def leave(self, word):
        """What `enter` or `nest` began is over."""
        w = self.words
        w[word] = w[word + 1] = w[word + 2] = 0

    def nest(self, what, frame, text=0, argument=0):
        """As `enter`, for what other operations happen inside of: a task, a process's run."""
        w = self.words
        first = self._slot.frame or self._new_thread()
        for depth in range(1, layout.FRAMES):
            word = first + depth * layout.FRAME_WORDS
            if not w[word]:
                w[word + 2] = self.place(frame) << 32 | text
                w[word + 3] = argument
                w[word + 1] = begin = self.clock()
                w[word] = what
                return word, begin
        return 0, self.clock()

    def opens(self):
        """Whether a new round has begun, which allows new details."""
        now = self.tick[0]
        if now == self._round:
            return False
        if self.tick[1] != self._asked:
            self._listen()
        if not self._ring_has_room():
            self._round = now
            return False
        # Now and then as if it were quiet, to see whether it is.
        quiet = self.open or not now & 7
        self._rounds_left = DETAILS_A_ROUND if quiet else DETAILS_WHEN_BUSY
        self.open = True
        self._round = now  # last: another thread that comes meanwhile would find no room
        return True

    def _listen(self):
        """The supervisor asks a process for its stacks: perhaps this one."""
        self._asked = asked = self.tick[1]
        if asked & 0xFFFFFFFF == self._pid:
            try:
                stacks.answer(self.folder, self.name + ".stack")
            except Exception as error:
                self.failed(error)

    def _ring_has_room(self):
        """Whether what a round may write is reserved."""
        records = self.words[layout.H_WRITTEN] + DETAILS_A_ROUND + _AT_ONCE
        stop = self._ring_at + min(records, self._ring_records) * layout.RECORD_BYTES
        if stop > self._ring_ready:
            self._ring_ready = self._reserved(self._ring_ready, stop, self.size)
        return stop <= self._ring_ready

    def detail(
        self, what, frame, start, end, waited=0, outcome=0, size=-1, preview=None, text=0,
        argument=0, flags=0, place=0,
    ):  # fmt: skip
        """Write a record, if the round's allowance still has room; returns its first word or 0."""
        if self._rounds_left <= 0 and not self.opens():
            self.open = False
            return 0
        try:
            if self.tick[1] != self._asked:
                self._listen()
            self._rounds_left -= 1
            if frame is not None:
                place = self.place(frame)
            sequence = next(self._next_record)
            byte = self._ring_at + sequence % self._ring_records * layout.RECORD_BYTES
            if byte + layout.RECORD_BYTES > self._ring_ready:
                return 0
            w = self.words
            word = byte >> 3
            w[word] = 0
            raw = preview.encode("utf-8", "replace")[: layout.PREVIEW_BYTES] if preview else b""
            _PAYLOAD(
                self.bytes, byte + 8, start, end, waited, what,
                outcome << 48 | flags << 32 | (self._slot.number or self.thread()),
                place << 32 | text, size + 1, argument & 0xFFFFFFFFFFFFFFFF, len(raw),
            )  # fmt: skip
            if raw:
                at = byte + layout.R_PREVIEW_AT * 8
                self.bytes[at : at + len(raw)] = raw
            w[word] = w[layout.H_WRITTEN] = sequence + 1
            return word
        except Exception as error:
            self.failed(error)
            return 0
