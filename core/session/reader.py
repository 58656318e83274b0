"""Reading a session, live or past: one file, and a part for each thing that is in it.

    SessionReader --.messages    pages of lines, whole blocks; for `message_query`
         |          .processes   who ran, how it ended, the workers
         |          .samples     CPU and memory of each
         |          .objects     what they shared, its state and its totals, as they are now
         |          .operations  what was done to it, call by call
         |          .waits       who waited at a moment
         |          .history     what objects and totals were like at a moment
         '          .bulk        very many rows at a time, for pictures of it all
    SessionFile, whose rows all of them read

Every call is a statement or two of its own: no read transaction stays open, so the supervisor's
WAL can always be folded into the file, and a live session shows what the last flush brought.
"""

from __future__ import annotations

import os
import sys

import msgspec

from ..translation import tr
from ..vocabulary.findings import Finding
from ..vocabulary.kept_task import KeptTask
from .bulk_reader import BulkReader
from .cut_waits import CutWaits
from .history_reader import HistoryReader
from .message_reader import MessageReader
from .object_reader import ObjectReader
from .opening import open_session
from .operation_reader import OperationReader
from .process_reader import ProcessReader
from .row_types import Number
from .sample_reader import SampleReader
from .session_error import SessionError
from .texts import SessionTexts
from .wait_reader import WaitReader

_ENDED = "SELECT value FROM meta WHERE key = 'ended_ns'"
_SPAN = """
SELECT max(time_ns) FROM (
    SELECT CAST(value AS INTEGER) AS time_ns FROM meta WHERE key IN ('began_ns', 'ended_ns')
    UNION ALL SELECT * FROM (SELECT time_ns FROM sample ORDER BY id DESC LIMIT 1)
    UNION ALL SELECT * FROM (SELECT end_ns FROM message_block ORDER BY first_id DESC LIMIT 1)
    UNION ALL SELECT json_extract(exited, '$.time_ns') FROM process
    {}
)
"""
_SPAN_OF_2 = """
    UNION ALL SELECT * FROM (SELECT end_ns FROM operation ORDER BY id DESC LIMIT 1)
    UNION ALL SELECT json_extract(state, '$.time_ns') FROM object_state
"""


class SessionReader:
    """Reads one session file. For any thread, but only one at a time; any number of questions may
    be asked by turns, none disturbs another.

    `about`: what the session says of itself; `began_ns`: when it began, Unix time. All methods,
    also those of the parts, raise SessionError where the file turns out to be damaged.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Open the file, without changing it. Raises SessionError."""
        self.path = os.fspath(path)
        self._file = file = open_session(self.path)
        self._open = True
        try:
            meta = dict(file.rows(tuple[str, str], "SELECT key, value FROM meta"))
            if meta.get("byte_order") != sys.byteorder:
                raise SessionError(
                    tr(
                        "The session {path} was made on a machine with another byte order.",
                        path=self.path,
                    )
                )
            with file.checking():
                self.began_ns = msgspec.convert(int(meta.get("began_ns", 0)), Number)
        except BaseException:
            self.close()
            raise
        prefix = "about."
        self.about: dict[str, str] = {
            key.removeprefix(prefix): value for key, value in meta.items() if key.startswith(prefix)
        }
        self.texts = texts = SessionTexts(file)
        cut = CutWaits(file, self.began_ns)
        self.messages = MessageReader(file)
        self.processes = ProcessReader(file)
        self.samples = SampleReader(file)
        self.objects = ObjectReader(file, texts, cut)
        self.operations = OperationReader(file, texts, cut)
        self.waits = WaitReader(self.operations, cut)
        self.history = HistoryReader(file, texts, self.objects, self.waits)
        self.bulk = BulkReader(file)

    @property
    def ended_cleanly(self) -> bool:
        """The supervisor closed the session in order. False while it is live and after a crash."""
        return bool(self._file.rows(tuple[str], _ENDED))

    def span(self) -> tuple[int, int]:
        """From when to when anything is known, Unix time in ns; the end of a live session moves."""
        statement = _SPAN.format(_SPAN_OF_2 if self._file.version >= 2 else "")
        rows = self._file.rows(tuple[Number | None], statement)
        return self.began_ns, max(self.began_ns, rows[0][0] or 0)

    def findings(self) -> list[Finding]:
        """What was found to be wrong, as it was last told, in order of their number."""
        statement = "SELECT finding, told FROM finding ORDER BY finding"
        return self._file.events(Finding, "finding", statement, since=4)

    def kept_tasks(self) -> list[KeptTask]:
        """The tasks that failed, where these were to be kept."""
        statement = "SELECT task, told FROM kept_task ORDER BY task"
        return self._file.events(KeptTask, "task", statement, since=5)

    def pickled_task(self, task: int) -> bytes | None:
        """The pickle of one of these, as its program made it: whoever unpickles it runs what it
        says. None where there is none."""
        statement = "SELECT pickled FROM kept_task WHERE task = ?"
        rows = self._file.rows(tuple[bytes | None], statement, (task,), since=5)
        return rows[0][0] if rows else None

    def data_version(self) -> int:
        """Another number than before whenever somebody has written into the file."""
        return int(self._file.rows(tuple[Number], "PRAGMA data_version")[0][0])

    def missing(self, what: str) -> SessionError:
        """The fault of a file in which something is not there that must be."""
        return self._file.missing(what)

    def close(self) -> None:
        """Close the file; harmless when closed already."""
        if self._open:
            self._open = False
            self._file.close()
