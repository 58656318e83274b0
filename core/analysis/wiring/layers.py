"""A first layout of connected nodes: columns in the direction of flow, few crossings.

    edges --without cycles--> a column for each node (the longest way to it)
          --barycentres, to and fro--> the order within each column
          --pulled towards their neighbours--> heights

Plain Python: for a few hundred nodes this takes some milliseconds, less than loading a library.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

N = TypeVar("N", bound=Hashable)

_SWEEPS = 6
_LONG = 6  # columns beyond which, with many cycles, the way says little: distance is used instead
_SHAPE = 2.0  # rows to columns of what has to be wrapped: rows are low, columns wide
_TALL = 14  # nodes above one another; what is more stands in further columns beside


def layered(nodes: Sequence[N], edges: Iterable[tuple[N, N]]) -> dict[N, tuple[int, float]]:
    """(column, row) of each node; edges point from left to right as far as possible. Columns count
    from 0, rows lie around 0, at least 1 apart within a column. The same graph, the same layout."""
    known = set(nodes)
    after: dict[N, list[N]] = {node: [] for node in nodes}
    beside: dict[N, list[N]] = {node: [] for node in nodes}
    for one, other in edges:
        if one != other and one in known and other in known and other not in after[one]:
            after[one].append(other)
            beside[one].append(other)
            beside[other].append(one)
    columns = _columns(nodes, after)
    if max(columns.values(), default=0) > _LONG + 2 * len(nodes) ** 0.5:
        columns = _distances(nodes, after, beside)
    ordered = _ordered(nodes, columns, beside)
    return _heights(_wrapped(ordered), beside)


def _columns(nodes: Sequence[N], after: dict[N, list[N]]) -> dict[N, int]:
    """The longest way to each node, once edges that close a cycle are turned round."""
    indegree = dict.fromkeys(nodes, 0)
    for others in after.values():
        for other in others:
            indegree[other] += 1
    # Where nothing goes in is where things begin: the search for cycles starts there.
    starts = sorted(nodes, key=lambda node: indegree[node] > 0)
    done: list[N] = []
    state: dict[N, int] = {}  # 1: on the way, 2: done
    back: set[tuple[N, N]] = set()
    for start in starts:
        if start in state:
            continue
        state[start] = 1
        way = [(start, iter(after[start]))]
        while way:
            node, rest = way[-1]
            for other in rest:
                seen = state.get(other)
                if seen is None:
                    state[other] = 1
                    way.append((other, iter(after[other])))
                    break
                if seen == 1:
                    back.add((node, other))
            else:
                state[node] = 2
                done.append(node)
                way.pop()
    column = dict.fromkeys(nodes, 0)
    for node in reversed(done):
        for other in after[node]:
            if (node, other) not in back:
                column[other] = max(column[other], column[node] + 1)
    _tighten(done, column, after, back)
    return column


def _distances(
    nodes: Sequence[N], after: dict[N, list[N]], beside: dict[N, list[N]]
) -> dict[N, int]:
    """How far each node is from where things begin, whichever way the edges point."""
    fed = {other for others in after.values() for other in others}
    starts = [node for node in nodes if node not in fed]
    found = dict.fromkeys(starts or [max(nodes, key=lambda node: len(beside[node]))], 0)
    waiting = list(found)
    for node in waiting:  # it grows meanwhile
        for other in beside[node]:
            if other not in found:
                found[other] = found[node] + 1
                waiting.append(other)
    return {node: found.get(node, 0) for node in nodes}


def _tighten(
    done: list[N], column: dict[N, int], after: dict[N, list[N]], back: set[tuple[N, N]]
) -> None:
    """What only gives stands right before the first that takes, not at the far left."""
    fed = {other for node in done for other in after[node] if (node, other) not in back}
    for node in done:
        ahead = [column[other] for other in after[node] if (node, other) not in back]
        if ahead and node not in fed:
            column[node] = max(column[node], min(ahead) - 1)


def _ordered(nodes: Sequence[N], columns: dict[N, int], beside: dict[N, list[N]]) -> list[list[N]]:
    count = max(columns.values(), default=-1) + 1
    layers: list[list[N]] = [[] for _ in range(count)]
    for node in nodes:
        layers[columns[node]].append(node)
    place = {node: float(i) for layer in layers for i, node in enumerate(layer)}
    for sweep in range(_SWEEPS):
        forth = sweep % 2 == 0
        for layer in layers if forth else reversed(layers):
            want: dict[N, float] = {}
            for node in layer:
                mine = columns[node]
                near = [place[o] for o in beside[node] if (columns[o] < mine) == forth]
                want[node] = sum(near) / len(near) if near else place[node]
            layer.sort(key=want.__getitem__)
            # Places are shares of the column's height, so that columns of any length compare.
            for i, node in enumerate(layer):
                place[node] = (i + 0.5) / len(layer)
    return layers


def _wrapped(layers: list[list[N]]) -> list[list[N]]:
    """A column that is too tall becomes several, row by row, so that its order stays."""
    total = sum(map(len, layers))
    tall = max(_TALL, round((total * _SHAPE) ** 0.5))
    found: list[list[N]] = []
    for layer in layers:
        parts = -(-len(layer) // tall)
        found += [layer[part::parts] for part in range(parts)]
    return found


def _heights(layers: list[list[N]], beside: dict[N, list[N]]) -> dict[N, tuple[int, float]]:
    """Rows: each node as near to the middle of its neighbours as its column lets it."""
    row = {node: i - (len(layer) - 1) / 2 for layer in layers for i, node in enumerate(layer)}
    for sweep in range(_SWEEPS):
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            wanted = [
                sum(row[o] for o in beside[node]) / len(beside[node]) if beside[node] else row[node]
                for node in layer
            ]
            for node, at in zip(layer, _apart(wanted), strict=True):
                row[node] = at
    return {node: (i, row[node]) for i, layer in enumerate(layers) for node in layer}


def _apart(wanted: list[float]) -> list[float]:
    """The nearest heights to these, in this order and at least 1 apart: neighbours that would
    overlap form a block, which stands at the mean of what its members want."""
    blocks: list[list[float]] = []  # [sum of (wish - offset), size]
    for wish in wanted:
        blocks.append([wish, 1.0])
        while len(blocks) > 1:
            (above, size), (below, more) = blocks[-2], blocks[-1]
            if above / size + size <= below / more:
                break
            blocks.pop()
            blocks[-1] = [above + below - more * size, size + more]
    return [total / size + i for total, size in blocks for i in range(int(size))]
