"""The Python stacks of this process, when the supervisor asks for them.

    word 1 of the tick page: number << 32 | pid --seen at the next operation--> <recorder>.stack

Nobody interrupts the program for that: a process that does nothing with shared objects does not
answer, and is looked at from outside.
"""

from .natives import _current_frames, modules
from .places import is_ours

_MOST_FRAMES = 1000
_attribute = object.__getattribute__


def answer(folder, file_name):
    """Write what each thread is in to a file of the run folder, whole or not at all. OSError.

    A line "T<tab>name" begins a thread; then one a frame, the innermost first:
    "F<tab>file<tab>line<tab>function".
    """
    lines = []
    for ident, frame in _current_frames().items():
        lines.append("T\t" + _plain(thread_name(ident)))
        for _ in range(_MOST_FRAMES):
            if frame is None:
                break
            code = frame.f_code
            if not is_ours(code.co_filename):
                lines.append(
                    "F\t%s\t%d\t%s"
                    % (_plain(code.co_filename), frame.f_lineno or 0, _plain(code.co_name))
                )
            frame = frame.f_back
    folder.write(file_name, "\n".join(lines))


def thread_name(ident, is_main=False):
    """What threading calls a thread now; found without running code of the program. The main thread
    is that, whatever the program calls it, and whatever the thread was called that forked it."""
    threading = modules.get("threading")
    if threading is None:
        return "MainThread"
    try:
        thread = threading._active[ident]
        if is_main or thread is threading._main_thread:
            return "MainThread"
        return str(_attribute(thread, "__dict__")["_name"])
    except Exception:  # not started by threading, or the program has replaced what we know
        return "Thread-%d" % ident


def _plain(text):
    return str(text).replace("\t", " ").replace("\n", " ")
