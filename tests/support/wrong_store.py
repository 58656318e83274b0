"""A living store in which something is wrong, written down: two processes wait for one another, a
third waits because of that."""

from __future__ import annotations

import time

from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.events import (
    Doing,
    ObjectCreated,
    ObjectState,
    ProcessDoing,
    ProcessStarted,
    Role,
    WorkerStarted,
)
from spawnscope.core.vocabulary.findings import Cure, Evidence, Finding, Remedy, Severity

SECOND = 1_000_000_000
MAIN, ALICE, BOB = 1, 2, 3
SAVINGS, CHECKING = 1, 2
TITLE = "alice → bob wait for one another"
STORY = "alice (1002) has waited for lock checking for 8.1 s, which bob (1003) holds."


class WrongStore(SessionStore):
    """See the module. All began half a minute ago, and the waits ten seconds after that."""

    def __init__(self) -> None:
        super().__init__()
        self.began_ns = time.time_ns() - 30 * SECOND
        self.since_ns = self.began_ns + 10 * SECOND
        events: list[object] = []
        names = {MAIN: "shop.py", ALICE: "alice", BOB: "bob"}
        for number, name in names.items():
            parent, role = (None, Role.WORKER) if number == MAIN else (MAIN, Role.CHILD)
            events.append(
                ProcessStarted(
                    number, 1000 + number, 1, self.began_ns, parent, 1, MAIN, name, role, "fork", ()
                )
            )
        events.append(WorkerStarted(1, MAIN, MAIN, "shop.py"))
        for number, name in ((SAVINGS, "savings"), (CHECKING, "checking")):
            events.append(ObjectCreated(number, MAIN, self.began_ns, "Lock", name, "", None))
        for number, holder, waiter in ((SAVINGS, ALICE, BOB), (CHECKING, BOB, ALICE)):
            holders, waiters = ((holder, "MainThread"),), ((waiter, "MainThread"),)
            events.append(ObjectState(number, self.since_ns, (), None, holders, waiters))
        for process, number in ((ALICE, CHECKING), (BOB, SAVINGS)):
            events.append(ProcessDoing(process, (self.doing("acquire", number),)))
        events.append(ProcessDoing(MAIN, (self.doing("join", None),)))
        self.apply(events)  # type: ignore[arg-type]

    def doing(self, operation: str, number: int | None) -> Doing:
        """What a main thread is in since then."""
        return Doing("MainThread", operation, number, self.since_ns, "/srv/shop.py:7", "")

    def fact(
        self, process: int, operation: str, number: int | None, text: str, site: str = ""
    ) -> Evidence:
        """A wait as a fact."""
        site = site or "/srv/shop.py:7"
        return Evidence(process, "MainThread", operation, number, self.since_ns, site, text)

    def deadlock(self, number: int = 1, resolved_ns: int | None = None, site: str = "") -> Finding:
        """What is wrong, as it is told."""
        return Finding(
            finding=number, time_ns=self.since_ns + SECOND, code="deadlock",
            severity=Severity.ERROR, since_ns=self.since_ns, title=TITLE, explanation=STORY,
            advice="Take all locks in the same order, in a `with` statement.",
            processes=(ALICE, BOB), objects=(CHECKING, SAVINGS),
            evidence=(
                self.fact(ALICE, "acquire", CHECKING, "acquire lock checking", site),
                self.fact(BOB, "acquire", SAVINGS, "acquire lock savings", site),
            ),
            symptoms=(self.fact(MAIN, "join", None, "join alice"),),
            cures=(
                Cure(Remedy.TERMINATE, ALICE), Cure(Remedy.TERMINATE_TREE, MAIN),
                Cure(Remedy.RESUME, BOB), Cure(Remedy.RELEASE, ALICE, SAVINGS),
            ),
            resolved_ns=resolved_ns, key=f"deadlock:{number}",
        )  # fmt: skip

    def other(
        self, number: int, severity: Severity, title: str, resolved_ns: int | None = None
    ) -> Finding:
        """Something else that is wrong, with shop.py."""
        return Finding(
            number, self.since_ns, "suspended", severity, self.since_ns + number, title, "", "",
            (MAIN,), resolved_ns=resolved_ns, key=f"suspended:{number}",
        )  # fmt: skip

    def tell(self, *findings: Finding) -> None:
        """This is found."""
        self.apply(list(findings))
