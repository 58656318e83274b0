"""From the words of the filter box to questions that a row answers with yes or no.

What the words mean stands in `process_filter`.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import NamedTuple

from ..store.process_row import MEASURED, ProcessRow
from ..translation import tr
from ..vocabulary.events import Role


class FilterError(ValueError):
    """A term that cannot be understood, as one sentence for a person."""


class Term(NamedTuple):
    """A question to a row. `fields`: the attributes of ProcessRow that the answer depends on."""

    test: Callable[[ProcessRow], bool]
    fields: frozenset[str]


def parse(text: str) -> list[Term]:
    """The terms of a filter. Raises FilterError when one makes no sense."""
    return [term for word in _WORD.findall(text) if (term := _parse(word)) is not None]


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
_QUANTITIES = {
    "cpu": "cpu_percent",
    "mem": "rss_bytes",
    "memory": "rss_bytes",
    "threads": "threads",
    "fds": "fds",
    "pid": "pid",
    "ppid": "ppid",
    "exit": "exit_code",
}
_TEXT_FIELDS = frozenset(("name", "title", "cmdline", "role"))
_STATUS_FIELDS = frozenset(("status", "stopping", "ended_ns"))


def _parse(word: str) -> Term | None:
    negated = word.startswith("-")
    body = word[1:] if negated else word
    if not body:
        return None  # somebody is about to type -word
    if body.startswith('"'):
        text = body.strip('"')
        term = _text(text) if text else None
    else:
        term = _comparison(body) or _keyed(body) or _text(body)
    if term is None or not negated:
        return term
    test = term.test
    return Term(lambda row: not test(row), term.fields)


def _comparison(body: str) -> Term | None:
    found = _COMPARISON.fullmatch(body)
    if found is None:
        return None
    key, sign, operand = found[1].lower().rstrip("%"), found[2], found[3]
    attribute = _QUANTITIES.get(key)
    if attribute is None:
        raise FilterError(
            tr(
                "'{key}' cannot be compared; cpu, mem, threads, fds, pid, ppid and exit can.",
                key=key,
            )
        )
    limit = _amount(key, sign, operand, is_size=attribute == "rss_bytes")
    compare = _SIGNS[sign]

    sampled = attribute in MEASURED

    def test(row: ProcessRow) -> bool:
        if sampled:  # what has ended uses nothing any more, whatever its last sample was
            value = row.measured(attribute) if row.is_live else None
        else:
            value = getattr(row, attribute)
        return value is not None and compare(value, limit)

    return Term(test, frozenset((attribute, "ended_ns") if sampled else (attribute,)))


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
