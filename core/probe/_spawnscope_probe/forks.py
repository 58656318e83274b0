"""Each fork: who made it, where, and how many threads lived in the parent then.

    os.fork --before--> threads are counted --in the child--> a fact of its recorder

Of its callers the first one tells: a library's own module, or somebody who forks by hand.
"""

from posix import stat

from . import places
from .layout import FACT, SEPARATOR

_count = [0]
_LIBRARYS_OWN = (".popen_fork", ".forkserver")


def before():
    """In the parent: a link for each thread, and two more."""
    try:
        _count[0] = stat("/proc/self/task").st_nlink - 2
    except OSError:
        _count[0] = 0


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
    recorder.say(FACT, "made", maker, str(_count[0]), place.replace(SEPARATOR, "?"))
