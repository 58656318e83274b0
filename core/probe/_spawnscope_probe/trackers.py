"""What a resource tracker removes, since nobody else did: shared memory that is then gone for all.

It does so in a process of its own, when all that used it have ended, or closed their ends of its
pipe: after that, whoever attaches finds nothing.
"""

from .guard import guarded
from .natives import monotonic_ns
from .shared import Shared

_KIND = "shared_memory"


def patch(module, recorder):
    """`module`: a library's resource_tracker, just imported."""
    remove = module._CLEANUP_FUNCS.get(_KIND)
    if remove is None:
        return

    def shm_unlink(name):
        begin = monotonic_ns()
        remove(name)
        removed(name, begin)

    @guarded(recorder)
    def removed(name, begin):
        shared = Shared(recorder, "SharedMemory", "shm:" + str(name), False)
        shared.tell("unlink", begin, monotonic_ns(), text="resource tracker")

    module._CLEANUP_FUNCS[_KIND] = shm_unlink
