"""The words of the filter box over the process tree, and which rows they let through.

A filter is terms between blanks, and a row must pass all of them:

    jobs            text in the name, pid, command line or role, in any case
    "two words"     text with blanks (or with one of the signs below)
    123             a pid that begins so, or the text
    pid:123         this pid; also ppid:123
    role:worker     a role; also status:sleeping, status:live, status:ended, name:text
    cpu>50          cpu, mem, threads, fds, pid, ppid or exit, with > >= < <= = ; mem>100M.
                    The first four only of what lives
    -term           not what the term says
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..store.process_row import ProcessRow

if TYPE_CHECKING:
    from .process_filter_terms import Quantity


class ProcessFilter:
    """Which rows pass. Raises ValueError (see `process_filter_terms.FilterError`), with a sentence,
    when `text` holds a term that makes no sense."""

    def __init__(self, text: str = "", more: Mapping[str, Quantity] = MappingProxyType({})) -> None:
        """`more`: what can be compared beside what always can, by name."""
        self.text = " ".join(text.split())
        if self.text:
            from .process_filter_terms import parse

            terms = parse(text, more)
        else:
            terms = []
        self._tests: list[Callable[[ProcessRow], bool]] = [term.test for term in terms]
        # Attributes of ProcessRow that the answer depends on.
        self.fields = frozenset[str]().union(*(term.fields for term in terms))

    @property
    def tests(self) -> list[Callable[[ProcessRow], bool]]:
        """Each of its conditions."""
        return list(self._tests)

    def __bool__(self) -> bool:
        """Whether there is anything to pass."""
        return bool(self._tests)

    def matches(self, row: ProcessRow) -> bool:
        """Whether `row` passes every term."""
        return all(test(row) for test in self._tests)
