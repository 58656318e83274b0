"""What objects are, by their numbers: as the session tells now, or else as its file does."""

from __future__ import annotations

from spawnscope.core.store.object_row import ObjectRow
from spawnscope.core.store.objects import ObjectTable
from spawnscope.core.translation import tr

from .source import TimelineSource


class ObjectLabels:
    """Types and names of objects."""

    def __init__(self, objects: ObjectTable, source: TimelineSource) -> None:
        self._objects = objects
        self._source = source

    def type_of(self, number: int) -> str:
        """The type of an object, "" if it is unknown."""
        row = self._row(number)
        return "" if row is None else row.type

    def name_of(self, number: int) -> str:
        """What an object is called in a sentence."""
        row = self._row(number)
        return tr("object {number}", number=number) if row is None else row.phrase

    def _row(self, number: int) -> ObjectRow | None:
        row = self._objects.get(number)
        timeline = self._source.timeline
        return timeline.objects.get(number) if row is None and timeline is not None else row
