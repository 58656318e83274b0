"""The wiring as data: directions, rates, waiting, groups, the two ends of a pipe."""

from __future__ import annotations

import pytest

from spawnscope.core.analysis.wiring.graph import (
    CHILD,
    FEW_ENDED,
    GROUP,
    OBJECT,
    PROCESS,
    Graph,
    NodeKey,
    Showing,
    WiringGraph,
)
from spawnscope.core.analysis.wiring.wires import Wire, direction_of, use_snapshot, wires
from spawnscope.core.store.doing import deeds
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.codes import Unwatched
from spawnscope.core.vocabulary.events import (
    Doing,
    ObjectCreated,
    ObjectState,
    OperationCount,
    ProcessExited,
    ProcessStarted,
    ProcessWatched,
    Role,
)
from spawnscope.core.vocabulary.kinds import GUARD, INTO, OUT, Direction

SECOND = 1_000_000_000
BEGAN = 1_700_000_000 * SECOND


class World:
    """Tables to which processes and objects are added, and the graph of what they use."""

    def __init__(self) -> None:
        self.store = SessionStore()
        self.objects, self.processes = self.store.objects, self.store.processes
        self.builder = WiringGraph(self.store)
        self.wires: dict[tuple[int, int, Direction], Wire] = {}

    def process(
        self, number: int, parent: int | None = 1, name: str = "", role: Role = Role.CHILD
    ) -> None:
        event = ProcessStarted(
            number, 1000 + number, number, BEGAN, parent, 1, None, name or f"worker {number}",
            role, None, (),
        )  # fmt: skip
        self.processes.apply(event)
        self.builder.processes_changed()

    def object(self, number: int, kind: str = "Queue", name: str = "jobs", site: str = "") -> None:
        self.objects.apply(ObjectCreated(number, 1, BEGAN + number, kind, name, site, None))

    def end(self, number: int) -> None:
        event = ProcessExited(number, 1000 + number, BEGAN + 9, 0, None, "Exited.", (), ())
        self.processes.apply(event)
        self.builder.processes_changed()

    def use(self, process: int, number: int, flow: Direction, **figures: object) -> None:
        self.wires[process, number, flow] = Wire(process, number, flow, **figures)  # type: ignore[arg-type]

    def graph(self, **showing: object) -> Graph:
        return self.builder.build(self.wires, Showing(**showing))  # type: ignore[arg-type]


@pytest.fixture
def world() -> World:
    world = World()
    world.process(1, None, "app.py", Role.WORKER)
    return world


def process(number: int) -> NodeKey:
    return (PROCESS, number, "")


def thing(number: int) -> NodeKey:
    return (OBJECT, number, "")


def count(operation: str, total: int, waited: float = 0.0) -> OperationCount:
    return OperationCount(operation, total, 1 if waited else 0, int(waited * SECOND), 0, 0, 0)


@pytest.mark.parametrize(
    ("operation", "kind", "flow"),
    [
        ("put", "Queue", INTO), ("get", "SimpleQueue", OUT), ("send", "Pipe", INTO),
        ("recv", "Pipe", OUT), ("submit", "Pool", INTO), ("task", "Pool", OUT),
        ("wait", "Pool", INTO), ("wait", "Event", OUT), ("set", "Event", INTO),
        ("wait", "Condition", GUARD), ("acquire", "Lock", GUARD), ("attach", "SharedMemory", GUARD),
        ("feed", "Queue", None), ("task_done", "JoinableQueue", None), ("join", "Process", None),
    ],
)  # fmt: skip
def test_each_operation_goes_one_way(operation: str, kind: str, flow: Direction | None) -> None:
    assert direction_of(operation, kind) == flow


def test_totals_are_added_up_and_pairs_counted_once() -> None:
    types = {1: "Queue", 2: "Lock"}
    rows = [
        (1, 5, count("put", 7, 0.5)), (1, 5, count("feed", 7)), (1, 6, count("get", 6)),
        (1, 6, count("task_done", 6)), (2, 5, count("acquire", 3, 0.25)),
        (2, 5, count("release", 3)), (9, 5, count("put", 1)),
    ]  # fmt: skip
    found = use_snapshot(rows, types, BEGAN).uses
    assert {key: use.total for key, use in found.items()} == {
        (5, 1, INTO): 7, (6, 1, OUT): 6, (5, 2, GUARD): 3,
    }  # fmt: skip
    assert found[5, 1, INTO].waited_ns == SECOND // 2


def test_rates_and_waiting_are_differences_of_two_looks() -> None:
    types = {1: "Queue"}
    before = use_snapshot([(1, 5, count("put", 10, 1.0))], types, BEGAN)
    now = use_snapshot(
        [(1, 5, count("put", 30, 2.5)), (1, 6, count("get", 4))], types, BEGAN + 2 * SECOND
    )
    found = wires(now, before, [], types, {})
    assert found[5, 1, INTO].rate == 10
    assert found[5, 1, INTO].waiting == 0.75
    assert found[6, 1, OUT].rate == 2
    alone = wires(now, None, [], types, {}, {5: 10 * SECOND})[5, 1, INTO]
    assert (alone.rate, alone.waiting) == (None, 0.25)


