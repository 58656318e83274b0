"""All kinds of findings, and one look at a store with all of them.

View --a kind--> causes --take()--> View --the next kind--> ... --> causes, with their symptoms
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator

from ...session.session_error import SessionError
from .backlog_growing import backlogs_growing
from .broken_pool import broken_pools
from .cause import Cause
from .closed_causes import closed_causes, proved_causes
from .crashed_worker import crashed_workers, crashes
from .deadlock import deadlocks
from .descriptors_running_out import descriptors_running_out
from .fork_with_lock_held import forks_with_lock_held
from .join_before_drain import joins_before_drain
from .leaked_shared_memory import leaked_memory
from .lock_held_by_dead_process import locks_held_by_dead
from .lost_items import lost_items
from .lost_pool_task import lost_pool_tasks
from .lost_updates import lost_updates
from .missing_main_guard import missing_guards
from .orphaned_children import orphaned_children
from .oversubscribed import oversubscribed
from .pickling_dominates import pickling_dominates
from .pipe_end_kept_open import pipe_ends_kept_open
from .pipe_full import pipes_full
from .pool_worker_not_replaced import workers_not_replaced
from .queue_broken_by_kill import queues_broken_by_kill
from .queue_deadlock import queue_deadlocks
from .respawn_storm import respawn_storms
from .results_pile_up import results_pile_up
from .serial_bottleneck import serial_bottlenecks
from .sleeper_died import sleepers_died
from .stopped_at_empty import stopped_at_empty
from .straggler import stragglers
from .suspended import suspended
from .terminate_ignored import terminates_ignored
from .terminated_pool import terminated_pools
from .unpicklable_item import unpicklable_items
from .unpicklable_result import unpicklable_results
from .unpicklable_target import unpicklable_targets
from .view import UnknownProcess, View
from .would_not_survive_forkserver import would_not_survive
from .zombies import zombies

FindCauses = Callable[[View], Iterator[Cause]]
"""What holds now, as a pure function of a view. Raises SessionError."""

KINDS: tuple[FindCauses, ...] = (
    missing_guards,
    unpicklable_targets,
    unpicklable_items,
    unpicklable_results,
    suspended,
    queues_broken_by_kill,
    sleepers_died,
    locks_held_by_dead,
    forks_with_lock_held,
    respawn_storms,
    lost_pool_tasks,
    terminated_pools,
    workers_not_replaced,
    broken_pools,
    stopped_at_empty,
    lost_items,
    joins_before_drain,
    pipe_ends_kept_open,
    pipes_full,
    crashed_workers,
    proved_causes,
    deadlocks,
    queue_deadlocks,
    closed_causes,
    terminates_ignored,
    backlogs_growing,
    results_pile_up,
    lost_updates,
    leaked_memory,
    orphaned_children,
    zombies,
    descriptors_running_out,
    crashes,
    would_not_survive,
    stragglers,
    serial_bottlenecks,
    oversubscribed,
    pickling_dominates,
)
"""In the order in which they look: what one explains the later ones do not see."""


def find_all(view: View, broken: dict[FindCauses, str]) -> list[Cause]:
    """Everything that is wrong, in the order in which the view took it. Raises SessionError.

    `broken`: kinds that are not asked, since they failed, with the traceback; one that fails now
    is added. A fault in one of them costs what it would have found, and never the run.
    """
    causes: list[Cause] = []
    known: set[str] = set()
    for find_causes in KINDS:
        if find_causes in broken:
            continue
        try:
            for cause in find_causes(view):
                if cause.key not in known:
                    known.add(cause.key)
                    view.take(cause)
                    causes.append(cause)
        except SessionError:
            raise
        except UnknownProcess:
            continue  # what one kind cannot tell now
        except Exception:  # noqa: BLE001 - whatever one kind meets, the others look all the same
            broken[find_causes] = traceback.format_exc()
    return causes
