"""A place in the source, as sentences name it."""

from __future__ import annotations


def file_and_line(site: str) -> str:
    """A place without its folders: "shop.py:12"; "" for none."""
    return site.rpartition("/")[2]