def test_a_wait_that_goes_on_counts_though_no_counter_has_it(world: World) -> None:
    world.object(1)
    types = {1: "Queue"}
    now, before = (
        use_snapshot([], types, BEGAN + 4 * SECOND),
        use_snapshot([], types, BEGAN + 2 * SECOND),
    )
    doing = {
        5: deeds([Doing("MainThread", "get", 1, BEGAN + 3 * SECOND, "", "")], world.objects),
        6: deeds([Doing("MainThread", "task", 1, BEGAN, "", "")], world.objects),
    }
    found = wires(now, before, [], types, doing)
    assert found.keys() == {(5, 1, OUT)}
    assert found[5, 1, OUT].waits
    assert found[5, 1, OUT].waiting == 0.5
    assert found[5, 1, OUT].waited_ns == SECOND
    assert found[5, 1, OUT].counts == (count("get", 0, 1.0),)
    alone = wires(now, None, [], types, doing, {5: 10 * SECOND})[5, 1, OUT]
    assert alone.waiting == 0.1


def test_holder_and_waiters_come_from_the_object() -> None:
    types = {1: "Lock", 2: "Queue"}
    states = [
        ObjectState(1, BEGAN, (), None, ((5, "MainThread"),), ((6, "MainThread"),)),
        ObjectState(2, BEGAN, (), 3, (), ((7, "MainThread"),)),
    ]
    now = use_snapshot([(2, 7, count("put", 3))], types, BEGAN)
    found = wires(now, None, states, types, {})
    assert found[5, 1, GUARD].holds
    assert found[6, 1, GUARD].waits
    assert found[7, 2, INTO].waits, "who only ever put waits to put"
    assert found.keys() == {(5, 1, GUARD), (6, 1, GUARD), (7, 2, INTO)}


def test_only_who_takes_part_is_shown_and_parents_on_demand(world: World) -> None:
    for number, parent in ((2, 1), (3, 2), (4, 1)):
        world.process(number, parent)
    world.object(1)
    world.use(3, 1, INTO, total=2)
    assert world.graph().nodes.keys() == {process(3), thing(1)}
    graph = world.graph(parents=True)
    assert graph.nodes.keys() == {process(1), process(2), process(3), thing(1)}
    assert {key for key in graph.edges if key[2] == CHILD} == {
        (process(1), process(2), CHILD), (process(2), process(3), CHILD),
    }  # fmt: skip


def test_arrows_point_the_way_things_flow(world: World) -> None:
    world.process(2)
    world.object(1)
    world.use(1, 1, INTO)
    world.use(2, 1, OUT)
    ways = {(edge.tail, edge.head) for edge in world.graph().edges.values()}
    assert ways == {(process(1), thing(1)), (thing(1), process(2))}


def test_both_ends_of_a_pipe_are_one_node(world: World) -> None:
    world.process(2)
    for number in (1, 2, 3, 4):
        world.object(number, "Pipe", f"end {number}", "app.py:7")
    world.use(1, 1, INTO)
    world.use(2, 2, OUT)
    world.use(2, 4, INTO)
    graph = world.graph()
    assert graph.nodes[thing(1)].members == (1, 2)
    assert graph.nodes[thing(3)].members == (3, 4)
    assert (process(2), thing(1), "out") in graph.edges


def test_ends_of_which_one_is_missing_pair_nowhere(world: World) -> None:
    """Nobody can tell which; who served whom is worked out by the same rule."""
    world.process(2)
    for number in (1, 2, 3):
        world.object(number, "Pipe", f"end {number}", "app.py:7")
    world.object(4, "Pipe", "other", "app.py:9")
    world.object(5, "Pipe", "other", "app.py:9")
    for number in (1, 2, 3, 4):
        world.use(2, number, INTO)
    graph = world.graph()
    members = [node.members for node in graph.nodes.values() if node.kind == OBJECT]
    assert members == [(1,), (2,), (3,), (4, 5)]


def test_the_workers_of_a_pool_fold_and_open(world: World) -> None:
    world.object(1, "Pool", "pool")
    world.use(1, 1, INTO)
    for number in (5, 6, 7):
        world.process(number, 1, f"ForkPoolWorker-{number}", Role.POOL_WORKER)
    world.use(5, 1, OUT, total=3, rate=1.5, waiting=0.0)
    graph = world.graph()
    [group] = [key for key in graph.nodes if key[0] == GROUP]
    assert graph.nodes[group].members == (5, 6, 7), "those without a task yet, too"
    edge = graph.edges[group, thing(1), "out"]
    assert (edge.total, edge.rate, len(edge.wires)) == (3, 1.5, 3)
    opened = world.graph(opened=frozenset({(group[1], group[2])}))
    assert {process(5), process(6), process(7)} <= opened.nodes.keys()
    assert opened.nodes[process(5)].group == (group[1], group[2])


