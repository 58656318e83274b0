"""The rules of the Trace Event Format, checked; and what a trace says, for tests.

Written after the format's documentation ("Trace Event Format"), and after what its two readers do:
chrome://tracing and Perfetto's importer, which drops slices of a lane that overlap without nesting,
and arrows that begin or end outside of a slice.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Event = dict[str, Any]

_METADATA = {
    "process_name": ("name", str),
    "process_labels": ("labels", str),
    "process_sort_index": ("sort_index", int),
    "thread_name": ("name", str),
    "thread_sort_index": ("sort_index", int),
}
_TIMED = frozenset("BEXiCstfbneNDOPSTpFRvVcav")
_LANED = frozenset("BEXistf")
_NUMBER = (int, float)


def ns(microseconds: float) -> int:
    """A time of the format as whole nanoseconds."""
    return round(microseconds * 1000)


@dataclass
class Trace:
    """What a trace says. `arrows`: (id of the cause, id of the effect), as the args of their slices
    have it."""

    events: list[Event]
    slices: dict[int, Event] = field(default_factory=dict)
    arrows: list[tuple[int, int]] = field(default_factory=list)

    def of(self, phase: str, **values: Any) -> list[Event]:
        """The events of a phase with these values."""
        return [
            event
            for event in self.events
            if event["ph"] == phase and all(event.get(k) == v for k, v in values.items())
        ]


def checked(path: Path) -> Trace:
    """Read a trace and check all rules; what is wrong fails with a list of it."""
    document = json.loads(path.read_text("utf-8"))
    trace = Trace([])
    faults = list(_faults(document, trace))
    assert not faults, f"{len(faults)} faults: " + "\n".join(faults[:20])
    return trace


def _faults(document: Any, trace: Trace) -> Iterator[str]:
    if not isinstance(document, dict) or not isinstance(document.get("traceEvents"), list):
        yield "it is no JSON object with a list of traceEvents"
        return
    if document.get("displayTimeUnit", "ms") not in ("ms", "ns"):
        yield f"displayTimeUnit is {document['displayTimeUnit']!r}"
    trace.events = document["traceEvents"]
    well_formed = True
    for number, event in enumerate(trace.events):
        for fault in _event_faults(event):
            well_formed = False
            yield f"event {number}, {event}: {fault}"
    if well_formed:
        yield from _name_faults(trace.events)
        yield from _begin_and_end_faults(trace.events)
        yield from _nesting_faults(trace.events)
        yield from _counter_faults(trace.events)
        yield from _flow_faults(trace)


def _event_faults(event: Any) -> Iterator[str]:
    if not isinstance(event, dict):
        yield "no object"
        return
    phase = event.get("ph")
    if not isinstance(phase, str) or phase not in _TIMED | {"M"}:
        yield f"no known phase: {phase!r}"
        return
    for key in ("pid", "tid"):
        if type(event.get(key)) is not int or not 0 < event[key] < 2**31:
            yield f"{key} is {event.get(key)!r}"
    if not isinstance(event.get("name"), str) or not event["name"]:
        yield "no name"
    if not isinstance(event.get("cat", ""), str):
        yield "cat is no string"
    if not isinstance(event.get("args", {}), dict):
        yield "args is no object"
    if phase in _TIMED and (type(event.get("ts")) not in _NUMBER or event["ts"] < 0):
        yield f"ts is {event.get('ts')!r}"
    if phase == "X" and (type(event.get("dur")) not in _NUMBER or event["dur"] < 0):
        yield f"dur is {event.get('dur')!r}"
    if phase == "i" and event.get("s", "t") not in ("g", "p", "t"):
        yield f"the scope is {event['s']!r}"
    if phase == "C":
        values = event.get("args", {}).values()
        if not values or any(type(value) not in _NUMBER for value in values):
            yield "a counter needs numbers"
    if phase in "stf":
        if type(event.get("id")) not in (int, str):
            yield "a flow needs an id"
        if "bp" in event and (phase != "f" or event["bp"] != "e"):
            yield f"bp is {event['bp']!r}"
    if phase == "M":
        key, kind = _METADATA.get(event["name"], ("", object))
        if not key or not isinstance(event.get("args", {}).get(key), kind):
            yield "unknown metadata, or its argument is missing"


def _name_faults(events: list[Event]) -> Iterator[str]:
    """Every process and lane that is used has one name."""
    processes: dict[int, int] = defaultdict(int)
    lanes: dict[tuple[int, int], int] = defaultdict(int)
    for event in events:
        if event["ph"] == "M" and event["name"] == "process_name":
            processes[event["pid"]] += 1
        elif event["ph"] == "M" and event["name"] == "thread_name":
            lanes[event["pid"], event["tid"]] += 1
    for what in (processes, lanes):
        for key, count in what.items():
            if count > 1:
                yield f"{key} has {count} names"
    tids = [tid for _, tid in lanes]
    if len(tids) != len(set(tids)):
        yield "two lanes have the same tid"
    for event in events:
        if event["pid"] not in processes:
            yield f"pid {event['pid']} has no name"
        if event["ph"] in _LANED and (event["pid"], event["tid"]) not in lanes:
            yield f"lane {event['pid'], event['tid']} has no name"


def _begin_and_end_faults(events: list[Event]) -> Iterator[str]:
    """B and E of a lane are pairs of brackets."""
    open_ones: dict[tuple[int, int], list[str]] = defaultdict(list)
    for event in sorted((e for e in events if e["ph"] in "BE"), key=lambda e: float(e["ts"])):
        stack = open_ones[event["pid"], event["tid"]]
        if event["ph"] == "B":
            stack.append(event["name"])
        elif not stack or stack.pop() != event.get("name"):
            yield f"an end without a beginning: {event}"
    for lane, stack in open_ones.items():
        if stack:
            yield f"lane {lane} leaves open: {stack}"


def _nesting_faults(events: list[Event]) -> Iterator[str]:
    """Slices of a lane nest. Readers sort them by time alone, so of two that begin together the
    outer one has to stand first in the file."""
    lanes: dict[tuple[int, int], list[Event]] = defaultdict(list)
    for event in events:
        if event["ph"] == "X":
            lanes[event["pid"], event["tid"]].append(event)
    for slices in lanes.values():
        slices.sort(key=lambda event: ns(event["ts"]))  # stable: else as in the file
        stack: list[tuple[int, Event]] = []
        for event in slices:
            start = ns(event["ts"])
            end = start + ns(event["dur"])
            while stack and stack[-1][0] <= start:
                stack.pop()
            if stack and stack[-1][0] < end:
                yield f"{event} cuts into {stack[-1][1]}"
            stack.append((end, event))


def _counter_faults(events: list[Event]) -> Iterator[str]:
    last: dict[tuple[int, str], int] = {}
    for event in events:
        if event["ph"] == "C":
            key = (event["pid"], event["name"])
            if ns(event["ts"]) < last.get(key, 0):
                yield f"the counter {key} goes back in time"
            last[key] = ns(event["ts"])


def _flow_faults(trace: Trace) -> Iterator[str]:
    """An arrow begins and ends in a slice, and does not go back in time."""
    lanes: dict[tuple[int, int], list[tuple[int, int, Event]]] = defaultdict(list)
    for event in trace.events:
        if event["ph"] == "X":
            start = ns(event["ts"])
            lanes[event["pid"], event["tid"]].append((start, start + ns(event["dur"]), event))
            if "id" in event.get("args", {}):
                trace.slices[event["args"]["id"]] = event
    for slices in lanes.values():
        slices.sort(key=lambda entry: entry[:2])
    flows: dict[Any, dict[str, Event]] = defaultdict(dict)
    for event in trace.events:
        if event["ph"] in "sf":
            if event["ph"] in flows[event["id"]]:
                yield f"flow {event['id']} has two of {event['ph']!r}"
            flows[event["id"]][event["ph"]] = event
    for number, ends in flows.items():
        if set(ends) != {"s", "f"}:
            yield f"flow {number} has only {sorted(ends)}"
            continue
        begin, end = ends["s"], ends["f"]
        if (begin["name"], begin["cat"]) != (end["name"], end["cat"]):
            yield f"the ends of flow {number} differ in name or category"
        if ns(begin["ts"]) > ns(end["ts"]):
            yield f"flow {number} goes back in time"
        if end.get("bp") != "e":
            yield f"flow {number} would end at the next slice"
        found = [_innermost(lanes[event["pid"], event["tid"]], event) for event in (begin, end)]
        if found[0] is None or found[1] is None:
            yield f"flow {number} begins or ends outside of a slice"
            continue
        cause, effect = found
        trace.arrows.append((cause["args"]["id"], effect["args"]["id"]))


def _innermost(slices: list[tuple[int, int, Event]], event: Event) -> Event | None:
    at = ns(event["ts"])
    around = [entry for entry in slices if entry[0] <= at < entry[1]]
    return max(around, key=lambda entry: (entry[0], -entry[1]))[2] if around else None
