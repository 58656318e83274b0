"""Which rows of the tree bear the mark of what is wrong: the processes that an error or a warning
is about, in its colour; those that only wait because of it, in grey."""

from __future__ import annotations

from spawnscope.core.analysis.findings.concerned import Concerned
from spawnscope.core.analysis.process_fold import Shown
from spawnscope.core.sentences.severity import severity_word
from spawnscope.core.store.findings import FindingTable
from spawnscope.core.store.process_row import ProcessRow
from spawnscope.core.translation import tr

from ...kit.finding_look import finding_look


class FaultMarks:
    """Takes what is wrong at the time that the tree shows."""

    def __init__(self) -> None:
        self._concerned = Concerned()

    def take(self, findings: FindingTable) -> set[int]:
        """This is wrong now; the processes whose mark differs by that."""
        before, now = self._concerned, Concerned(findings)
        self._concerned = now
        marked = {*before.processes, *before.waiting, *now.processes, *now.waiting}
        return {each for each in marked if _told(before, each) != _told(now, each)}

    def look(self, row: ProcessRow) -> tuple[str, str] | None:
        """(name of the icon, meaning of its colour) of the mark of a row; None without one."""
        finding = self._concerned.of_process(row.number)
        if finding is None:
            return None
        picture, ink = finding_look(finding)
        return picture, ink if row.number in self._concerned.processes else "muted"

    def of(self, row: Shown | None) -> int:
        """The finding that the mark of a row stands for; 0 without one."""
        found = None
        if isinstance(row, ProcessRow):
            found = self._concerned.of_process(row.number)
        return 0 if found is None else found.finding

    def tip(self, row: Shown) -> str:
        """What the mark says; "" where there is none."""
        return _told(self._concerned, row.number) if isinstance(row, ProcessRow) else ""


def _told(concerned: Concerned, process: int) -> str:
    finding = concerned.of_process(process)
    if finding is None:
        return ""
    word = severity_word(finding.severity)
    if process in concerned.processes:
        return f"{word}: {finding.title}"
    return tr("It waits because of this. {severity}: {title}", severity=word, title=finding.title)
