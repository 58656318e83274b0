"""Looks at a made-up panel in the window: run on a changed tree."""

from __future__ import annotations

from typing import Any

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from spawnscope.core.vocabulary.events import ProcessStarted, Role
from spawnscope.gui.shell.session_view import SessionView

application = QApplication([])
view = SessionView()
view.resize(1200, 800)
view.show()
tabs = [view.tabs.bar.tabText(place) for place in range(view.tabs.bar.count())]
assert tabs[-1] == "Clock", tabs
assert not view.tabs.bar.tabIcon(len(tabs) - 1).isNull()
assert f"(Ctrl+{len(tabs)})" in view.tabs.bar.tabToolTip(len(tabs) - 1)
assert "clock" not in view.made
view.show_panel("clock")
panel: Any = view.made["clock"]
assert panel.isVisible()
view.store.apply([ProcessStarted(1, 11, 1, 5, None, 1, 1, "a", Role.WORKER, None, ())])
while (None, 1) not in panel.seen:
    QTest.qWait(5)
panel.style_ = "square"
state = view.save_state()
other = SessionView()
other.restore_state(state)
again: Any = other.panel("clock")
assert again.style_ == "square"
view.close_session()
looked = len(panel.seen)
view.store.apply([ProcessStarted(2, 12, 1, 6, 1, 11, 1, "b", Role.CHILD, None, ())])
QTest.qWait(100)
assert len(panel.seen) == looked, "it is left alone once the session is"
other.close_session()
