"""Lengths of time as a person reads them, from nanoseconds."""

from __future__ import annotations


def duration_text(span_ns: int) -> str:
    """A duration as "0.42 s" or "12 s", "3:07" (minutes), "2:03:07" or "3 d 4 h"."""
    seconds = span_ns / 1e9
    if seconds < 10:
        return f"{seconds:.2f} s" if seconds < 1 else f"{seconds:.1f} s"
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    if hours == 0:
        return f"{minute}:{second:02}"
    if hours < 48:
        return f"{hours}:{minute:02}:{second:02}"
    days, hour = divmod(hours, 24)
    return f"{days} d {hour} h"


def span_text(span_ns: int) -> str:
    """The length of a call, to two or three digits: "850 ns", "12 µs", "3.4 ms", "1.25 s"."""
    if span_ns < 1000:
        return f"{max(0, span_ns)} ns"  # untranslated: a unit
    amount = span_ns / 1000
    for unit in ("µs", "ms"):
        if amount < 999.5:
            return f"{amount:.0f} {unit}" if amount >= 9.95 else f"{amount:.1f} {unit}"
        amount /= 1000
    if amount < 60:
        return f"{amount:.1f} s" if amount >= 9.995 else f"{amount:.2f} s"
    return duration_text(span_ns)
