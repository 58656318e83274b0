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


def on_object(
    operation: str, name: str, otherwise: str = "", text: str = "", number: int = 0
) -> str:
    """An operation on an object that is called so. `otherwise`: the word that stands between the
    two of an operation that has none of its own; `text`: a function; `number`: of a task."""
    word = operation_kind(operation).word or otherwise
    if operation == "task" and number:
        operation = tr("task {number}", number=task_label(number))
    if word in _ON:
        said = tr(_ON[word], operation=operation, object=name)
    else:
        said = f"{operation} {word} {name}" if word else f"{operation} {name}"
    return f"{said} ({text})" if text else said


def task_label(number: int) -> str:
    """What a person calls the task of this number (see `Doing`): the how many-th of its map, "4";
    of a later submit of its pool with that, "2.4"; where each submit is one task, which one."""
    submit, place = number >> 32, number & 0xFFFF_FFFF
    if not submit:
        return format(place, ",")
    return f"{submit + 1:,}" if place <= 1 else f"{submit + 1:,}.{place:,}"
