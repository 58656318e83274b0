"""An array that grows at its end."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

_LEAST = 16


class Growing:
    """One column. It keeps an eighth to spare, so that to grow costs little and wastes little."""

    __slots__ = ("_room", "size")

    def __init__(self, dtype: npt.DTypeLike, size: int = 0) -> None:
        """`size` zeros of this type."""
        self._room: Array = np.zeros(size, dtype)
        self.size = size

    @property
    def values(self) -> Array:
        """What it holds: a view, good until it grows."""
        return self._room[: self.size]

    @property
    def nbytes(self) -> int:
        """The memory it takes, the spare part included."""
        return int(self._room.nbytes)

    def append(self, values: Array) -> None:
        """Put these behind the last one."""
        size = self.size + len(values)
        if size > len(self._room):
            room = np.empty(max(_LEAST, size + size // 8), self._room.dtype)
            room[: self.size] = self.values
            self._room = room
        self._room[self.size : size] = values
        self.size = size

    def cut(self, size: int) -> None:
        """Keep the first `size` only."""
        self.size = min(self.size, size)

    def trim(self) -> None:
        """Give back what is to spare."""
        if len(self._room) > self.size:
            self._room = self.values.copy()
