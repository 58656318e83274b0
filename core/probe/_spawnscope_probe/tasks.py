"""What a worker of a pool or an executor does: its initializer, its tasks, and idling in between.

    started --> initializer --> idle --get--> task --put: pickled--> deliver --sent--> idle --> ...

A worker takes a task off one queue and puts its result on another. Two stand-ins for these queues
see both, so the task runs as it would: nothing is put around its function. What the worker is in
lies in one frame of its thread, from its start to its end. A task is counted when its result is
about to leave, since who gets that may end the worker at once; until then it is in that task.
"""

from . import unpicklable
from .guard import guarded
from .layout import CODE, FAILED, FRAME_WORDS, OK
from .likeness import like, plain
from .natives import _getframe, get_ident, monotonic_ns, ref
from .preview import function_name, type_name
from .queue_parts import disown
from .shared import AT, BYTES, COUNT, FRAME, LOCK, WHAT, Shared, Waiting

_TASK, _IDLE = CODE["task"], CODE["idle"]
_INITIALIZER, _DELIVER = CODE["initializer"], CODE["deliver"]
_LONG_NS = 1_000_000  # a task of this length is worth a look whether there is room again


class Tasks:
    """The life of this worker. `shared`: its pool; `read`, `told` and `value`: what an item that it
    takes and one that it puts say, see `serving`."""

    __slots__ = ("begin", "deliver", "ended", "frame", "got", "idle", "initializer", "lock",
                 "number", "outcome", "read", "recorder", "shared", "size", "tally",
                 "text", "told", "value", "words")  # fmt: skip

    def __init__(self, shared, read, told, value, initializer):
        self.shared = shared
        self.recorder = recorder = shared.recorder
        self.words = words = recorder.words
        self.read = read
        self.told = told
        self.value = value
        self.initializer = None if initializer is None else function_name(initializer)
        self.begin = 0
        self.text = ""
        self.number = 0
        self.size = 0  # bytes of the task that was taken last
        self.got = 0  # when these were there, if it is to be told; 0: it is not
        self.ended = 0  # when its function was over
        self.outcome = None  # whether it has failed, by which exception; None while it runs
        ident = get_ident()
        self.tally = shared.tallies(_TASK)[ident]
        idle = shared.tallies(_IDLE)[ident]
        self.idle, self.deliver = idle[WHAT], shared.what(_DELIVER)
        # Inside of the run of its Process, which lies in the frame before.
        self.frame = idle[FRAME] + 2 * FRAME_WORDS
        self.lock = idle[FRAME] + LOCK
        shared.on_forget = self._forget
        idle[COUNT] += 2
        words[idle[AT]] = idle[COUNT]  # a worker that ever served
        self.begin = monotonic_ns()
        if self.initializer is None:
            self._enter(self.idle, self.begin)
        else:
            self._enter(shared.what(_INITIALIZER), self.begin, self.initializer)

    def _forget(self):
        """This is a child of the worker, which is none itself: what it would write goes nowhere."""
        spare = self.recorder.spare_word()
        self.frame = self.lock = spare
        self.tally = [spare, 0, 0, 0, 0, 0, 0, 0, spare]

    def _enter(self, what, begin, text="", number=0):
        words, frame = self.words, self.frame
        words[frame] = 0
        words[frame + 2] = self.recorder.text(text)
        words[frame + 3] = number
        words[frame + 1] = begin
        words[frame] = what

    def ready(self):
        """It asks for its first task: its initializer is done."""
        now = monotonic_ns()
        self.shared.tell("initializer", self.begin, now, text=self.initializer)
        self.initializer = None
        self.begin = 0
        self._enter(self.idle, now)

    def start(self, item):
        """It has taken a task."""
        try:
            function, arguments, self.number = self.read(item)
            self.text = text = function_name(function, arguments)
            words, frame = self.words, self.frame
            words[frame] = 0
            words[frame + 2] = self.recorder.text(text)
            words[frame + 3] = self.number
            words[frame + 1] = self.begin = monotonic_ns()
            words[frame] = self.tally[WHAT]
        except Exception as error:
            self.recorder.failed(error)

    def done(self, item):
        """The task's function is over; what it has come to is still to be pickled."""
        try:
            self.ended = monotonic_ns()
            self.outcome = self.told(item)
        except Exception as error:
            self.recorder.failed(error)

    def delivering(self):
        """Its result begins to leave."""
        outcome = self.outcome
        if outcome is None or not self.begin:
            return
        try:
            self.outcome = None
            now = self.ended
            recorder, words, size = self.recorder, self.words, self.size
            words[self.frame] = self.deliver
            if outcome[0]:
                self.shared.tell("task", self.begin, now, 0, FAILED, size, outcome[1], self.text,
                                 self.number)  # fmt: skip
            else:
                tally = self.tally
                at = tally[AT]
                words[at] = tally[COUNT] = count = tally[COUNT] + 2
                words[at + BYTES - COUNT] = tally[BYTES] = tally[BYTES] + size
                if recorder.open or (
                    (not count & 30 or now - self.begin > _LONG_NS) and recorder.opens()
                ):
                    recorder.detail(
                        tally[WHAT], None, self.begin, now, 0, OK, size, self._handling(),
                        recorder.text(self.text), self.number,
                    )  # fmt: skip
            self.begin = 0
        except Exception as error:
            self.recorder.failed(error)

    def _handling(self):
        """How long it took beside the task itself: to rebuild it from its pickle, and to pickle its
        result and get the pipe for it. None where that is little, or nobody looked."""
        unpickled, pickled = self.begin - self.got, monotonic_ns() - self.ended
        if not self.got or unpickled + pickled < self.ended - self.begin >> 3:
            return None
        return "unpickled %.3f ms, pickled %.3f ms" % (unpickled / 1e6, pickled / 1e6)

    def failed(self, error, item):
        """A result could not be pickled; that is what comes of its task then."""
        try:
            shared, shows = self.shared, self.recorder.previews
            why = unpicklable.described(error, [unpicklable.root_of(self.value(item))], shows)
            now = monotonic_ns()
            text = self.text + ": " + why if why else self.text
            title = type_name(error) + ": not sent"
            shared.tell("deliver", now, now, 0, FAILED, -1, title, text, self.number)
        except Exception as fault:
            self.recorder.failed(fault)

    def delivered(self):
        """Its result has left, or word that it has taken the task, as billiard sends."""
        if not self.begin:
            words, frame = self.words, self.frame
            words[frame] = words[frame + 2] = words[frame + 3] = 0
            words[frame + 1] = monotonic_ns()
            words[frame] = self.idle

    def over(self, error=None):
        """The worker's function is over. What it was in the middle of is left as its last words."""
        if self.initializer is not None:
            now = monotonic_ns()
            name = None if error is None else type_name(error)
            self.shared.tell("initializer", self.begin, now, 0, FAILED, -1, name, self.initializer)
        elif error is None:
            self._enter(0, 0)


