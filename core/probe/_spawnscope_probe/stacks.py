"""The Python stacks of this process, when the supervisor asks for them.

    word 1 of the tick page: number << 32 | pid --seen at the next operation--> <recorder>.stack

Nobody interrupts the program for that: a process that does nothing with shared objects does not
answer, and is looked at from outside.
"""

import os
import sys

_here = os.path.dirname(os.path.abspath(__file__)) + os.sep
_MOST_FRAMES = 1000


def answer(folder, file_name):
    """Write what each thread is in to a file of the run folder, whole or not at all. OSError.

    A line "T<tab>name" begins a thread; then one a frame, the innermost first:
    "F<tab>file<tab>line<tab>function".
    """
    threading = sys.modules.get("threading")
    known = getattr(threading, "_active", {}) if threading is not None else {}
    lines = []
    for ident, frame in sys._current_frames().items():
        thread = known.get(ident)
        name = "MainThread" if threading is None else str(ident)
        if thread is not None:
            main = thread is getattr(threading, "_main_thread", None)
            # As in the recorder: the main thread of a child that was forked in another one.
            forked = main and type(thread).__name__ != "_MainThread"
            name = "MainThread" if forked else thread._name
        lines.append("T\t" + _plain(name))
        for _ in range(_MOST_FRAMES):
            if frame is None:
                break
            code = frame.f_code
            if not code.co_filename.startswith(_here):
                lines.append(
                    "F\t%s\t%d\t%s"
                    % (_plain(code.co_filename), frame.f_lineno or 0, _plain(code.co_name))
                )
            frame = frame.f_back
    folder.write(file_name, "\n".join(lines))


def _plain(text):
    return str(text).replace("\t", " ").replace("\n", " ")
