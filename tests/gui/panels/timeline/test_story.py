"""What the timeline of a real program says, compared with what the program does."""

from __future__ import annotations

from typing import Any

from pytestqt.qtbot import QtBot

from spawnscope.core.analysis.timeline.track import Track
from spawnscope.core.vocabulary.operation import Operation
from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.panels.timeline.hit import Hit
from spawnscope.gui.panels.timeline.panel import TimelinePanel

HELD_NS = 150_000_000  # tests/targets/timeline_story.py


def kinds_of(panel: TimelinePanel, track: Track) -> list[tuple[str, str, str]]:
    """(operation, function, object) of each operation of a track."""
    timeline = panel.source.timeline
    assert timeline is not None
    found = []
    for place in range(len(track)):
        kind = track.kind(place)
        operation, text = map(timeline.text, timeline.kinds.texts(kind))
        number = int(timeline.kinds.object[kind])
        found.append((operation, text, panel.canvas.name_of(number) if number else ""))
    return found


def hit_on(panel: TimelinePanel, lane: Any, number: int, operation: Operation) -> Hit:
    """The same as if the pointer had found this operation."""
    return Hit(
        lane, number, operation.start_ns, operation.end_ns, operation.waited_ns, operation.object
    )


def test_the_lanes_are_the_processes_in_the_order_of_the_tree(panel: TimelinePanel) -> None:
    lanes = [(lane.depth, lane.process.label) for lane in panel.canvas.lanes]
    assert lanes[0] == (0, "timeline_story.py")
    names = [name for _, name in lanes[1:]]
    assert names[:5] == ["producer", "consumer", "holder", "rival", "victim"]
    assert len(names) == 7
    assert all("PoolWorker" in name for name in names[5:])
    assert {depth for depth, _ in lanes[1:]} == {1}


def test_a_consumer_waits_for_each_item(panel: TimelinePanel, lane_of: Any) -> None:
    lane = lane_of(panel.canvas, "consumer")
    track = lane.tracks.operations
    gets = [each for each in kinds_of(panel, track) if each[0] == "get"]
    assert gets == [("get", "", "jobs")] * 13
    first, last = track.start(0), track.end(len(track) - 1)
    # It does nothing but wait: ten pauses of 10 ms at least.
    counts, waited = track.totals(first, last)
    assert counts[0] == 13
    assert waited[0] > 100_000_000
    assert waited[0] > 0.7 * (last - first)


def test_a_rival_waits_as_long_as_the_lock_is_held(panel: TimelinePanel, lane_of: Any) -> None:
    track = lane_of(panel.canvas, "rival").tracks.operations
    place = next(place for place, each in enumerate(kinds_of(panel, track)) if each[0] == "acquire")
    assert kinds_of(panel, track)[place] == ("acquire", "", "lock gate")
    assert 0.6 * HELD_NS < track.waited(place) < 20 * HELD_NS
    width = track.waited(place) / 100
    columns = track.columns(track.start(place), width, 100, 30)
    assert columns.waited[1].mean() > 0.95  # locks are the second family


def test_tasks_of_a_pool_carry_the_name_of_their_function(
    panel: TimelinePanel, lane_of: Any
) -> None:
    workers = [lane for lane in panel.canvas.lanes if "PoolWorker" in lane.process.label]
    names = [each for lane in workers for each in kinds_of(panel, lane.tracks.tasks)]
    assert names == [("task", "square", "pool")] * 6
    for lane in workers:
        assert lane.has_tasks == bool(len(lane.tracks.tasks))
        for place in range(len(lane.tracks.tasks)):
            took = lane.tracks.tasks.end(place) - lane.tracks.tasks.start(place)
            assert took >= 20_000_000


def test_the_arrow_of_a_get_leads_to_the_put_that_served_it(
    panel: TimelinePanel, noted: dict[int, Operation], value: Any, lane_of: Any
) -> None:
    consumer = lane_of(panel.canvas, "consumer")
    producer = lane_of(panel.canvas, "producer").process.number
    gets = {
        number: each
        for number, each in noted.items()
        if each.process == consumer.process.number and each.operation == "get"
    }
    assert [value(each) for each in gets.values()] == [*range(12), None]
    explaining = panel.canvas.explaining
    for number, get in gets.items():
        hit = hit_on(panel, consumer, number, get)
        explaining.pin(hit)
        served = explaining.server_of(hit)
        assert served is not None, f"get of {get.preview}"
        assert (served[1].operation, served[1].process) == ("put", producer)
        assert value(served[1]) == value(get)
    assert not panel.canvas.viewport().grab().isNull()


def test_the_arrow_of_an_acquire_leads_to_the_release(
    panel: TimelinePanel, noted: dict[int, Operation], lane_of: Any
) -> None:
    rival, holder = (lane_of(panel.canvas, name) for name in ("rival", "holder"))
    number, acquire = next(
        (number, each)
        for number, each in noted.items()
        if each.process == rival.process.number and each.operation == "acquire"
    )
    explaining = panel.canvas.explaining
    hit = hit_on(panel, rival, number, acquire)
    explaining.pin(hit)
    served = explaining.server_of(hit)
    assert served is not None
    assert (served[1].operation, served[1].process) == ("release", holder.process.number)


def test_a_killed_process_ends_where_it_died_in_what_it_waited_for(
    panel: TimelinePanel, lane_of: Any
) -> None:
    lane = lane_of(panel.canvas, "victim")
    row = lane.process
    assert row.has_failed
    assert row.signal == "SIGKILL"
    deed = next(deed for deed in row.doing if deed.operation == "get")
    assert deed.phrase == "get from nothing"
    # A cross in red at its end, where others have a green dot.
    canvas = panel.canvas
    image = canvas.viewport().grab().toImage()
    x = round(canvas.area.left() + canvas.scale.x(row.ended_ns or 0))
    y = canvas.top_of(lane) + lane.height - 12
    around = [image.pixelColor(x + dx, y) for dx in (-1, 0, 1)]
    assert any(color.red() > color.green() + 60 for color in around)


def test_a_selected_process_has_curves_below(
    panel: TimelinePanel, selection: Selection, lane_of: Any, qtbot: QtBot
) -> None:
    assert panel.curves is None
    number = lane_of(panel.canvas, "timeline_story.py").process.number
    selection.select_processes(frozenset((number,)))
    assert panel.curves is not None
    assert panel.curves.isVisible()
    selection.select_processes(frozenset())
    assert not panel.curves.isVisible()
