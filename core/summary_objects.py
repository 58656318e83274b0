"""The table of shared objects at the end of `record`: what was done to each, in all processes."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from .session.records import LostOperations
from .translation import tr, trn
from .vocabulary.events import ObjectCreated, ObjectState, OperationCount
from .vocabulary.kinds import Form, kind_of, method_of, operation_kind

_MOST_ROWS = 40
_MOST_METHODS = 4


def objects_table(
    objects: list[ObjectCreated],
    last_states: list[ObjectState],
    names: dict[int, str],
    ended_well: frozenset[int],
) -> Table | None:
    """The table; None where nothing was shared. `names`: of processes, by number; `ended_well`:
    those that were ended by nobody and nothing. All texts are plain."""
    if not objects:
        return None
    states = {state.object: state for state in last_states}
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in (tr("shared object"), tr("made at"), tr("operations")):
        table.add_column(column)
    for column in (tr("left"), tr("blocked")):
        table.add_column(column, justify="right")
    table.add_column(tr("held at the end by"))
    # Those that something happened to come first.
    objects.sort(key=lambda made: not (made.object in states and states[made.object].counts))
    for made in objects[:_MOST_ROWS]:
        _add_row(table, made, states.get(made.object), names, ended_well)
    if len(objects) > _MOST_ROWS:
        more = format(len(objects) - _MOST_ROWS, ",")
        table.add_row(Text(tr("… and {count} more", count=more), style="dim"))
    return table


def lost_line(lost: list[LostOperations]) -> str:
    """What is not in the session operation by operation; "" if all is."""
    counted = sum(one.only_counted for one in lost)
    overwritten = sum(one.overwritten for one in lost)
    if not overwritten:
        if not counted:
            return ""
        return trn(
            "{count} operation was only counted.",
            "{count} operations were only counted.",
            counted,
        )
    if not counted:
        return trn(
            "{count} operation was overwritten before it was read.",
            "{count} operations were overwritten before they were read.",
            overwritten,
        )
    only_counted = trn(
        "{count} operation was only counted",
        "{count} operations were only counted",
        counted,
    )
    return trn(
        "{only_counted}, {count} was overwritten before it was read.",
        "{only_counted}, {count} were overwritten before they were read.",
        overwritten,
        only_counted=only_counted,
    )


def _add_row(
    table: Table,
    made: ObjectCreated,
    state: ObjectState | None,
    names: dict[int, str],
    ended_well: frozenset[int],
) -> None:
    label = Text(made.type, style="cyan")
    if made.name.startswith(made.type):
        label.append(made.name.removeprefix(made.type), style="bold")
    else:
        label.append(f" {made.name}", style="bold")
    site = made.site.rpartition("/")[2]
    if state is None:
        table.add_row(label, site)
        return
    blocked = sum(total.waited_ns for total in state.counts) / 1e9
    table.add_row(
        label,
        site,
        ", ".join(filter(None, map(_counted, state.counts))) + _methods(state.counts),
        _left(made.type, state),
        tr("{seconds:.1f} s", seconds=blocked) if blocked >= 0.05 else "",
        _holders(state, names, ended_well),
    )


def _holders(state: ObjectState, names: dict[int, str], ended_well: frozenset[int]) -> Text:
    """Who held it; or, of an end of a pipe that somebody waited for, who had it open: when that was
    looked for, so whoever ended well has closed it since."""
    opened = [names.get(each, str(each)) for each in state.open_in or () if each not in ended_well]
    if opened:
        return Text(tr("open in {processes}", processes=_few(opened)), style="yellow")
    holders = [f"{names.get(process, process)} ({thread})" for process, thread in state.holders]
    return Text(_few(holders), style="red")


def _few(names: list[str]) -> str:
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")


def _left(kind: str, state: ObjectState) -> Text:
    depth = state.depth
    if depth is None:  # of a queue: somebody who is not watched may use it
        return Text(tr("not known") if kind_of(kind).form is Form.QUEUE else "", style="dim")
    text = Text(f"{depth:,}", style="yellow" * bool(depth))
    unsent = unsent_at_the_end(kind, state)
    if unsent:
        text.append(" " + trn("({count} never sent)", "({count} never sent)", unsent))
    return text


def unsent_at_the_end(kind: str, state: ObjectState) -> int:
    """How many items were put into a queue and have never left the processes that put them."""
    if not kind_of(kind).buffered or not state.depth:
        return 0
    totals = {total.operation: total for total in state.counts}
    put, fed = totals.get("put"), totals.get("feed")
    left = (put.count if put else 0) - (fed.count + fed.errors if fed else 0)
    return max(0, min(left, state.depth))


def _methods(counts: tuple[OperationCount, ...]) -> str:
    """By which methods an object of a manager was called, the most frequent first."""
    methods = [(one.count, method_of(one.operation)) for one in counts if one.count]
    methods = sorted((each for each in methods if each[1]), key=lambda each: (-each[0], each[1]))
    told = [f"{count:,} {method}" for count, method in methods[:_MOST_METHODS]]
    told += ["…"] * (len(methods) > _MOST_METHODS)
    return f" ({', '.join(told)})" if told else ""


def _counted(total: OperationCount) -> str:
    if method_of(total.operation):
        return ""
    kind = operation_kind(total.operation)
    if kind.part and not total.errors:
        return ""
    parts = []
    if total.count and not kind.part:
        done = tr(kind.past) if kind.past else kind.name
        parts.append(f"{total.count:,} {done}")
    missed = total.timeouts + total.errors
    if missed:
        count, operation = format(missed, ","), total.operation
        if total.errors:
            parts.append(tr("{count} {operation} failed", count=count, operation=operation))
        else:
            parts.append(tr("{count} {operation} in vain", count=count, operation=operation))
    return ", ".join(parts)
