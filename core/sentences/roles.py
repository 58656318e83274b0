"""What processes are for, in words."""

from __future__ import annotations

from ..translation import mark, tr, trn
from ..vocabulary.events import Role

_NAMES = {
    Role.SUPERVISOR: mark("supervisor"),
    Role.WORKER: mark("worker"),
    Role.CHILD: mark("child"),
    Role.POOL_WORKER: mark("pool worker"),
    Role.EXECUTOR_WORKER: mark("executor worker"),
    Role.LOADER_WORKER: mark("loader worker"),
    Role.DASK_WORKER: mark("dask worker"),
    Role.MANAGER_SERVER: mark("manager server"),
    Role.RESOURCE_TRACKER: mark("resource tracker"),
    Role.FORKSERVER: mark("forkserver"),
    Role.OTHER: mark("other"),
}


def role_name(role: Role) -> str:
    """The name of a role, for a person; filters and files have its value."""
    return tr(_NAMES[role])


def counted_workers(role: Role, count: int) -> str:
    """ "4 pool workers"; "" for a role of which nobody has several alike."""
    if role is Role.POOL_WORKER:
        return trn("{count} pool worker", "{count} pool workers", count)
    if role is Role.EXECUTOR_WORKER:
        return trn("{count} executor worker", "{count} executor workers", count)
    if role is Role.LOADER_WORKER:
        return trn("{count} loader worker", "{count} loader workers", count)
    if role is Role.DASK_WORKER:
        return trn("{count} dask worker", "{count} dask workers", count)
    return ""
