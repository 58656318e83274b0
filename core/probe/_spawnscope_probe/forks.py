"""Each fork: who made it, where, and how many threads lived in the parent then.

    os.fork --before--> threads are counted --in the child--> a fact of its recorder

Of its callers the first one tells: a library's own module, or somebody who forks by hand.
"""

from posix import F_OK, access

from . import memory, places
from .layout import FACT, SEPARATOR

_LIBRARYS_OWN = (".popen_fork", ".forkserver")
_THREADS = "/proc/self/task"

# In the parent. That is all C, which has no place for the handler of a signal to be called in: what
# one raises while we are called in the midst of a fork would never reach the program.
before, _links = memory.link_counter(_THREADS)


def tell(recorder, frame):
    """In the child, whose recorder is new. `frame`: where the fork was made."""
    name = dict.get(frame.f_globals, "__name__") if frame is not None else ""
    place = ""
    if type(name) is str and name.endswith(_LIBRARYS_OWN):
        maker = name.partition(".")[0]
    elif name == "subprocess":
        maker = name
    else:
        maker, place = "os.fork", places.text(places.find(frame))
    recorder.say(FACT, "made", maker, str(_threads()), place.replace(SEPARATOR, "?"))


def _threads():
    """A link for each thread, and two more; 0: not known."""
    return max(_links[0] - 2, 0) if access(_THREADS, F_OK) else 0
