"""How many items a queue holds is told where everybody who uses it is seen, and only there."""

from __future__ import annotations

from pathlib import Path

import pytest
from live import TARGETS, Live
from recording import record

from spawnscope.core.session.reader import SessionReader
from spawnscope.core.vocabulary.events import ObjectCreated, ObjectState, ProcessWatched
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind


@pytest.mark.parametrize(
    ("kind", "depth"), [("own", 1), ("around", None), ("plain", 1), ("stranger", None)]
)
def test_the_depth_is_told_where_everybody_is_seen(
    kind: str, depth: int | None, tmp_path: Path
) -> None:
    done = record("-o", tmp_path / "s.spawnscope", TARGETS / "unseen_ends.py", kind)
    assert done.returncode == 0, done.stderr.decode()
    reader = SessionReader(tmp_path / "s.spawnscope")
    (queue,) = [each for each in reader.objects.all() if each.type.endswith("Queue")]
    (state,) = [each for each in reader.objects.states() if each.object == queue.object]
    reader.close()
    assert queue.name == "items"
    assert state.depth == depth
    line = next(line for line in done.stderr.decode().splitlines() if "3 put" in line)
    assert ("not known" in line) == (depth is None)


def test_a_child_without_a_recorder_may_have_taken_what_is_there_and_a_helper_may_not(
    tmp_path: Path,
) -> None:
    program = tmp_path / "helped.py"
    program.write_text(
        "import multiprocessing, subprocess, sys\n"
        "items = multiprocessing.Queue()\n"
        "items.put(1)\n"
        "code = 'import time; time.sleep(600)'\n"
        "subprocess.Popen([sys.executable, '-I', '-c', code]).wait()\n"
    )
    with Live(tmp_path / "s.spawnscope") as live:
        helped = live.launch(LaunchSpec(kind=TargetKind.SCRIPT, target=str(program)))[0]
        host = live.script("unseen_ends", "guest")

        def depths(creator: int) -> list[int | None]:
            made = [each for each in live.of(ObjectCreated) if each.type == "Queue"]
            numbers = [each.object for each in made if each.process == creator]
            return [each.depth for each in live.of(ObjectState) if each.object in numbers]

        def are_unwatched() -> bool:
            return sum(not each.watched for each in live.of(ProcessWatched)) == 2

        live.until(are_unwatched, what="that two carry no recorder")
        live.until(lambda: depths(host)[-1:] == [None], what="that nobody knows")
        assert depths(host)[0] is not None
        assert depths(helped)[-1] == 1
