"""What processes have found of their own starts is told: a finding for each thing."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from written_causes import causes
from written_store import WrittenStore

from spawnscope.core.vocabulary.checking import Breakage, Checked
from spawnscope.core.vocabulary.events import ProcessWatched
from spawnscope.core.vocabulary.findings import Severity

ONE = Breakage(
    "missing", True, "render", "CONFIG", "", "/shop/main.py:40", "/shop/main.py:31", "scaled",
    "/shop/paint.py:7",
)  # fmt: skip


def _store(*of: tuple[Breakage, ...]) -> WrittenStore:
    store = WrittenStore()
    for number, breakages in enumerate(of, 1):
        store.process(number, f"main-{number}.py")
        store.processes.apply(
            ProcessWatched(number, 5, True, checked=Checked(3, "fork", breakages))
        )
    return store


@pytest.mark.parametrize(
    ("breakage", "said"),
    [
        (
            ONE,
            "scaled (paint.py:7) in render needs CONFIG, which is bound only at main.py:31, below",
        ),
        (replace(ONE, why="load"), "which is bound only by load, at main.py:31"),
        (replace(ONE, kind="stale", why="None"), "for one by spawn or forkserver, it is None."),
        (replace(ONE, kind="stale"), "it is what the import makes of it."),
        (replace(ONE, kind="empty", why="7"), "at main.py:31: it held 7 items"),
        (replace(ONE, kind="changed", why="debug"), "the main program changes CONFIG.debug, at"),
        (replace(ONE, kind="own", why="Queue"), "uses CONFIG (Queue), which is made as main.py is"),
        (replace(ONE, kind="unfound"), "It is defined at main.py:31, below the main guard"),
        (replace(ONE, kind="unfound", bound=""), "which a child does not import"),
        (replace(ONE, kind="guard"), "starts processes at main.py:40, by line 31, which stands at"),
        (
            replace(ONE, kind="argument", name="", why="TypeError: args[0].lock (_thread.lock)"),
            "is given is pickled, and that would raise TypeError: args[0].lock (_thread.lock).",
        ),
        (replace(ONE, kind="of a newer session"), "starts processes at main.py:40."),
    ],
)
def test_each_kind_has_its_sentences(breakage: Breakage, said: str) -> None:
    (cause,) = causes(_store((breakage,)))
    assert (cause.code, cause.weight) == ("would-not-survive-forkserver", Severity.WARNING)
    assert said in cause.words().explanation


def test_what_is_likely_is_a_hint_and_says_so() -> None:
    (cause,) = causes(_store((replace(ONE, sure=False),)))
    assert cause.weight is Severity.HINT
    assert "That is likely, not certain" in cause.words().explanation


def test_one_thing_is_one_finding_whoever_needs_it() -> None:
    others = [replace(ONE, reader=f"work{number}", sure=number != 3) for number in range(6)]
    (cause,) = causes(_store((ONE, *others[:3]), tuple(others[3:])))
    assert cause.processes == (1, 2)
    assert cause.weight is Severity.WARNING
    assert "in render, work0 (paint.py:7) in render" in cause.words().explanation
    assert "4 more" in cause.words().explanation
    assert len(causes(_store((ONE, replace(ONE, name="DEPTH"), replace(ONE, kind="guard"))))) == 3


def test_nothing_is_found_where_all_is_in_order() -> None:
    assert causes(_store(())) == []
