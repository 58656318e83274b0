"""A call that gives up by itself after a time is told from one that waits for ever."""

from __future__ import annotations

from pathlib import Path

import pytest
from interpreters import EDGES, interpreters
from live import Live

from spawnscope.core.vocabulary.events import ProcessDoing

LIMITED = {"acquire", "get", "put", "wait", "poll", "result", "join"}
FOR_EVER = {f"{name} for ever" for name in LIMITED - {"poll"}}


@pytest.mark.parametrize("version", [each for each in EDGES if each in interpreters()])
def test_waits_with_a_limit_are_told_from_those_without(version: str, tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        live.script("limited_waits", interpreter=interpreters()[version])

        def told() -> dict[str, bool]:
            last = {event.process: event.doing for event in live.of(ProcessDoing)}
            return {
                one.thread: one.limited
                for doing in last.values()
                for one in doing
                if one.thread in LIMITED | FOR_EVER
            }

        live.until(lambda: told().keys() == LIMITED | FOR_EVER, what=f"all waits, not {told()}")
        found = told()
    assert {name for name, limited in found.items() if limited} == LIMITED
