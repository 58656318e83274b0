"""The steps of a termination, in words."""

from __future__ import annotations

from typing import Any

import pytest

from spawnscope.core.sentences.stopping import stopping
from spawnscope.core.vocabulary.codes import StopResult, StopStep
from spawnscope.core.vocabulary.events import Refusal, StopProgress

REFUSED = Refusal(owner="root")
SECOND = 10**9


def step(which: StopStep, tree: bool = False, **values: Any) -> StopProgress:
    return StopProgress(2, 1, tree, which, **{"name": "a", "pid": 5, **values})


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (step(StopStep.ASKED), "Asked a (PID 5) to end (SIGTERM)."),
        (step(StopStep.ASKED, True), "Asked a (PID 5) and all below it to end (SIGTERM)."),
        (
            step(StopStep.WAITING, True, name="", pid=0, grace_ns=SECOND // 2),
            "Waiting up to 0.5 s for all that was started to end.",
        ),
        (step(StopStep.KILLED, signalled=1), "Killed a (PID 5): SIGKILL to 1 process."),
        (step(StopStep.KILLED, signalled=1200), "Killed a (PID 5): SIGKILL to 1,200 processes."),
        (step(StopStep.ENDED, result=StopResult.ALREADY), "a (PID 5) had ended already."),
        (
            step(StopStep.ENDED, result=StopResult.ASKED, took_ns=SECOND),
            "a (PID 5) ended when asked, after 1.0 s.",
        ),
        (
            step(StopStep.ENDED, result=StopResult.LATE, grace_ns=3 * SECOND),
            "a (PID 5) did not end within 3 s and was killed.",
        ),
        (step(StopStep.ENDED, result=StopResult.KILLED), "a (PID 5) was killed."),
        (
            step(StopStep.FAILED, result=StopResult.REFUSED, refusal=REFUSED),
            "a (PID 5) could not be ended: it runs as root, and you may not send signals to it.",
        ),
        (
            step(StopStep.FAILED, True, result=StopResult.REFUSED, refusal=Refusal(error="No."),
                 left=(("b", 6), ("c", 7), ("d", 8)), left_count=1003),
            ("Of a (PID 5) and all below it, b (PID 6), c (PID 7), d (PID 8) and 1,000 more could "
            "not be ended: no signal can be sent to it (No.). All else has ended."),
        ),
        (
            step(StopStep.FAILED, True, result=StopResult.HELD, took_ns=10 * SECOND),
            "a (PID 5) could not be ended: the kernel still holds it 10 s after SIGKILL.",
        ),
        (
            step(StopStep.FAILED, True, result=StopResult.BREEDS, took_ns=10 * SECOND,
                 left=(("b", 6), ("c", 7)), left_count=2),
            ("Of a (PID 5) and all below it, b (PID 6) and c (PID 7) could not be ended: it starts "
            "processes faster than they can be ended, for 10 s."),
        ),
    ],
)  # fmt: skip
def test_a_step_in_words(event: StopProgress, sentence: str) -> None:
    assert stopping(event) == sentence