def ending(original, operation):
    """Of a pool or an executor: a method that ends it, recorded."""

    def end(self):
        shared = self._spawnscope
        if shared is None:
            return original(self)
        with Waiting(shared, operation, _getframe()):
            return original(self)

    return like(end, original)


def task_number(job, place=None):
    """What a task goes by: which submit of its pool it belongs to, and which one of that it is,
    both from 0 on. Without a place: all tasks of a submit. 0 for what is no number."""
    if type(job) is not int:
        return 0
    return job << 32 | (place + 1 if type(place) is int else 0)


class _StandIn:
    """Of a queue of the worker. What is recorded of it are functions here, not methods: a call
    less."""

    def __init__(self, queue):
        self._queue = queue

    def __getattr__(self, name):
        return getattr(self._queue, name)


def _task_queue(queue, tasks, guard):
    """What stands in for the queue that a worker takes its tasks from."""
    ready, start, plain_get = guard(tasks.ready), tasks.start, plain(queue.get)

    def get(*args, **kwargs):
        if tasks.initializer is not None:
            ready()
        item = plain_get(*args, **kwargs)
        if item is not None:
            start(item)
        return item

    stand_in = _StandIn(queue)
    stand_in.get = get
    return stand_in


def result_queue(queue, tasks):
    """What stands in for the queue that a worker puts its results on."""
    done, plain_put = tasks.done, plain(queue.put)

    def put(item, *args, **kwargs):
        done(item)
        try:
            return plain_put(item, *args, **kwargs)
        except Exception as error:
            tasks.failed(error, item)
            raise

    stand_in = _StandIn(queue)
    stand_in.put = put
    return stand_in


def serving(recorder, kind, identity, read, told, value):
    """What makes a worker's function recorded: called with it, its queues and what else it is
    given, it does what the function does.

    `kind`: of the object it works for, which `identity(queue of tasks)` identifies; None: it is not
    recorded. `read(task)`: its function, arguments and number. `told(result)`: whether the task has
    failed, and by which type of exception; None if it is no result. `value(result)`: what it is.
    """

    kind_of_tasks = Tasks
    if recorder.keeps:
        from .keeping import KeepingTasks as kind_of_tasks

    @guarded(recorder)
    def stand_ins(tasks_queue, results_queue, initializer, given):
        known = identity(tasks_queue)
        if known is None:
            return None
        shared = Shared(recorder, kind, known, False)
        for queue in (tasks_queue, results_queue):
            disown(queue)
        tasks = kind_of_tasks(shared, read, told, value, initializer)
        guard = guarded(recorder)
        size_tasks(tasks_queue._reader, tasks)
        if recorder.keeps:
            tasks.begin_keeping(tasks_queue._reader, guard, initializer, given)
        watch_sending(results_queue._writer, tasks.delivering, tasks.delivered)
        return (
            tasks, _task_queue(tasks_queue, tasks, guard), result_queue(results_queue, tasks)
        )  # fmt: skip

    def serve(worker, tasks_queue, results_queue, initializer, *args, **kwargs):
        given = args[0] if args else kwargs.get("initargs", ())
        made = stand_ins(tasks_queue, results_queue, initializer, given)
        if made is None:
            return worker(tasks_queue, results_queue, initializer, *args, **kwargs)
        tasks, tasks_queue, results_queue = made
        over = guarded(recorder)(tasks.over)
        try:
            result = worker(tasks_queue, results_queue, initializer, *args, **kwargs)
        except BaseException as error:
            over(error)
            raise
        over()
        return result

    return serve


def size_tasks(end, tasks):
    """Let the worker's end of the pipe note how large the task is that it has read, and when."""
    receive, weak = plain(type(end)._recv_bytes), ref(end)  # itself, it would keep itself open
    words, idle, recorder = tasks.words, tasks.idle, tasks.recorder

    def _recv_bytes(maxsize=None):
        words[tasks.lock] = idle
        data = receive(weak(), maxsize)
        words[tasks.lock] = 0
        tasks.size = data.tell()
        tasks.got = monotonic_ns() if recorder.open else 0
        return data

    end._recv_bytes = _recv_bytes


def watch_sending(end, delivering, delivered):
    """What is sent by now could be pickled."""
    send, weak = plain(type(end)._send_bytes), ref(end)

    def _send_bytes(buf):
        delivering()
        send(weak(), buf)
        delivered()

    end._send_bytes = _send_bytes
