"""The text of a filter or a search: whether a line holds it, and where to mark it on screen.

What passes is decided on the bytes, as in the session (`core.session.text_search`); the pattern
is for marking the places in the text that is shown, which may lack escapes and show stand-ins.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spawnscope.core.session.message_query import MessageFilter
    from spawnscope.core.session.text_search import TextSearch


def search_of(message_filter: MessageFilter | None) -> TextSearch | None:
    """What tells lines that hold the filter's text; None when it takes any text. Raises
    ValueError with a sentence for a bad regular expression."""
    if message_filter is None:
        return None
    from spawnscope.core.session.text_search import text_search

    return text_search(message_filter.text, regex=message_filter.regex, case=message_filter.case)


def pattern_of(message_filter: MessageFilter | None) -> re.Pattern[str] | None:
    """What to mark in the text that is shown; None for nothing."""
    if message_filter is None or not message_filter.text:
        return None
    source = message_filter.text if message_filter.regex else re.escape(message_filter.text)
    try:
        return re.compile(source, re.NOFLAG if message_filter.case else re.IGNORECASE)
    except (re.error, OverflowError, RecursionError, MemoryError):
        return None
