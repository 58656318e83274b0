"""The sentences of what would not survive a start by forkserver or spawn, by kind of breakage."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...translation import enumerated, tr
from ...vocabulary.checking import Breakage
from .cause import Words

_MOST = 3  # readers that are named


def words_of(maker: str, one: Breakage, all_of: Sequence[Breakage]) -> Words:
    """`one` of those that are about the same thing, `all_of`; `maker`: who starts processes."""
    title, explanation, advice = _OF_KIND.get(one.kind, _of_other)(maker, one, all_of)
    told = [explanation]
    if not one.sure:
        told.append(
            tr("That is likely, not certain: it depends on what runs before, and in the child.")
        )
    told.append(
        tr("Under fork this works; from Python 3.14 on, forkserver is the default on Linux.")
    )
    return Words(title, " ".join(told), advice)


def _place(place: str) -> str:
    return place.rpartition("/")[2] or tr("an unknown place")


def _file(place: str) -> str:
    return _place(place).rpartition(":")[0] or tr("the main module")


def _readers(all_of: Sequence[Breakage]) -> str:
    """Who needs it, with where each stands."""
    names = dict.fromkeys(
        tr(
            "{function} ({place}) in {what}",
            function=each.reader,
            place=_place(each.at),
            what=each.what,
        )
        if each.what not in ("", each.reader)
        else f"{each.reader} ({_place(each.at)})"
        for each in all_of
        if each.reader
    )
    shown = list(names)[:_MOST]
    return enumerated(shown, len(names) - len(shown))


def _of_argument(maker: str, one: Breakage, _: Sequence[Breakage]) -> tuple[str, str, str]:
    what = one.what or tr("a process")
    error, _colon, path = one.why.partition(": ")
    return (
        tr("{what} would not start under forkserver: it cannot be pickled", what=what),
        tr(
            "{maker} starts {what} at {place}. Under spawn and forkserver all that a process is "
            "given is pickled, and that would raise {error}: {path}.",
            maker=maker, what=what, place=_place(one.site), error=error,
            path=path or tr("it cannot be pickled"),
        ),
        tr(
            "Give it a function of a module, not a lambda or one within another, and plain data: "
            "open connections, files and locks in the child itself."
        ),
    )  # fmt: skip


def _of_guard(maker: str, one: Breakage, _: Sequence[Breakage]) -> tuple[str, str, str]:
    module = _file(one.bound)
    return (
        tr(
            "{module} would start processes as it is imported: its main guard is missing",
            module=module,
        ),
        tr(
            "{maker} starts processes at {place}, by line {line}, which stands at the top level of "
            "{module}. Under spawn and forkserver a child imports {module} first, comes to that "
            "line as well, and Python refuses to start a process there.",
            maker=maker, place=_place(one.site), line=one.bound.rpartition(":")[2], module=module,
        ),
        tr(
            'Put what starts processes into a function, and call that below `if __name__ == '
            '"__main__":` at the end of {module}.',
            module=module,
        ),
    )  # fmt: skip


def _of_unfound(maker: str, one: Breakage, _: Sequence[Breakage]) -> tuple[str, str, str]:
    if one.bound:
        why = tr(
            "It is defined at {place}, below the main guard, where a child does not come.",
            place=_place(one.bound),
        )
        advice = tr("Define {name} at the top level, outside of the main guard.", name=one.name)
    else:
        why = tr(
            "It is in the main module, which a child does not import: that is a `__main__.py`, or "
            "in no file."
        )
        advice = tr("Put {name} into a module of its own, and import it.", name=one.name)
    return (
        tr("A child would not find {name} under forkserver", name=one.name),
        tr(
            "{maker} hands {name} over by its name at {place}. {why} Under spawn and forkserver "
            "that is an AttributeError.",
            maker=maker, name=one.name, place=_place(one.site), why=why,
        ),
        advice,
    )  # fmt: skip


def _hand_over(name: str) -> str:
    return tr(
        "Hand {name} to the child: as an argument of its target, or by the initializer and "
        "initargs of a pool.",
        name=name,
    )


def _of_missing(_: str, one: Breakage, all_of: Sequence[Breakage]) -> tuple[str, str, str]:
    where = (
        tr("by {function}, at {place}", function=one.why, place=_place(one.bound))
        if one.why
        else tr("at {place}, below the main guard", place=_place(one.bound))
    )
    return (
        tr("{name} would not be there in a child by forkserver", name=one.name),
        tr(
            "{readers} needs {name}, which is bound only {where}. A child by fork has a copy of "
            "it; one by spawn or forkserver imports the module anew, and meets a NameError.",
            readers=_readers(all_of), name=one.name, where=where,
        ),
        _hand_over(one.name),
    )  # fmt: skip


def _of_stale(_: str, one: Breakage, all_of: Sequence[Breakage]) -> tuple[str, str, str]:
    value = one.why or tr("what the import makes of it")
    return (
        tr("{name} would have another value in a child by forkserver", name=one.name),
        tr(
            "{readers} needs {name}, which the main program has bound anew, at {place}. A child by "
            "fork has that value; for one by spawn or forkserver, it is {value}.",
            readers=_readers(all_of), name=one.name, place=_place(one.bound), value=value,
        ),
        _hand_over(one.name),
    )  # fmt: skip


def _of_empty(_: str, one: Breakage, all_of: Sequence[Breakage]) -> tuple[str, str, str]:
    return (
        tr("{name} would be empty in a child by forkserver", name=one.name),
        tr(
            "{readers} needs {name}, which is empty after an import and which the main program "
            "fills, at {place}: it held {count} items when processes were started. A child by fork "
            "has them; one by spawn or forkserver imports the module anew, and has none.",
            readers=_readers(all_of), name=one.name, place=_place(one.bound), count=one.why,
        ),
        _hand_over(one.name),
    )  # fmt: skip


def _of_changed(_: str, one: Breakage, all_of: Sequence[Breakage]) -> tuple[str, str, str]:
    name = f"{one.name}.{one.why}" if one.why else one.name
    return (
        tr("A child by forkserver would not have what was changed in {name}", name=one.name),
        tr(
            "{readers} needs {name}, and the main program changes {changed}, at {place}. A child "
            "by fork has that; one by spawn or forkserver has it as an import makes it.",
            readers=_readers(all_of), name=one.name, changed=name, place=_place(one.bound),
        ),
        _hand_over(one.name),
    )  # fmt: skip


def _of_own(_: str, one: Breakage, all_of: Sequence[Breakage]) -> tuple[str, str, str]:
    return (
        tr("Each child by forkserver would have a {name} of its own", name=one.name),
        tr(
            "{readers} uses {name} ({kind}), which is made as {module} is imported, at {place}. "
            "All children by fork share one; by spawn or forkserver each imports the module, makes "
            "one more, and what it does with it nobody else notices.",
            readers=_readers(all_of), name=one.name, kind=one.why, module=_file(one.bound),
            place=_place(one.bound),
        ),
        tr(
            "Make {name} below the main guard, and hand it to each child: as an argument of its "
            "target, or by the initializer and initargs of a pool.",
            name=one.name,
        ),
    )  # fmt: skip


def _of_other(maker: str, one: Breakage, _: Sequence[Breakage]) -> tuple[str, str, str]:
    """Of a newer session."""
    return (
        tr("{name} would not survive a start by forkserver", name=one.name or one.what),
        tr("{maker} starts processes at {place}.", maker=maker, place=_place(one.site)),
        _hand_over(one.name or one.what),
    )


_OF_KIND: dict[str, Callable[[str, Breakage, Sequence[Breakage]], tuple[str, str, str]]] = {
    "argument": _of_argument,
    "guard": _of_guard,
    "unfound": _of_unfound,
    "missing": _of_missing,
    "stale": _of_stale,
    "empty": _of_empty,
    "changed": _of_changed,
    "own": _of_own,
}
