"""A launch spec as TOML text, and back.

Only what differs from the default is written, below comments that explain every field. What
TOML cannot hold (None, bytes, a set) is a fault when writing, never a silent change of the value.
"""

from __future__ import annotations

import datetime
import enum
import re
import tomllib
from typing import Any

import msgspec

from ..translation import mark, tr
from ..vocabulary.launch_spec import LaunchSpec, Output, StartMethod, TargetKind

HEADER = """\
# A launch spec of Spawnscope. What is left out keeps its default.
#
# kind           "script", "module", "function" or "command"
# target         a path, a dotted name, "package.module:function" or a program
# arguments      strings; for a function any values
# name           what it is called on screen (else derived from the target)
# start_method   "fork", "spawn" or "forkserver" (functions)
# count          how many workers of it to start
# interpreter    a Python or the folder of a virtual environment (else $VIRTUAL_ENV, else our own)
# cwd            the working directory
# daemon         true or false (multiprocessing's daemon flag)
# grace_seconds  from the request to end (SIGTERM) to SIGKILL
# output         "socket" (names the process behind each line) or "pipe"
# unbuffered     true: Python writes each piece at once, not each line
# keep_failed_tasks  true: tasks of pools that fail can be run alone
# check_forkserver  true: say what would break where forkserver or spawn starts processes
# [keywords]     keyword arguments of a function
# [environment]  variables to add

"""  # untranslated: in a file


class SpecTextError(ValueError):
    """Why a text is no launch spec, or a spec cannot be written: one sentence. `line` counts
    from 1 (0: unknown); `field` is the spec's field at fault ("" for the whole)."""

    def __init__(self, sentence: str, line: int = 0, field: str = "") -> None:
        super().__init__(
            tr("Line {line}: {sentence}", line=line, sentence=sentence) if line else sentence
        )
        self.line = line
        self.field = field


def to_toml(spec: LaunchSpec) -> str:
    """The text of a spec's file. Raises SpecTextError."""
    import tomli_w

    table: dict[str, Any] = {"kind": spec.kind.value, "target": spec.target}
    for field in msgspec.structs.fields(LaunchSpec):
        value = getattr(spec, field.name)
        if field.name in table or value == _default(field):
            continue
        table[field.name] = _writable(value, field.name, field.name)
    text = HEADER + tomli_w.dumps(table)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise SpecTextError(tr("It holds characters that are no Unicode text.")) from None
    return text


def from_toml(text: str) -> LaunchSpec:
    """The spec that a file's text describes. Raises SpecTextError."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"\(at line (\d+), column \d+\)", str(error))
        reason = re.sub(r" \(at [^)]*\)$", "", str(error))
        if line:
            raise SpecTextError(f"{reason}.", int(line[1])) from None
        raise SpecTextError(tr("{reason}, at the end of the file.", reason=reason)) from None
    except RecursionError:
        raise SpecTextError(tr("The values are nested too deeply.")) from None
    try:
        return msgspec.convert(table, LaunchSpec)
    except msgspec.ValidationError as error:
        raise _explained(str(error), table, text) from None


def _default(field: msgspec.structs.FieldInfo) -> Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default


def _writable(value: Any, field: str, path: str) -> Any:
    """The value in the types that TOML has. Raises SpecTextError with the path of what has none."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, (list, tuple)):
        return [_writable(item, field, f"{path}[{at}]") for at, item in enumerate(value)]
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise SpecTextError(
                    tr(
                        "{path} has the key {key}; in TOML keys are text.", path=path, key=repr(key)
                    ),
                    0,
                    field,
                )
        return {key: _writable(item, field, f"{path}.{key}") for key, item in value.items()}
    if isinstance(value, datetime.datetime):
        offset = value.utcoffset()
        if offset is None or not offset % datetime.timedelta(minutes=1):
            return value
    elif isinstance(value, datetime.time):
        if value.tzinfo is None:
            return value
    elif isinstance(value, (str, bool, int, float, datetime.date)):
        return value
    shown = repr(value)
    shown = shown if len(shown) <= 60 else f"{shown[:57]}..."
    raise SpecTextError(
        tr("{path} is {shown}, which TOML cannot hold.", path=path, shown=shown), 0, field
    )


_CHOICES: dict[str, type[enum.Enum]] = {
    "kind": TargetKind,
    "start_method": StartMethod,
    "output": Output,
}
_KINDS = {
    "int": mark("a whole number"),
    "float": mark("a number"),
    "str": mark("text"),
    "bool": mark("true or false"),
    "array": mark("a list"),
    "object": mark("a table"),
}


def _explained(problem: str, table: dict[str, Any], text: str) -> SpecTextError:
    """msgspec's message in the words of a spec's author."""
    unknown = re.search(r"unknown field `(.*?)`", problem)
    if unknown:
        from .call_fit import suggestion

        name = unknown[1]
        hint = suggestion(name, LaunchSpec.__struct_fields__)
        return SpecTextError(
            tr("'{name}' is no field of a launch spec.", name=name) + hint,
            _line_of(name, text),
            name,
        )
    missing = re.search(r"missing required field `(.*?)`", problem)
    if missing:
        return SpecTextError(
            tr("The field '{missing}' is missing.", missing=missing[1]), 0, missing[1]
        )
    path = re.search(r" - at `\$\.?(.*?)`$", problem)
    steps = re.findall(r"[^.\[\]]+", path[1]) if path else []
    field = steps[0] if steps else ""
    value = table.get(field)
    wanted = re.search(r"Expected `(.*?)`", problem)
    if problem.startswith("Invalid enum value"):
        values = ", ".join(f'"{member.value}"' for member in _CHOICES[field])
        should = tr("one of {values}", values=values)
    elif wanted:
        kinds = [tr(_KINDS[kind]) if kind in _KINDS else kind for kind in wanted[1].split(" | ")]
        should = kinds[-1]
        for kind in reversed(kinds[:-1]):
            should = tr("{one} or {other}", one=kind, other=should)
        if path and path[1].endswith("[...]") and isinstance(value, dict):
            key = next((key for key, item in value.items() if not isinstance(item, str)), "")
            line = _line_of(key, text) or _line_of(field, text)
            return SpecTextError(
                tr(
                    "{field} must be {kind}, not {value}.",
                    field=f"{field}.{key}",
                    kind=should,
                    value=repr(value[key]),
                ),
                line,
                field,
            )
    else:
        sentence = tr("{field}: {problem}.", field=field or tr("The spec"), problem=problem)
        return SpecTextError(sentence, _line_of(field, text), field)
    sentence = tr(
        "{field} must be {kind}, not {value}.", field=field, kind=should, value=repr(value)
    )
    return SpecTextError(sentence, _line_of(field, text), field)


def _line_of(key: str, text: str) -> int:
    pattern = re.compile(rf"""\s*\[?\s*["']?{re.escape(key)}["']?\s*[=\].]""")
    for number, line in enumerate(text.splitlines(), 1):
        if key and pattern.match(line):
            return number
    return 0
