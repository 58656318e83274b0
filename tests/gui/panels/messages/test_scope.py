"""Messages of what is within the scope, and up to the moment that is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pytestqt.qtbot import QtBot

from spawnscope.core.store.scope import Scope
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.events import MessagesCommitted, ProcessStarted, Role
from spawnscope.gui.panels.messages.panel import MessagesPanel

if TYPE_CHECKING:
    from .conftest import Session

Texts = Callable[[], list[str]]


def started(process: int, run: int) -> ProcessStarted:
    return ProcessStarted(
        process, 1000 + process, process, 9, None, 1, run, "late", Role.WORKER, None, ("python",)
    )


def test_what_starts_and_writes_in_one_batch_is_shown_within_the_scope_only(
    panel: MessagesPanel, session: Session, store: SessionStore, texts: Texts, qtbot: QtBot
) -> None:
    session.say("of run 1", process=1)
    session.say("of run 2", process=2)
    session.open_in(panel, qtbot)
    store.show(Scope(runs=frozenset({1})))
    qtbot.waitUntil(lambda: texts() == ["of run 1"])
    session.say("outside", process=8)
    last = session.say("inside", process=9)
    store.apply([started(8, 3), started(9, 1), MessagesCommitted(last)])
    qtbot.waitUntil(lambda: texts() == ["of run 1", "inside"])
    store.show(Scope())
    qtbot.waitUntil(lambda: texts() == ["of run 1", "of run 2", "outside", "inside"])


def test_a_moment_scrolls_there_and_dims_what_comes_later(
    panel: MessagesPanel, session: Session, store: SessionStore, texts: Texts, qtbot: QtBot
) -> None:
    session.fill(2_000)
    last = session.say("the last before")
    moment = panel_time(session, last)
    session.fill(2_000, 2_001)
    session.close()
    store.load(session.path)
    qtbot.waitUntil(lambda: panel.log.total == 4_001)
    assert "the last before" not in texts()
    panel.show_store(store.at(moment))
    qtbot.waitUntil(lambda: "the last before" in texts())
    assert panel.log.look.moment_ns == moment
    panel.show_store(store.at(None))
    assert panel.log.look.moment_ns is None


def panel_time(session: Session, message: int) -> int:
    """When a message was written."""
    from spawnscope.core.session.reader import SessionReader

    reader = SessionReader(session.path)
    try:
        return reader.messages.page(message, 1)[0].time_ns
    finally:
        reader.close()
