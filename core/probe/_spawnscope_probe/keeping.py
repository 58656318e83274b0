"""The task that a worker has in hand, kept as the bytes that came for it, so that the very call can
be made again. Only where the option `keep` asks for it.

    pipe --bytes--> <recorder>.task<k> --delivered--> empty
                            |--raised----> it stays as it is; the next task goes into k + 1
                            '--killed----> it is what the supervisor finds

The file is mapped, as the recorder is: what was copied into it is there after SIGKILL. The bytes
are not looked into, and no reference to the task is kept.
"""

from _struct import Struct

from . import facts, kept_context, memory
from . import kept_layout as layout
from .kept_layout import ERROR, FUNCTION, IN_HAND, KEPT, NUMBER, RAISED, SIZE, STATE
from .layout import CODE
from .shape import STEP
from .tasks import Tasks

_HEADER = Struct("16Q").pack
_TASK = CODE["task"]
_OBJECT = (1 << 32) - 1


class KeepingTasks(Tasks):
    """Tasks of which the one in hand is kept, once `begin` was called."""

    __slots__ = ("keeper",)

    def __init__(self, *args):
        self.keeper = _Keeper()
        Tasks.__init__(self, *args)

    def begin_keeping(self, end, guard, initializer, arguments):
        """`end`: of the pipe that tasks come from; `initializer`: the worker's, with its
        arguments."""
        keeper, context = self.keeper, kept_context.context(initializer, arguments)
        keeper.begin(self.recorder, self.shared.what(_TASK) & _OBJECT, context)
        receive, take = end._recv_bytes, guard(keeper.take)

        def _recv_bytes(maxsize=None):
            data = receive(maxsize)
            take(data)
            return data

        end._recv_bytes = _recv_bytes

    def start(self, item):
        Tasks.start(self, item)
        try:
            self.keeper.start(self.number, self.recorder.text(self.text))
        except Exception as error:
            self.recorder.failed(error)

    def delivering(self):
        outcome = self.outcome if self.begin else None
        Tasks.delivering(self)
        if outcome is not None and outcome[0]:
            try:
                self.keeper.raised(self.recorder.text(outcome[1]))
            except Exception as error:
                self.recorder.failed(error)

    def delivered(self):
        Tasks.delivered(self)
        if not self.begin:
            self.keeper.done()

    def over(self, error=None):
        if error is None:
            self.keeper.done()
        Tasks.over(self, error)

    def _forget(self):
        self.keeper.leave()
        Tasks._forget(self)


class _Shape:
    """What `Folder.map_new` makes a file by."""

    __slots__ = ("parts", "size")

    def __init__(self, size, first):
        self.size = size
        self.parts = ((0, first),)


class _Keeper:
    """The files of this worker, one after another. Where there is room for none, nothing is kept.
    `words`: of the one that the task in hand goes into; None: there is none."""

    __slots__ = ("_address", "_at", "_bytes", "_context", "_index", "_name", "_number", "_ready",
                 "_recorder", "_size", "words")  # fmt: skip

    def __init__(self):
        self.words = None

    def begin(self, recorder, index, context):
        """`index`: of the pool in the recorder."""
        self._recorder = recorder
        self._index = index
        self._context = context
        self._at = layout.HEADER_BYTES + (len(context) + 7) // 8 * 8
        self._size = (self._at + layout.LARGEST_TASK + 4095) // 4096 * 4096
        self._address = None
        self._number = -1
        self._next()

    def take(self, data):
        """A task has come (a BytesIO), and is not rebuilt yet."""
        words = self.words
        if words is None:
            return
        words[STATE] = words[NUMBER] = words[FUNCTION] = 0
        words[SIZE] = size = data.tell()
        end = self._at + size
        words[KEPT] = kept = size if size <= layout.LARGEST_TASK and self._has_room(end) else 0
        if kept:
            with data.getbuffer() as whole:
                self._bytes[self._at : end] = whole
        words[STATE] = IN_HAND

    def start(self, number, function):
        """It is rebuilt, and begins. `function`: the id of its name."""
        words = self.words
        if words is not None:
            words[FUNCTION], words[NUMBER] = function, number

    def done(self):
        """Its result has left."""
        if self.words is not None:
            self.words[STATE] = 0

    def raised(self, error):
        """It came to an exception; `error`: the id of its type's name."""
        words = self.words
        if words is not None and self._number < layout.FILES - 1:
            words[ERROR] = error
            words[STATE] = RAISED
            self._next()

    def leave(self):
        """This process is a child of the worker, which still writes there."""
        self.words = None

    def _next(self):
        """Begin the next file, in the place of the one before."""
        self.words = None
        self._number += 1
        self._name = "%s.task%d" % (self._recorder.name, self._number)
        self._ready = min(self._at + STEP, self._size)
        header = _HEADER(layout.MAGIC, 0, 0, 0, 0, 0, 0, self._index, len(self._context), *[0] * 7)
        folder, shape = self._recorder.folder, _Shape(self._size, self._ready)
        try:
            self._address = folder.map_new(self._name, shape, header + self._context, self._address)
        except OSError:
            if not self._number:
                facts.tell(self._recorder, "tasks", "")  # none, for want of room
            return
        self._bytes = memory.view(self._address, self._size)
        self.words = self._bytes.cast("Q")
        facts.tell(self._recorder, "tasks", str(self._number))

    def _has_room(self, end):
        if end > self._ready:
            until = min((end + STEP - 1) // STEP * STEP, self._size)
            try:
                self._recorder.folder.reserve(
                    self._name, self._size, self._ready, until - self._ready
                )
            except OSError:
                return False
            self._ready = until
        return True
