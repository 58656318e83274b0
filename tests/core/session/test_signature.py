"""Signatures: never a false no, rarely a false yes."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from spawnscope.core.session.signature import MIN_NEEDLE, Probe, signature

WORDS = [b"error", b"warning", b"stored", b"item", b"Worker", b"42", b"1887", b"\xc3\xa9"]


def body_of(seed: int) -> bytes:
    chance = random.Random(seed)
    return b"\n".join(
        b" ".join(chance.choice(WORDS) for _ in range(8)) + b" %012x" % chance.getrandbits(48)
        for _ in range(800)
    )


@given(st.integers(0, 3), st.integers(0, 40_000), st.integers(MIN_NEEDLE, 40), st.booleans())
def test_a_block_always_passes_for_what_it_holds(
    seed: int, start: int, length: int, upper: bool
) -> None:
    body = body_of(seed)
    needle = body[start : start + length].lower()
    bits = signature(body.upper() if upper else body)
    assert bits is not None
    assert Probe((needle,)).passes(bits)


@given(st.binary(max_size=MIN_NEEDLE - 1))
def test_short_needles_let_every_block_pass(needle: bytes) -> None:
    assert not Probe((needle,)).selective
    assert Probe((needle,)).passes(bytes(8192))


def test_foreign_blocks_rarely_pass() -> None:
    chance = random.Random(5)
    blocks = [signature(body_of(seed)) for seed in range(4)]
    probes = [Probe((b"%018x" % chance.getrandbits(72),)) for _ in range(200)]
    passed = sum(probe.passes(bits) for probe in probes for bits in blocks if bits)
    assert passed < 0.05 * len(blocks) * len(probes)


def test_all_needles_must_be_there() -> None:
    bits = signature(body_of(1))
    assert bits is not None
    assert Probe((b"worker error",)).passes(bits)
    assert not Probe((b"worker error", b"quagmire-9000")).passes(bits)


def test_bodies_that_are_too_small_or_too_large_have_none() -> None:
    assert signature(b"x" * 1000) is None
    assert signature(b"x" * 1_000_000) is None
    assert signature(b"x" * 65_537) is not None
