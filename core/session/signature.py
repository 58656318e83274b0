"""Which blocks can't hold a text, known without reading them.

    body --ASCII lower case--> pieces of 4 bytes at offsets 0, 4, 8 ... --hash--> 65,536 bits

A text of at least 7 bytes, wherever it begins, covers a whole piece; all the pieces that it covers
must be in the signature of a block that holds it. About one bit in 13 is set for a log's usual
64 KiB, so a text of 11 bytes passes one foreign block in forty. A signature is an eighth of its
block, and made with the means of the standard library at about 10 ns a byte.
"""

from __future__ import annotations

import sys

from .visible_text import visible

MIN_NEEDLE = 7
_PIECE = 4
_BITS = 1 << 16
_MIN_BODY = 16 * 1024  # smaller: read the body itself
_MAX_BODY = 128 * 1024  # larger: most bits would be set
_ZEROS = b"0" * _BITS
_HALF = 0 if sys.byteorder == "little" else 1


def signature(body: bytes) -> bytes | None:
    """The 8,192 bytes for a block's body; None where they would not pay."""
    body = visible(body)
    if not _MIN_BODY <= len(body) <= _MAX_BODY:
        return None
    whole = len(body) // _PIECE * _PIECE
    # The hash of all pieces in one go: the low half of each 32-bit lane, with its high half
    # folded in. Neighbours are shifted in above the low half only, so lanes don't mix.
    lanes = int.from_bytes(body[:whole].lower(), "little")
    mixed = (lanes ^ (lanes >> 13)).to_bytes(whole, sys.byteorder)
    hashes = memoryview(mixed).cast("H")[_HALF::2]
    flags = bytearray(_ZEROS)
    for value in hashes:
        flags[value] = 49  # "1"; the order of the pieces doesn't matter
    return int(flags, 2).to_bytes(_BITS // 8, "big")


class Probe:
    """Asks signatures for one needle. Without a needle of some length it lets every block pass."""

    def __init__(self, needles: tuple[bytes, ...]) -> None:
        """All `needles`, in lower case, must be in a block for it to pass."""
        self._alternatives = [
            [_bits_from(needle, offset) for offset in range(_PIECE)]
            for needle in needles
            if len(needle) >= MIN_NEEDLE
        ]

    @property
    def selective(self) -> bool:
        """It can tell blocks apart at all."""
        return bool(self._alternatives)

    def passes(self, bits: bytes) -> bool:
        """The block with this signature may hold the needles."""
        for alternatives in self._alternatives:
            for places in alternatives:
                for place, mask in places:
                    if not bits[place] & mask:
                        break
                else:
                    break
            else:
                return False
        return True


def _bits_from(needle: bytes, offset: int) -> list[tuple[int, int]]:
    """(byte, mask) of the pieces of the needle, if its byte `offset` begins a piece."""
    places = []
    for start in range(offset, len(needle) - _PIECE + 1, _PIECE):
        piece = int.from_bytes(needle[start : start + _PIECE], "little")
        value = (piece ^ (piece >> 13)) & (_BITS - 1)
        places.append((value >> 3, 0x80 >> (value & 7)))
    return places
