"""The regular expression behind a filter or a search, for marking what it found on screen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spawnscope.core.session.message_query import MessageFilter


def compiled(message_filter: MessageFilter | None) -> re.Pattern[str] | None:
    """What the filter looks for in the text; None when it takes any text. Raises ValueError with
    a sentence for a bad regex."""
    if message_filter is None or not message_filter.text:
        return None
    source = message_filter.text if message_filter.regex else re.escape(message_filter.text)
    try:
        return re.compile(source, 0 if message_filter.case else re.IGNORECASE)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"This is not a regular expression: {error}.") from error
