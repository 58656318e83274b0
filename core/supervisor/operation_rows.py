"""Records of one recorder as rows of the session, without anything in between.

    raw record --its kind: seen before?--> object, process, operation, thread, outcome, site, text
               --monotonic time----------> Unix time                                 '--> row

Twenty thousand records a second pass here, so a record is touched once and becomes one tuple.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..observe.recorder_layout import KIND, LARGEST_NUMBER, LOW, RawRecord, RecorderError
from ..probe._spawnscope_probe.layout import OPERATIONS, OUTCOMES
from ..session.records import OperationHead, OperationRow
from ..translation import mark

_MOST_KINDS = 1 << 14  # a recorder may name any numbers; only so many are remembered
_UNKNOWN = "?"  # an operation or outcome that is none


class OperationRows:
    """Makes rows of the records of process number `process`. `objects`: the number in the session
    of each object that its recorder has defined; add to it. `text(number)`, `thread(number)`: a
    text, and a thread's name, "" if there is none; `text_id(text)`: what stands for it in the
    session; `catch_up()` reads what has been defined meanwhile."""

    def __init__(
        self,
        process: int,
        offset_ns: int,
        text: Callable[[int], str],
        thread: Callable[[int], str],
        text_id: Callable[[str], int],
        catch_up: Callable[[], None],
    ) -> None:
        self.objects: dict[int, int] = {}
        self._process = process
        self._offset_ns = offset_ns
        self._text = text
        self._thread = thread
        self._text_id = text_id
        self._catch_up = catch_up
        self._kinds: dict[bytes, OperationHead] = {}

    def of(self, records: Iterable[RawRecord]) -> list[OperationRow]:
        """A row for each record. Raises RecorderError for numbers that cannot be."""
        offset, kinds = self._offset_ns, self._kinds
        rows: list[OperationRow] = []
        for _, start, end, waited, kind, size, argument, length, raw in records:
            if start | end | waited | size >= LARGEST_NUMBER:
                raise RecorderError(mark("A record in it holds impossible numbers."))
            # The order of OPERATION_ROW; a test holds it.
            rows.append(
                (kinds.get(kind) or self._learn(kind))
                + (
                    start + offset,
                    end + offset,
                    waited,
                    size - 1 if size else None,
                    raw[:length].decode("utf-8", "ignore") if length else None,
                    argument,
                )
            )
        return rows

    def forget(self) -> None:
        """Threads have other names by now."""
        self._kinds.clear()

    def _learn(self, kind: bytes) -> OperationHead:
        what, how, place = KIND.unpack(kind)
        number, site, text, thread = what & LOW, place >> 32, place & LOW, how & LOW
        if (
            (number and number not in self.objects)
            or (thread and not self._thread(thread))
            or (site and not self._text(site))
            or (text and not self._text(text))
        ):
            self._catch_up()
        code, outcome = what >> 32, how >> 48
        name = OPERATIONS[code] if code < len(OPERATIONS) else _UNKNOWN
        end = OUTCOMES[outcome] if outcome < len(OUTCOMES) else _UNKNOWN
        same = OperationHead(
            object=self.objects.get(number, 0),
            process=self._process,
            operation=self._text_id(name),
            thread=self._text_id(self._thread(thread)),
            outcome=self._text_id(end),
            site=self._text_id(self._text(site)),
            text=self._text_id(self._text(text)),
        )
        if len(self._kinds) >= _MOST_KINDS:
            self._kinds.clear()
        self._kinds[kind] = same
        return same
