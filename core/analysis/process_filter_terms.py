"""From the words of the filter box to questions that a row answers with yes or no.

What the words mean stands in `process_filter`.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from ..store.process_row import ProcessRow
from ..translation import enumerated, tr
from ..vocabulary.events import Role


class FilterError(ValueError):
    """A term that cannot be understood, as one sentence for a person."""


class Term(NamedTuple):
    """A question to a row. `fields`: the attributes of ProcessRow that the answer depends on."""

    test: Callable[[ProcessRow], bool]
    fields: frozenset[str]


class Quantity(NamedTuple):
    """What can be compared with a number, None where a row has none. `fields`: see Term."""

    value: Callable[[ProcessRow], float | None]
    fields: frozenset[str]
    is_size: bool = False


def parse(text: str, more: Mapping[str, Quantity]) -> list[Term]:
    """The terms of a filter; `more` can be compared, by name, beside what always can. Raises
    FilterError when one makes no sense."""
    known = {**_QUANTITIES, **more}
    return [term for word in _WORD.findall(text) if (term := _parse(word, known)) is not None]


_WORD = re.compile(r'-?"[^"]*"?|\S+')
_COMPARISON = re.compile(r"([A-Za-z%]+)(>=|<=|==|>|<|=)(.*)", re.DOTALL)
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:([kmgt])i?)?b?", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_SIGNS: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "==": operator.eq,
}
_ALIASES = {"memory": "mem"}


def _sampled(figure: str, is_size: bool = False) -> Quantity:
    """Of the last sample; what has ended uses nothing any more, whatever that was."""
    return Quantity(
        lambda row: row.measured(figure) if row.is_live else None,
        frozenset((figure, "ended_ns")),
        is_size,
    )


_QUANTITIES = {
    "cpu": _sampled("cpu_percent"),
    "mem": _sampled("rss_bytes", is_size=True),
    "threads": _sampled("threads"),
    "fds": _sampled("fds"),
    "pid": Quantity(lambda row: row.pid, frozenset(("pid",))),
    "ppid": Quantity(lambda row: row.ppid, frozenset(("ppid",))),
    "exit": Quantity(lambda row: row.exit_code, frozenset(("exit_code",))),
}
_TEXT_FIELDS = frozenset(("name", "title", "cmdline", "role"))
_STATUS_FIELDS = frozenset(("status", "stopping", "ended_ns"))


def _parse(word: str, known: Mapping[str, Quantity]) -> Term | None:
    negated = word.startswith("-")
    body = word[1:] if negated else word
    if not body:
        return None  # somebody is about to type -word
    if body.startswith('"'):
        text = body.strip('"')
        term = _text(text) if text else None
    else:
        term = _comparison(body, known) or _keyed(body) or _text(body)
    if term is None or not negated:
        return term
    test = term.test
    return Term(lambda row: not test(row), term.fields)


def _comparison(body: str, known: Mapping[str, Quantity]) -> Term | None:
    found = _COMPARISON.fullmatch(body)
    if found is None:
        return None
    key, sign, operand = found[1].lower().rstrip("%"), found[2], found[3]
    quantity = known.get(_ALIASES.get(key, key))
    if quantity is None:
        names = enumerated(list(known))
        raise FilterError(tr("'{key}' cannot be compared; {names} can.", key=key, names=names))
    limit = _amount(key, sign, operand, quantity.is_size)
    compare = _SIGNS[sign]

    def test(row: ProcessRow) -> bool:
        value = quantity.value(row)
        return value is not None and compare(value, limit)

    return Term(test, quantity.fields)


def _amount(key: str, sign: str, operand: str, is_size: bool) -> float:
    example = "100M" if is_size else "50"
    if not operand:
        raise FilterError(
            tr(
                "'{key}{sign}' needs a number after it, as in {key}{sign}{example}.",
                key=key,
                sign=sign,
                example=example,
            )
        )
    if is_size:
        found = _SIZE.fullmatch(operand)
        if found is None:
            raise FilterError(
                tr("'{operand}' is no size; write 500K, 100M or 2G.", operand=operand)
            )
        power = " kmgt".index((found[2] or " ").lower())
        return float(found[1]) * float(1 << 10 * power)
    operand = operand.removesuffix("%") if key == "cpu" else operand
    if not _NUMBER.fullmatch(operand):
        raise FilterError(
            tr(
                "'{operand}' is no number; write it as in {key}{sign}{example}.",
                operand=operand,
                key=key,
                sign=sign,
                example=example,
            )
        )
    return float(operand)


def _keyed(body: str) -> Term | None:
    key, colon, value = body.partition(":")
    key = key.lower()
    if not colon or key not in ("pid", "ppid", "role", "status", "name"):
        return None
    if not value:
        raise FilterError(
            tr(
                "'{key}:' needs something after it, as in {examples}.",
                key=key,
                examples=_EXAMPLES[key],
            )
        )
    folded = value.strip('"').casefold()
    if key in ("pid", "ppid"):
        if not value.isdecimal():
            raise FilterError(
                tr(
                    "'{value}' is no process id; write it as in {examples}.",
                    value=value,
                    examples=_EXAMPLES[key],
                )
            )
        number = int(value)
        if key == "pid":
            return Term(lambda row: row.pid == number, frozenset(("pid",)))
        return Term(lambda row: row.ppid == number, frozenset(("ppid",)))
    if key == "role":
        return _role(value, folded)
    if key == "name":
        return Term(lambda row: folded in row.label.casefold(), frozenset(("name", "title")))
    if folded == "live":
        return Term(lambda row: row.is_live, _STATUS_FIELDS)
    if folded == "ended":
        return Term(lambda row: not row.is_live, _STATUS_FIELDS)
    return Term(
        lambda row: (
            row.status.startswith(folded) or (row.is_live and row.sampled_status.startswith(folded))
        ),
        _STATUS_FIELDS,
    )


_EXAMPLES = {
    "pid": "pid:1234",
    "ppid": "ppid:1234",
    "role": "role:worker",
    "status": "status:sleeping",
    "name": "name:reader",
}


def _role(value: str, folded: str) -> Term:
    wanted = folded.replace("-", " ").replace("_", " ")
    roles = frozenset(role for role in Role if role.value == wanted) or frozenset(
        role for role in Role if role.value.startswith(wanted)
    )
    if not roles:
        known = ", ".join(role.value.replace(" ", "-") for role in Role)
        raise FilterError(
            tr("There is no role '{value}'; the roles are {known}.", value=value, known=known)
        )
    return Term(lambda row: row.role in roles, frozenset(("role",)))


def _text(text: str) -> Term:
    folded = text.casefold()
    is_number = text.isdecimal()

    def test(row: ProcessRow) -> bool:
        if folded in row.label.casefold() or folded in row.name.casefold():
            return True
        pid = str(row.pid)
        if pid.startswith(folded) if is_number else folded in pid:
            return True
        return folded in row.role.value or folded in " ".join(row.cmdline).casefold()

    return Term(test, _TEXT_FIELDS)
