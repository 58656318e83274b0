"""What is said of the supervisor itself once nothing runs."""

from __future__ import annotations

from pathlib import Path

from live import Live

from spawnscope.core.vocabulary.events import Sample
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind


def test_once_nothing_runs_the_supervisor_is_told_to_rest(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        spec = LaunchSpec(
            kind=TargetKind.COMMAND, target="sh", arguments=("-c", "while :; do /bin/true; done")
        )
        (process,) = live.launch(spec)

        def own() -> list[float]:
            """What was told of the supervisor, in percent of a core."""
            return [each.cpu_percent for each in live.of(Sample) if each.process == 1]

        live.until(lambda: own() and own()[-1] > 0.0, what="it has work to do")
        live.client.stop([process], tree=True, grace=0.0)
        live.exited(process)
        live.until(lambda: own()[-1] == 0.0, what="a sample at rest")
