"""The call of a function worker as it travels: pickled here, unpickled in the worker only."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from typing import Any

from ..translation import tr
from .pickle_check import PROTOCOL, pickle_fault


class CallError(Exception):
    """A call that cannot travel: one sentence with the path to the part at fault."""


def pickle_call(arguments: Sequence[Any], keywords: Mapping[str, Any]) -> bytes:
    """The pair (tuple of arguments, dict of keywords) as a pickle. Raises CallError."""
    positional, named = tuple(arguments), dict(keywords)
    try:
        return pickle.dumps((positional, named), PROTOCOL)
    except Exception as error:  # the classes of the values may raise anything
        sentence = pickle_fault(positional, "arguments") or pickle_fault(named, "keywords")
        raise CallError(
            sentence or tr("The call cannot be pickled: {error}.", error=error)
        ) from error
