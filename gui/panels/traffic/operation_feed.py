"""Brings the operations on one object into a model, page by page, in slices of time.

    session file --look()------------> newer ones, at the bottom
                 --older_wanted()----> a page of older ones, at the top
                 --newer_wanted()----> a page of newer ones, after the user was far up

The model holds one stretch without gaps: of those that pass the filter, all between two ids. What
was looked through is remembered, so that a filter that hardly anything passes looks at each
operation once. When more comes than anybody could read, the stretch begins anew at the end.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Signal

from spawnscope.core.session.session_error import SessionError

from ...kit.sliced_work import SlicedWork
from .operation_model import Found, OperationModel
from .operation_source import EVERYTHING, OperationFilter, OperationSource

PAGE = 400  # rows that are fetched at once
MOST = 5000  # rows that are kept
_WIDE = 1 << 40  # ids looked through at once where each counts
_NARROW = 1 << 14  # ids looked through at first where few may pass
_LEAST = 1 << 10
_LEAP = 1 << 16  # new ids from which on it is quicker to begin anew


class OperationFeed(QObject):
    """Fills `model` from `source`.

    Emits changed() when rows came or how far it has looked differs, and problem_occurred(str) when
    the session cannot be read.
    """

    changed = Signal()
    problem_occurred = Signal(str)

    def __init__(
        self, source: OperationSource, model: OperationModel, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.source = source
        self._model = model
        self._number = 0
        self._bound: int | None = None  # the last id to show, at a moment of the past
        self._low = 1  # everything from here ...
        self._high = 0  # ... to here was looked through
        self._missing = 0  # rows of a page that are still wanted
        self._forward = False  # which way
        self._span = _WIDE
        self.at_end = True
        self.filter = EVERYTHING
        self._work = SlicedWork(self._step, self)

    @property
    def searching(self) -> bool:
        """Whether it looks for more just now."""
        return self._work.running

    @property
    def complete(self) -> bool:
        """Whether there is nothing older."""
        return self._low <= 1

    def show(self, number: int) -> None:
        """Show the operations on this object, the newest first; 0 for none."""
        self._number = number
        self.restart()

    def set_filter(self, wanted: OperationFilter) -> None:
        """Show only these."""
        if wanted != self.filter:
            self.filter = wanted
            self.restart()

    def set_bound(self, last_id: int | None) -> None:
        """Show nothing newer than this; None: everything."""
        if last_id != self._bound:
            self._bound = last_id
            self.restart()

    def restart(self) -> None:
        """Begin at the end."""
        self._work.stop()
        self._model.clear()
        self.at_end = True
        self._span = _NARROW if self.filter else _WIDE
        try:
            self._high = self._last() if self._number else 0
        except SessionError as error:
            self._fail(error)
        self._low = self._high + 1
        self._begin(forward=False)

    def look(self, *, following: bool) -> None:
        """Fetch what is new. Unless it is followed, what is in the model stays."""
        if not self._number or self._bound is not None:
            return
        try:
            last = self._last()
            if last <= self._high or not self.at_end:
                return
            if last - self._high > _LEAP and following:
                self.restart()
                return
            rows = self._read(self._high, last + 1, PAGE + 1, newest=True)
        except SessionError as error:
            self._fail(error)
            return
        if len(rows) > PAGE or len(rows) + self._model.rowCount() > MOST:
            if not following:
                self.at_end = False
                self.changed.emit()
                return
            if len(rows) > PAGE:
                self._work.stop()
                self._model.clear()
                self._low = rows[0][0]
        self._high = last
        if rows:
            self._model.append(rows)
            self._cut(oldest=True)
            self.changed.emit()

    def older_wanted(self) -> None:
        """The user nears the top."""
        if not self.complete and not self.searching:
            self._begin(forward=False)

    def newer_wanted(self) -> None:
        """The user nears the bottom, and it is not the end."""
        if not self.at_end and not self.searching:
            self._begin(forward=True)

    def pause(self, paused: bool) -> None:
        """Rest while nobody looks."""
        self._work.pause(paused)

    def stop(self) -> None:
        """Leave the rest unread."""
        self._work.stop()

    # -- in slices ----------------------------------------------------------------------------

    def _begin(self, *, forward: bool) -> None:
        self._forward = forward
        self._missing = PAGE
        if not self._number or (not forward and self.complete):
            self.changed.emit()
            return
        # The first slice at once: mostly it is all there is to do.
        if self._step(0.0):
            self._work.start()
        self.changed.emit()

    def _step(self, budget: float) -> bool:
        """Look for a part of the page; whether there is more to look for."""
        deadline = time.perf_counter() + budget
        try:
            while True:
                begin = time.perf_counter()
                more = self._forwards() if self._forward else self._backwards()
                now = time.perf_counter()
                if now - begin < 0.002:
                    self._span = min(self._span * 2, _WIDE)
                elif now - begin > 0.006:
                    self._span = max(self._span // 2, _LEAST)
                if not more or now >= deadline:
                    break
        except SessionError as error:
            self._fail(error)
            return False
        self.changed.emit()
        return more

    def _backwards(self) -> bool:
        after = max(0, self._low - 1 - self._span)
        rows = self._read(after, self._low, self._missing, newest=True)
        self._low = rows[0][0] if len(rows) == self._missing else after + 1
        self._missing -= len(rows)
        self._model.prepend(rows)
        self._cut(oldest=False)
        return self._missing > 0 and not self.complete

    def _forwards(self) -> bool:
        last = self._last()
        before = min(self._high + self._span, last) + 1
        rows = self._read(self._high, before, self._missing, newest=False)
        self._high = rows[-1][0] if len(rows) == self._missing else before - 1
        self._missing -= len(rows)
        self._model.append(rows)
        self.at_end = self._high >= last
        self._cut(oldest=True)
        return self._missing > 0 and not self.at_end

    def _cut(self, *, oldest: bool) -> None:
        """Keep the model within its bounds, at the end that nobody looks at."""
        excess = self._model.rowCount() - MOST
        if excess <= 0:
            return
        if oldest:
            self._model.cut_oldest(excess + PAGE // 2)
            self._low = self._model.first_id
        else:
            self._model.cut_newest(excess)
            self._high = self._model.last_id
            self.at_end = False

    def _read(self, after_id: int, before_id: int, limit: int, *, newest: bool) -> list[Found]:
        return self.source.operations(
            self._number, after_id, before_id, limit, self.filter, newest=newest
        )

    def _last(self) -> int:
        return self.source.last_id() if self._bound is None else self._bound

    def _fail(self, error: SessionError) -> None:
        self._work.stop()
        self.problem_occurred.emit(str(error))
