"""The waits that the ends of processes cut off: nobody counted them, and no row tells of them.

process.exited, what is new --waits_in--> OpenWait, by process
"""

from __future__ import annotations

from ..vocabulary.events import ProcessExited
from .open_waits import OpenWait, waits_in
from .row_types import Number, numbered
from .session_file import SessionFile

# What it was in is looked for in a text that we wrote: most processes end in nothing.
_ENDS = (
    "SELECT process, change, CASE WHEN instr(exited, '\"doing\":[{') THEN exited END "
    "FROM process WHERE change > ? ORDER BY change"
)


class CutWaits:
    """What has been read of them, which is kept. `began_ns`: when the session began."""

    def __init__(self, file: SessionFile, began_ns: int) -> None:
        self._file = file
        self._began_ns = began_ns
        self._change = 0
        self._waits: dict[int, list[OpenWait]] = {}  # by process

    def read(self) -> list[OpenWait]:
        """All there are by now. Raises SessionError."""
        rows = self._file.rows(tuple[Number, Number, str | None], _ENDS, (self._change,))
        began_ns = self._began_ns
        with self._file.checking():
            for process, change, text in rows:
                self._change = change
                if text is not None:
                    exited = numbered((process, text), ProcessExited, "process")
                    # No wait is older than the session, whatever a file from elsewhere says.
                    self._waits[process] = [
                        one._replace(since_ns=max(one.since_ns, began_ns))
                        for one in waits_in(process, exited.doing, exited.time_ns)
                        if began_ns < one.until_ns
                    ]
        return [one for waits in self._waits.values() for one in waits]
