"""What a thread is in: "get from jobs", "acquire Lock results"."""

from __future__ import annotations

from ..translation import mark, tr
from ..vocabulary.kinds import operation_kind

_ON = {
    "into": mark("{operation} into {object}"),
    "from": mark("{operation} from {object}"),
    "to": mark("{operation} to {object}"),
    "for": mark("{operation} for {object}"),
    "with": mark("{operation} with {object}"),
    "of": mark("{operation} of {object}"),
    "in": mark("{operation} in {object}"),
}


def on_object(operation: str, name: str, otherwise: str = "") -> str:
    """An operation on an object that is called so. `otherwise`: the word that stands between the
    two of an operation that has none of its own."""
    word = operation_kind(operation).word or otherwise
    if word in _ON:
        return tr(_ON[word], operation=operation, object=name)
    return f"{operation} {word} {name}" if word else f"{operation} {name}"
