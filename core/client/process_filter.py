"""The words of the filter box over the process tree, and which rows they let through.

A filter is terms between blanks, and a row must pass all of them:

    jobs            text in the name, pid, command line or role, in any case
    "two words"     text with blanks (or with one of the signs below)
    123             a pid that begins so, or the text
    pid:123         this pid; also ppid:123
    role:worker     a role; also status:sleeping, status:live, status:ended, name:text
    cpu>50          cpu, mem, threads, fds, pid, ppid or exit, with > >= < <= = ; mem>100M
    -term           not what the term says
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import NamedTuple

from ..vocabulary.events import Role
from .process_row import ProcessRow

Test = Callable[[ProcessRow], bool]


class FilterError(ValueError):
    """A term that cannot be understood, as one sentence for a person."""


class ProcessFilter:
    """Which rows pass. Raises FilterError when `text` holds a term that makes no sense."""

    def __init__(self, text: str = "") -> None:
        self.text = " ".join(text.split())
        self._tests: list[Test] = []
        fields: set[str] = set()
        for word in _WORD.findall(text):
            term = _parse(word)
            if term is not None:
                self._tests.append(term.test)
                fields |= term.fields
        self.fields = frozenset(fields)  # attributes of ProcessRow that the answer depends on

    def __bool__(self) -> bool:
        """Whether there is anything to pass."""
        return bool(self._tests)

    def matches(self, row: ProcessRow) -> bool:
        """Whether `row` passes every term."""
        return all(test(row) for test in self._tests)


class _Term(NamedTuple):
    test: Test
    fields: frozenset[str]


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


def _parse(word: str) -> _Term | None:
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
    return _Term(lambda row: not test(row), term.fields)


def _comparison(body: str) -> _Term | None:
    found = _COMPARISON.fullmatch(body)
    if found is None:
        return None
    key, sign, operand = found[1].lower().rstrip("%"), found[2], found[3]
    attribute = _QUANTITIES.get(key)
    if attribute is None:
        raise FilterError(
            f"'{key}' cannot be compared; cpu, mem, threads, fds, pid, ppid and exit can."
        )
    limit = _amount(key, sign, operand, is_size=attribute == "rss_bytes")
    compare = _SIGNS[sign]

    def test(row: ProcessRow) -> bool:
        value = getattr(row, attribute)
        return value is not None and compare(value, limit)

    return _Term(test, frozenset((attribute,)))


def _amount(key: str, sign: str, operand: str, is_size: bool) -> float:
    example = "100M" if is_size else "50"
    if not operand:
        raise FilterError(f"'{key}{sign}' needs a number after it, as in {key}{sign}{example}.")
    if is_size:
        found = _SIZE.fullmatch(operand)
        if found is None:
            raise FilterError(f"'{operand}' is no size; write 500K, 100M or 2G.")
        power = " kmgt".index((found[2] or " ").lower())
        return float(found[1]) * float(1 << 10 * power)
    operand = operand.removesuffix("%") if key == "cpu" else operand
    if not _NUMBER.fullmatch(operand):
        raise FilterError(f"'{operand}' is no number; write it as in {key}{sign}{example}.")
    return float(operand)


def _keyed(body: str) -> _Term | None:
    key, colon, value = body.partition(":")
    key = key.lower()
    if not colon or key not in ("pid", "ppid", "role", "status", "name"):
        return None
    if not value:
        raise FilterError(f"'{key}:' needs something after it, as in {_EXAMPLES[key]}.")
    folded = value.strip('"').casefold()
    if key in ("pid", "ppid"):
        if not value.isdecimal():
            raise FilterError(f"'{value}' is no process id; write it as in {_EXAMPLES[key]}.")
        number = int(value)
        if key == "pid":
            return _Term(lambda row: row.pid == number, frozenset(("pid",)))
        return _Term(lambda row: row.ppid == number, frozenset(("ppid",)))
    if key == "role":
        return _role(value, folded)
    if key == "name":
        return _Term(lambda row: folded in row.label.casefold(), frozenset(("name", "title")))
    if folded == "live":
        return _Term(lambda row: row.is_live, _STATUS_FIELDS)
    if folded == "ended":
        return _Term(lambda row: not row.is_live, _STATUS_FIELDS)
    return _Term(
        lambda row: row.status.startswith(folded) or row.sampled_status.startswith(folded),
        _STATUS_FIELDS,
    )


_EXAMPLES = {
    "pid": "pid:1234",
    "ppid": "ppid:1234",
    "role": "role:worker",
    "status": "status:sleeping",
    "name": "name:reader",
}


def _role(value: str, folded: str) -> _Term:
    wanted = folded.replace("-", " ").replace("_", " ")
    roles = frozenset(role for role in Role if role.value == wanted) or frozenset(
        role for role in Role if role.value.startswith(wanted)
    )
    if not roles:
        known = ", ".join(role.value.replace(" ", "-") for role in Role)
        raise FilterError(f"There is no role '{value}'; the roles are {known}.")
    return _Term(lambda row: row.role in roles, frozenset(("role",)))


def _text(text: str) -> _Term:
    folded = text.casefold()
    is_number = text.isdecimal()

    def test(row: ProcessRow) -> bool:
        if folded in row.label.casefold() or folded in row.name.casefold():
            return True
        pid = str(row.pid)
        if pid.startswith(folded) if is_number else folded in pid:
            return True
        return folded in row.role.value or folded in " ".join(row.cmdline).casefold()

    return _Term(test, _TEXT_FIELDS)
