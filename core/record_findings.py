"""What is wrong with TARGET, found by `record` while it runs.

    events --kept for the first moments--> SessionStore --> Finder --> Note --> session
                                                              '------> ReadAll --> AllRead

A program that is over at once pays nothing: until it has run for a while, events are only kept.
What only the end shows is found by the summary, in the session.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from .telling import tell, tell_fault
from .translation import tr
from .vocabulary.events import AllRead, SessionOpened
from .vocabulary.findings import Finding

if TYPE_CHECKING:
    from .analysis.findings.looking import Looking
    from .client.client import Client
    from .store.session_store import SessionStore
    from .vocabulary.events import Event

_BEGIN_SECONDS = 0.7
_MOST_KEPT = 20_000  # events, before it begins whatever the time


class RecordFindings:
    """See the module. `store`: what is known, once it has begun. Called by the thread of `record`.
    A session that cannot be read, a fault of ours, or a supervisor that has just left ends the
    search, and never the run."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._begin = time.monotonic() + _BEGIN_SECONDS
        self._kept: list[Event] = []
        self.store: SessionStore | None = None
        self._looking: Looking | None = None
        self._over = False

    def take(self, events: list[Event]) -> None:
        """These came from the supervisor."""
        if self._over:
            return
        if self.store is None:
            self._kept += events
            if len(self._kept) >= _MOST_KEPT:
                self._start()
        else:
            self._apply(events)

    @property
    def due_in(self) -> float | None:
        """Seconds until `look` is to be called; None: not before more events came."""
        if self._over:
            return None
        if self._looking is None:
            return max(0.0, self._begin - time.monotonic())
        return self._looking.due_in

    def look(self) -> None:
        """It is time to look, if it is."""
        if self._looking is None:
            if not self._over and time.monotonic() >= self._begin:
                self._start()
        elif (due := self._looking.due_in) is not None and due <= 0:
            self._guarded(self._looking.look)

    def look_now(self) -> None:
        """Look whether it is time or not, and have what is found confirmed."""
        if self._looking is None and not self._over:
            self._start()
        if self._looking is not None:
            self._guarded(self._looking.look_for_the_last_time)

    def close(self) -> None:
        """Let go of the session's file."""
        self._over = True
        if self.store is not None:
            self.store.close()

    def _start(self) -> None:
        from .analysis.findings.finder import Finder
        from .analysis.findings.looking import Looking
        from .store.session_store import SessionStore

        store = self.store = SessionStore()

        def told(finding: Finding, english: Finding) -> None:
            store.apply([finding])
            self._client.note(english)

        self._looking = Looking(Finder(store, told, self._client.read_all, tell_fault))
        store.subscribe(self._looking.note)
        kept, self._kept = self._kept, []
        self._apply(kept)

    def _apply(self, events: list[Event]) -> None:
        store, looking = self.store, self._looking
        if store is None or looking is None:
            return
        store.apply(events)
        for event in events:
            if isinstance(event, SessionOpened):
                store.open(event.path)
            elif isinstance(event, AllRead):
                self._guarded(partial(looking.looked, event.time_ns))

    def _guarded(self, look: Callable[[], None]) -> None:
        from .client.command_socket import ClientError
        from .session.session_error import SessionError

        try:
            look()
        except ClientError:  # it has left, and the run is over: see `findings_of`
            self._over = True
        except SessionError as error:
            self._over = True
            tell(tr("Nothing more is found out about the run: {error}", error=error))
