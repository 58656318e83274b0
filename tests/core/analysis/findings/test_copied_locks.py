"""Children that were forked while another thread had a lock that they need."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from written_causes import causes
from written_store import WrittenStore

from spawnscope.core.vocabulary.events import Making
from spawnscope.core.vocabulary.kinds import LOCK_OF_THREADS

MAIN, ONE, TWO = 1, 2, 3


def lock_left_behind(store: WrittenStore) -> None:
    store.process(MAIN, "main.py")
    store.process(ONE, "reporter", parent=MAIN, making=Making("multiprocessing", 2))
    store.object(1, "Process", "reporter", identity=f"process:{10 + MAIN}:{10 + ONE}")
    store.doing(ONE, "acquire", None, LOCK_OF_THREADS)
    store.doing(MAIN, "join", 1)


def locks_left_behind_in_two(store: WrittenStore) -> None:
    lock_left_behind(store)
    store.process(TWO, "mailer", parent=MAIN, making=Making("multiprocessing", 2))
    store.doing(TWO, "acquire", None, LOCK_OF_THREADS)


def lock_left_behind_and_nobody_waits(store: WrittenStore) -> None:
    lock_left_behind(store)
    store.doing(MAIN, "run", None)


@pytest.mark.parametrize(
    ("write", "found"),
    [
        (lock_left_behind, "error fork-with-lock-held: reporter waits for ever for a lock"),
        (locks_left_behind_in_two, "error fork-with-lock-held: reporter and mailer wait for ever"),
        (lock_left_behind_and_nobody_waits, "hint fork-with-lock-held: reporter waits for ever"),
    ],
)
def test_a_copied_lock_is_one_finding(write: Callable[[WrittenStore], None], found: str) -> None:
    store = WrittenStore()
    write(store)
    (cause,) = causes(store)
    assert f"{cause.weight.value} {cause.code}: {cause.words().title}".startswith(found)
