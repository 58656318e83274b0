"""Lets Spawnscope's tracer, and nobody else, look into this process for its Python stacks.

Only where the kernel wants a process to name who may (yama's ptrace_scope 1), and only if
Spawnscope was not told to leave it: then the options hold the tracer's pid. The kernel forgets the
name when the tracer ends, and does not hand it on to children.
"""

from posix import stat

from . import memory

_PR_SET_PTRACER = 0x59616D61  # prctl(2)


def let(tracer):
    """`tracer`: its pid, ":", and the pid namespace in which that is its pid: elsewhere the number
    may be anybody's."""
    pid, _, namespace = tracer.partition(":")
    try:
        if str(stat("/proc/self/ns/pid").st_ino) == namespace:
            memory.prctl(_PR_SET_PTRACER, int(pid), 0, 0, 0)
    except (OSError, ValueError):
        pass
