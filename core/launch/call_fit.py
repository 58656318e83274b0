"""Whether a call's arguments fit the signature of a plain `def`."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from ..translation import enumerated, tr, trn
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
        faults.append(Fault("arguments", _too_many(name, len(positional), given, by_name_only)))
    filled = set(positional[:given])
    for keyword in keywords:
        if keyword in by_position_only and signature.kwarg is None:
            faults.append(
                Fault(
                    "keywords",
                    tr("{name}() takes '{keyword}' by position only.", name=name, keyword=keyword),
                )
            )
        elif keyword in filled and keyword not in by_position_only:
            faults.append(
                Fault(
                    "keywords",
                    tr(
                        "{name}() is given '{keyword}' twice: by position and by name.",
                        name=name,
                        keyword=keyword,
                    ),
                )
            )
        elif keyword not in positional and keyword not in by_name_only and signature.kwarg is None:
            hint = suggestion(keyword, [*positional, *by_name_only])
            faults.append(
                Fault(
                    "keywords",
                    tr("{name}() has no parameter '{keyword}'.", name=name, keyword=keyword) + hint,
                )
            )
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
        sentence = trn(
            "{name}() is missing the argument {names}.",
            "{name}() is missing the arguments {names}.",
            len(missing),
            name=name,
            names=enumerated([f"'{each}'" for each in missing]),
        )
        faults.append(Fault("arguments", sentence))
    if missing_names:
        sentence = trn(
            "{name}() is missing the argument {names}, given by name.",
            "{name}() is missing the arguments {names}, given by name.",
            len(missing_names),
            name=name,
            names=enumerated([f"'{each}'" for each in missing_names]),
        )
        faults.append(Fault("keywords", sentence))
    return faults


def suggestion(wrong: str, right: Sequence[str]) -> str:
    """` Did you mean 'x'?` for the nearest of `right`, or "" when none is near."""
    import difflib

    near = difflib.get_close_matches(wrong, right, n=1, cutoff=0.6)
    return " " + tr("Did you mean '{name}'?", name=near[0]) if near else ""


def _too_many(name: str, takes: int, given: int, by_name_only: Sequence[str]) -> str:
    if not by_name_only and not takes:
        return tr("{name}() takes no arguments, {given} given.", name=name, given=given)
    if not by_name_only:
        return trn(
            "{name}() takes {count} argument, {given} given.",
            "{name}() takes {count} arguments, {given} given.",
            takes,
            name=name,
            given=given,
        )
    if not takes:
        return tr("{name}() takes no arguments by position, {given} given.", name=name, given=given)
    return trn(
        "{name}() takes {count} argument by position, {given} given.",
        "{name}() takes {count} arguments by position, {given} given.",
        takes,
        name=name,
        given=given,
    )
