"""What processes are for, in words."""

from __future__ import annotations

from ..translation import mark, tr
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
