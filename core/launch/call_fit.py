"""Whether a call's arguments fit the signature of a plain `def`."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from ..vocabulary.launch_spec import Fault


def call_faults(
    node: ast.FunctionDef, arguments: Sequence[Any], keywords: Mapping[str, Any]
) -> list[Fault]:
    """What Python would refuse about calling the function `node`: faults on `arguments` or
    `keywords`. An empty list when it would accept the call."""
    name, signature = node.name, node.args
    positional = [argument.arg for argument in (*signature.posonlyargs, *signature.args)]
    by_position_only = {argument.arg for argument in signature.posonlyargs}
    by_name_only = [argument.arg for argument in signature.kwonlyargs]
    faults = []

    given = len(arguments)
    if given > len(positional) and signature.vararg is None:
        takes = _count(len(positional), "argument")
        by_position = " by position" if by_name_only else ""
        faults.append(Fault("arguments", f"{name}() takes {takes}{by_position}, {given} given."))
    filled = set(positional[:given])
    for keyword in keywords:
        if keyword in by_position_only and signature.kwarg is None:
            faults.append(Fault("keywords", f"{name}() takes '{keyword}' by position only."))
        elif keyword in filled and keyword not in by_position_only:
            faults.append(
                Fault("keywords", f"{name}() is given '{keyword}' twice: by position and by name.")
            )
        elif keyword not in positional and keyword not in by_name_only and signature.kwarg is None:
            hint = suggestion(keyword, [*positional, *by_name_only])
            faults.append(Fault("keywords", f"{name}() has no parameter '{keyword}'.{hint}"))
    if faults:
        return faults

    optional = set(positional[len(positional) - len(signature.defaults) :])
    missing = [
        each
        for each in positional
        if each not in filled
        and each not in optional
        and (each not in keywords or each in by_position_only)
    ]
    missing_names = [
        argument.arg
        for argument, default in zip(signature.kwonlyargs, signature.kw_defaults, strict=True)
        if default is None and argument.arg not in keywords
    ]
    if missing:
        faults.append(Fault("arguments", f"{name}() is missing {_listed(missing)}."))
    if missing_names:
        faults.append(
            Fault("keywords", f"{name}() is missing {_listed(missing_names)}, given by name.")
        )
    return faults


def suggestion(wrong: str, right: Sequence[str]) -> str:
    """` Did you mean 'x'?` for the nearest of `right`, or "" when none is near."""
    import difflib

    near = difflib.get_close_matches(wrong, right, n=1, cutoff=0.6)
    return f" Did you mean '{near[0]}'?" if near else ""


def _count(number: int, noun: str) -> str:
    return f"no {noun}s" if number == 0 else f"{number} {noun}{'s' if number != 1 else ''}"


def _listed(names: Sequence[str]) -> str:
    quoted = [f"'{name}'" for name in names]
    many = "s" if len(names) > 1 else ""
    return f"the argument{many} " + (
        quoted[0] if not many else ", ".join(quoted[:-1]) + f" and {quoted[-1]}"
    )
