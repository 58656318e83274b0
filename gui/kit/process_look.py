"""Which picture stands for the role of a process."""

from __future__ import annotations

from spawnscope.core.vocabulary.events import Role

ROLE_ICONS = {
    Role.SUPERVISOR: "supervisor",
    Role.WORKER: "worker",
    Role.CHILD: "child",
    Role.POOL_WORKER: "pool",
    Role.EXECUTOR_WORKER: "executor",
    Role.LOADER_WORKER: "loader",
    Role.DASK_WORKER: "dask",
    Role.MANAGER_SERVER: "manager",
    Role.RESOURCE_TRACKER: "tracker",
    Role.FORKSERVER: "forkserver",
    Role.OTHER: "process",
}
