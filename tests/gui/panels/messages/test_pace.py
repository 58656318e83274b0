"""How soon the log looks at what is new: at once while one could read along, else a few times."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from panel_store import committed
from pytestqt.qtbot import QtBot

from spawnscope.gui.panels.messages.message_log import LIVE_SECONDS, REFRESH_SECONDS
from spawnscope.gui.panels.messages.panel import MessagesPanel

if TYPE_CHECKING:
    from .conftest import Session

Texts = Callable[[], list[str]]


def test_a_flood_of_commits_leads_to_few_refreshes(
    panel: MessagesPanel, session: Session, texts: Texts, qtbot: QtBot
) -> None:
    session.fill(100)
    session.open_in(panel, qtbot)
    refreshes: list[bool] = []
    panel.log.refreshed.connect(lambda: refreshes.append(True))
    begin = time.monotonic()
    for number in range(100):
        committed(panel, session.say(*(f"number {number}" for _ in range(50))))
        qtbot.wait(1)
    qtbot.waitUntil(lambda: texts()[-1] == "number 99")
    # The first ones, after the pause before, cannot know yet that there is a flood.
    assert len(refreshes) <= (time.monotonic() - begin) / REFRESH_SECONDS + 4


def test_a_line_that_comes_after_few_others_is_looked_for_at_once(
    panel: MessagesPanel, session: Session, texts: Texts, qtbot: QtBot
) -> None:
    session.fill(3)
    session.open_in(panel, qtbot)
    committed(panel, session.say("one"))
    qtbot.waitUntil(lambda: texts()[-1] == "one")
    committed(panel, session.say("two"))
    assert panel.log._timer.remainingTime() <= LIVE_SECONDS * 1000
    qtbot.waitUntil(lambda: texts()[-1] == "two")
    panel.log._last_refresh = time.monotonic()
    committed(panel, session.fill(5000, 6))
    panel.log.refresh()
    committed(panel, session.say("late"))
    assert panel.log._timer.remainingTime() > LIVE_SECONDS * 1000
    qtbot.waitUntil(lambda: texts()[-1] == "late")
