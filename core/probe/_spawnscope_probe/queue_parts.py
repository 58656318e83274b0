"""What a queue is made of: its locks, and the ends of its pipe, which add up what goes through.
They are parts of it, and not shown."""

from .likeness import plain
from .natives import get_ident, ref
from .semaphores import bare
from .shared import AT, BYTES, FRAME, LOCK, WHAT


def inner_parts(queue):
    """Its locks and ends are not recorded as the user's."""
    inner_locks(queue)
    for end in (queue._reader, queue._writer):
        end = getattr(end, "conn", end)  # which torch wraps
        if type(end).__name__ == "Connection":
            end._spawnscope = None  # the queue's own, not a pipe of the user's


def inner_locks(queue):
    """Its locks, as far as it has them yet, are not recorded as the user's."""
    for name in ("_rlock", "_wlock", "_sem", "_unfinished_tasks"):
        lock = getattr(queue, name, None)
        if lock is not None and hasattr(lock, "_semlock"):
            bare(lock)
    condition = getattr(queue, "_cond", None)
    if condition is not None:
        condition._spawnscope = None
        for name in ("_lock", "_sleeping_count", "_woken_count", "_wait_semaphore"):
            bare(getattr(condition, name))
        condition.acquire, condition.release = condition._lock.acquire, condition._lock.release


def disown(queue):
    """This queue turns out to belong to a pool or an executor."""
    owned = getattr(queue, "_spawnscope", None) is not None
    queue._spawnscope = None
    if owned:
        if hasattr(queue, "_recv_bytes"):
            queue._recv_bytes, queue._poll = queue._reader.recv_bytes, queue._reader.poll
        else:
            vars(queue._reader).pop("_recv_bytes", None)
            if queue._writer is not None:
                vars(queue._writer).pop("_send_bytes", None)
    elif hasattr(queue, "_make_methods"):  # of a class of joblib's, which keeps their methods
        inner_parts(queue)
        queue._make_methods()


def receiver(queue, shared):
    """Let the queue's `_recv_bytes` add up what it receives, and note who has its lock to read."""
    receive, look, gets = queue._recv_bytes, queue._poll, shared.gets
    words = shared.recorder.words

    def poll(*args):
        tally = gets[get_ident()]
        if words[tally[AT]] & 1:  # in a get; `empty` asks without the lock
            words[tally[FRAME] + LOCK] = tally[WHAT]
        return look(*args)

    def recv_bytes(maxlength=None):
        tally = gets[get_ident()]
        words[tally[FRAME] + LOCK] = tally[WHAT]
        data = receive(maxlength)
        words[tally[FRAME] + LOCK] = 0
        tally[BYTES] = total = tally[BYTES] + len(data)
        words[tally[AT] + 3] = total
        return data

    shared.plain = _reading(receive)
    shared.receive = queue._recv_bytes = recv_bytes
    queue._poll = poll


def direct(method, name):
    """(end, its class, hook, what that wraps) of a Connection's `recv_bytes` or `send_bytes`, which
    goes by the method `name` of its own: a queue may go by that itself, some calls less, as long as
    the class has our hook there. None for other ends."""
    end = getattr(method, "__self__", None)
    kind = type(end)
    hook = vars(kind).get(name)
    if kind.__name__ != "Connection" or plain(hook) is hook:
        return None
    return end, kind, hook, plain(hook)


def _reading(method):
    """What reads as `method`, a Connection's `recv_bytes`, does without arguments."""
    found = direct(method, "_recv_bytes")
    if found is None:
        return method
    end, kind, hook, read = found

    def recv_bytes():
        if kind._recv_bytes is hook and end._readable and end._handle is not None:
            return read(end).getvalue()
        return method()

    return recv_bytes


def sized(end, name, tallies, words):
    """Let `name`, by which this end of a pipe sends or receives bytes, add up how many, and note
    who does so: it has the queue's lock for it."""
    original = plain(getattr(type(end), name))
    weak = ref(end)  # or the end would keep itself open

    def move(*args):
        tally = tallies[get_ident()]
        words[tally[FRAME] + LOCK] = tally[WHAT]
        data = original(weak(), *args)
        words[tally[FRAME] + LOCK] = 0
        size = len(args[0]) if data is None else data.tell()
        total = tally[BYTES] = tally[BYTES] + size
        words[tally[AT] + 3] = total
        return data

    setattr(end, name, move)
