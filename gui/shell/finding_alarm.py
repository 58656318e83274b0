"""Says that something has gone wrong, above all panels, once for each error.

SessionStore --an error is new, or resolved--> the newest that nobody has seen --> Banner
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from spawnscope.core.store.change import StoreChange
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.translation import tr, trn
from spawnscope.core.vocabulary.findings import Cure, Finding, Severity

from ..kit.panel import Panel
from ..panels.processes.panel import ProcessesPanel
from .about import finding_pages, show_finding_page
from .banner import Banner


class FindingAlarm(QObject):
    """See the module. Errors of runs that the scope hides are told as well. Emits show_asked(int)
    when the user wants to see a finding."""

    show_asked = Signal(int)

    def __init__(self, store: SessionStore, banner: Banner, parent: QObject) -> None:
        super().__init__(parent)
        self._store = store
        self._banner = banner
        self._seen: set[int] = set()
        self._told = 0  # the finding that the banner tells; 0 for none
        banner.dismissed.connect(self._on_dismissed)
        store.subscribe(self._on_change)

    def note_seen(self, numbers: frozenset[int]) -> None:
        """The user has these findings before the eyes."""
        if not numbers <= self._seen:
            self._seen |= numbers
            self._tell()

    def _on_change(self, change: StoreChange) -> None:
        if change.findings:
            self._tell()

    def _tell(self) -> None:
        errors = [
            one
            for one in self._store.findings
            if one.severity is Severity.ERROR and one.resolved_ns is None
        ]
        unseen = [one for one in errors if one.finding not in self._seen]
        if not unseen:
            if self._told:
                self._told = 0
                self._banner.clear()
            return
        newest = unseen[-1]
        self._told = newest.finding
        self._banner.show_problem(self._sentence(newest, len(unseen) - 1), tr("Show"), self._show)

    @staticmethod
    def _sentence(finding: Finding, more: int) -> str:
        if not more:
            return finding.title
        return trn(
            "{title}, and {count} more error", "{title}, and {count} more errors",
            more, title=finding.title,
        )  # fmt: skip

    def _show(self) -> None:
        number = self._told
        self._on_dismissed()
        self._banner.clear()
        self.show_asked.emit(number)

    def _on_dismissed(self) -> None:
        """All that there is has been told by then."""
        self._told = 0
        self._seen.update(one.finding for one in self._store.findings)


def connect_cures(
    panel: Panel, processes: ProcessesPanel, alarm: FindingAlarm, rescue: Callable[[Cure], None]
) -> None:
    """What the Findings panel offers is done as if it had been asked for in the tree; what it shows
    needs no banner."""
    from ..panels.findings.panel import FindingsPanel

    assert isinstance(panel, FindingsPanel)
    panel.pages = frozenset(finding_pages())
    panel.stop_requested.connect(processes.stop_requested)
    panel.signal_requested.connect(processes.signal_requested)
    panel.rescue_requested.connect(rescue)
    panel.page_requested.connect(lambda code: show_finding_page(panel, code))
    panel.seen.connect(alarm.note_seen)