def test_siblings_that_are_wired_alike_fold_when_they_are_many(world: World) -> None:
    world.object(1)
    world.object(2, "Lock")
    for number in range(10, 17):
        world.process(number, 1, f"reader-{number}")
        world.use(number, 1, OUT)
    world.use(16, 2, GUARD)
    graph = world.graph()
    [group] = [key for key in graph.nodes if key[0] == GROUP]
    assert graph.nodes[group].members == tuple(range(10, 16))
    assert process(16) in graph.nodes, "this one uses something else"
    for number in (10, 11, 12):
        world.end(number)
    graph = world.graph(ended=False)
    assert graph.nodes[group].members == (13, 14, 15), "what was folded stays so"
    assert graph.hidden_ended == 3


@pytest.mark.parametrize("role", [Role.LOADER_WORKER, Role.DASK_WORKER])
def test_few_workers_of_a_crew_fold_though_each_has_a_queue_of_its_own(
    world: World, role: Role
) -> None:
    for number in range(1, 4):
        world.object(number)
    for number in (11, 12):
        world.process(number, 1, f"Process-{number}", role)
        world.use(number, number - 10, OUT)
    [group] = [key for key in world.graph().nodes if key[0] == GROUP]
    assert world.graph().nodes[group].members == (11, 12)
    for number in (11, 12, 13):
        world.process(number, 1, f"Process-{number}", role)
        world.use(number, 3, INTO)
    graph = world.graph()
    assert graph.nodes[group].members == (11, 12, 13)
    assert {edge for edge in graph.edges if edge[0] == group} == {
        (group, thing(1), OUT), (group, thing(2), OUT), (group, thing(3), INTO),
    }  # fmt: skip


def test_few_are_not_folded(world: World) -> None:
    world.object(1)
    for number in range(10, 15):
        world.process(number, 1, f"reader-{number}")
        world.use(number, 1, OUT)
    assert not [key for key in world.graph().nodes if key[0] == GROUP]


def test_the_ended_are_hidden_when_they_are_many_but_not_who_holds_a_lock(world: World) -> None:
    world.object(1)
    world.object(2, "Lock")
    world.use(1, 1, INTO)
    for number in range(10, 10 + FEW_ENDED + 1):
        world.process(number, 1, f"{'abcdefghijklmnop'[number - 10]}")
        world.use(number, 1, OUT)
        world.end(number)
    world.use(10, 2, GUARD, holds=True)
    graph = world.graph()
    assert graph.nodes.keys() == {process(1), process(10), thing(1), thing(2)}
    assert graph.hidden_ended == FEW_ENDED
    assert world.graph(ended=True).hidden_ended == 0


def test_the_dead_who_are_part_of_what_is_wrong_stand_apart_and_are_shown(world: World) -> None:
    world.object(1, "Pool", "pool")
    for number in range(2, 6):
        world.process(number, 1, f"ForkPoolWorker-{number}", Role.POOL_WORKER)
        world.use(number, 1, OUT)
    world.end(3)
    graph = world.builder.build(world.wires, Showing(ended=False))
    assert process(3) not in graph.nodes
    assert graph.hidden_ended == 1
    graph = world.builder.build(world.wires, Showing(ended=False), frozenset((3, 4)))
    assert process(3) in graph.nodes
    groups = [node for node in graph.nodes.values() if node.kind == GROUP]
    assert [group.members for group in groups] == [(2, 4, 5)], "who lives stays with the others"
    assert graph.hidden_ended == 0


def test_only_figures_differ_between_two_looks(world: World) -> None:
    world.object(1)
    world.use(1, 1, INTO, total=1)
    first = world.graph()
    world.use(1, 1, INTO, total=9)
    second = world.graph()
    assert second.nodes is first.nodes, "by which the picture knows that nothing came or went"
    assert second.edges[process(1), thing(1), "into"].total == 9


def test_what_is_not_instrumented_is_shown_and_helpers_are_not(world: World) -> None:
    world.object(1)
    world.process(2)
    world.use(2, 1, INTO, total=3)
    for number in (3, 4):
        world.process(number, name="blind")
        world.processes.apply(ProcessWatched(number, BEGAN, False, code=Unwatched.ISOLATED))
    world.process(5, role=Role.FORKSERVER)
    world.use(5, 1, INTO, total=1)
    world.process(6)  # it is not known yet whether it is
    world.builder.processes_changed()
    assert set(world.graph().nodes) == {process(2), process(3), process(4), thing(1)}
