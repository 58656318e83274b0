"""Kinds of operations: which call, on which object, of which function, as one small number.

Most programs call a few dozen things, millions of times, so a kind takes two bytes an operation.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...session.bulk_reader import NUMBER_BITS, NUMBER_MASK
from .growing import Array, Growing

_MOST = 60_000  # kinds of their own; above lie those without an object


class Kinds:
    """The kinds met so far. `families`: how many families of objects are told apart;
    `family_of(object)` says which one an object belongs to (0: also that of no object)."""

    def __init__(self, families: int, family_of: Callable[[int], int]) -> None:
        self.families = families
        self._family_of = family_of
        self._codes: dict[tuple[int, int, int], int] = {}
        self._family = Growing(np.uint8)
        self._object = Growing(np.int64)
        self._operation = Growing(np.int64)
        self._text = Growing(np.int64)

    def __len__(self) -> int:
        return self._family.size

    def codes(self, objects: Array, operations: Array, texts: Array) -> Array:
        """The kind (uint16) of each operation, from the numbers of its object and its texts."""
        keys = objects << 2 * NUMBER_BITS | operations << NUMBER_BITS | texts
        unique, places = np.unique(keys, return_inverse=True)
        found = [self._code(int(key)) for key in unique]
        return np.array(found, np.uint16)[places]

    @property
    def family(self) -> Array:
        """By kind: the family (uint8)."""
        return self._family.values

    @property
    def object(self) -> Array:
        """By kind: the object's number (int64), 0 for none."""
        return self._object.values

    def texts(self, kind: int) -> tuple[int, int]:
        """The numbers of the texts for the operation and for the function."""
        return int(self._operation.values[kind]), int(self._text.values[kind])

    def _code(self, key: int) -> int:
        number = key >> 2 * NUMBER_BITS
        operation = key >> NUMBER_BITS & NUMBER_MASK
        text = key & NUMBER_MASK
        code = self._codes.get((number, operation, text))
        if code is not None:
            return code
        family = self._family_of(number)
        if len(self) >= _MOST:
            # A program that makes a new lock for each item: those share a kind by family.
            number, text = -1 - family, 0
            code = self._codes.get((number, operation, 0))
            if code is not None or len(self) > 0xFFFF:
                return len(self) - 1 if code is None else code
        code = self._codes[number, operation, text] = len(self)
        self._family.append(np.array([family], np.uint8))
        self._object.append(np.array([max(0, number)], np.int64))
        self._operation.append(np.array([operation], np.int64))
        self._text.append(np.array([text], np.int64))
        return code
