"""How serious a line says it is: the level that a log library put into it.

A level counts where a log line carries it: in capitals, as a whole word, and at its beginning, in
brackets, or between separators. "No ERROR was found" is prose.
"""

from __future__ import annotations

import enum
import re
from typing import NamedTuple


class Level(enum.IntEnum):
    """The levels, in order of weight; NONE for a line that names none."""

    NONE = 0
    DEBUG = 1
    INFO = 2
    WARNING = 3
    ERROR = 4
    CRITICAL = 5


class Recognized(NamedTuple):
    """A level and where its word stands in the text."""

    level: Level
    start: int
    end: int


NOTHING = Recognized(Level.NONE, 0, 0)
_LOOKED_AT = 240  # characters from the beginning; a level stands no further in

_WORDS = {
    "TRACE": Level.DEBUG,
    "DEBUG": Level.DEBUG,
    "INFO": Level.INFO,
    "NOTICE": Level.INFO,
    "SUCCESS": Level.INFO,
    "WARN": Level.WARNING,
    "WARNING": Level.WARNING,
    "ERROR": Level.ERROR,
    "SEVERE": Level.ERROR,
    "CRITICAL": Level.CRITICAL,
    "FATAL": Level.CRITICAL,
    "PANIC": Level.CRITICAL,
}
_WORD = re.compile(
    rf"(?<![\w.-])(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})(?![\w-]|\.\w)"
)
_LETTERS = re.compile(r"[^\W\d_]+")
_NAMES = re.compile(r"[^\W\d]\S*")
_OF_A_STAMP = frozenset(
    [
        *("T", "Z", "UTC", "GMT", "CET", "CEST", "AM", "PM"),
        *("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),  # untranslated: programs write it
        *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),  # untranslated: programs write it
        *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),  # untranslated: programs write it
    ]
)
_OPENED = re.compile(r"(?:[\[(<{|]|(?:^|\s)[-\u2013\u2014:|]|: ?|\]|\|)\s*$")
_CLOSED = re.compile(r"\s*(?:[\])>}|:/]|[-\u2013\u2014](?:\s|$)|$)")
_EXCEPTION = re.compile(r"(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|ExceptionGroup)(?=:|$)")
_PYTHON_WARNING = re.compile(r"^\S.*?:\d+: ([A-Z]\w*Warning)(?=:)")
_TRACEBACK = re.compile(r"[\s+|]*((?:Exception Group )?Traceback)(?= \(most recent call last\))")
_GLOG = re.compile(r"([DIWEF])(?=\d{4} \d\d:\d\d:\d\d)")
_GLOG_LEVELS = {
    "D": Level.DEBUG,
    "I": Level.INFO,
    "W": Level.WARNING,
    "E": Level.ERROR,
    "F": Level.CRITICAL,
}


def recognize(text: str) -> Recognized:
    """The level of a line of visible text; NOTHING where it carries none."""
    head = text[:_LOOKED_AT]
    for found in _WORD.finditer(head):
        before, after = head[: found.start()], head[found.end() :]
        if _is_where_levels_stand(before, after):
            return Recognized(_WORDS[found.group()], found.start(), found.end())
    if "Traceback" in head and (found_trace := _TRACEBACK.match(head)):
        return Recognized(Level.ERROR, *found_trace.span(1))
    if found_exception := _EXCEPTION.match(head):
        return Recognized(Level.ERROR, *found_exception.span())
    if "Warning:" in head and (found_warning := _PYTHON_WARNING.match(head)):
        return Recognized(Level.WARNING, *found_warning.span(1))
    if found_glog := _GLOG.match(head):
        return Recognized(_GLOG_LEVELS[found_glog[1]], *found_glog.span(1))
    return NOTHING


def _is_where_levels_stand(before: str, after: str) -> bool:
    if all(letters in _OF_A_STAMP for letters in _LETTERS.findall(before)):
        return True  # at the beginning, or after a time
    if _OPENED.search(before) and _CLOSED.match(after):
        return True
    names = [name for name in _NAMES.findall(before) if name not in _OF_A_STAMP]
    if len(names) != 1:
        return False
    return after.startswith(":") or before[:1].isdigit()  # "time logger ERROR text"
