"""Sizes, rates, counts and places as a person reads them."""

from __future__ import annotations

from spawnscope.core.translation import tr, trn
from spawnscope.core.vocabulary.events import OperationCount

from .span import duration_text, span_text

IDLE = 0.05
"""Operations a second below which nothing happens."""


def memory_text(size: int | None) -> str:
    """A size in bytes in at most three digits and a unit: "512 K", "38.2 M", "1.25 G"."""
    if size is None:
        return ""
    if size < 1024:
        return f"{size} B"
    amount = float(size)
    for unit in "KMGTP":
        amount /= 1024
        if amount < 999.5 or unit == "P":
            break
    digits = 0 if amount >= 99.95 or unit == "K" else 1 if amount >= 9.995 else 2
    return f"{amount:.{digits}f} {unit}"


def tenths(amount: float) -> str:
    """Two digits at least: "0.5", "9.9", "38", "1,204"."""
    return f"{amount:,.0f}" if amount >= 9.95 else f"{amount:.1f}"


def percent_text(share: float) -> str:
    """A share of 0 to 1: "0 %", "0.4 %", "38 %"."""
    return f"{tenths(share * 100)} %" if share else "0 %"


def rate_text(rate: float | None) -> str:
    """Operations a second: "0", "0.5", "38", "1,204"; "" where there never was one."""
    if rate is None:
        return ""
    return tenths(rate) if rate >= IDLE else "0"


def wait_text(span_ns: int) -> str:
    """A waiting time; "" for none."""
    return duration_text(span_ns) if span_ns >= 999_500_000 else span_text(span_ns) * (span_ns > 0)


def site_text(site: str) -> str:
    """A place without its folders: "shop.py:12"."""
    return site.rpartition("/")[2]


def places_text(site: str, via: str) -> str:
    """A place, and below it the line of a library by which it called, if there is one."""
    return tr("{place}\nby {library}", place=site, library=via) if via else site


def totals_text(count: OperationCount) -> str:
    """Everything about one operation but its name: "12, 3.2 K, 4 waited, 1.2 s in all"."""
    parts = [f"{count.count:,}"]
    if count.bytes:
        parts.append(memory_text(count.bytes))
    if count.waits:
        parts.append(
            trn(
                "{count} waited, {time} in all",
                "{count} waited, {time} in all",
                count.waits,
                time=span_text(count.waited_ns),
            )
        )
    return ", ".join(parts + failures(count))


def failures(count: OperationCount) -> list[str]:
    """How many calls had no success, by what became of them: "2 in vain", "1 failed"."""
    found = []
    if count.timeouts:
        found.append(trn("{count} in vain", "{count} in vain", count.timeouts))
    if count.errors:
        found.append(trn("{count} failed", "{count} failed", count.errors))
    return found
