"""What the Inspector shows of the exception that ended a process."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from spawnscope.core.session.writer import SessionWriter
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.events import (
    Circumstances,
    ProcessExited,
    ProcessStarted,
    Raised,
    Role,
)
from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.panels.inspector.panel import InspectorPanel

TRACEBACK = """\
Traceback (most recent call last):
  File "/usr/lib/python3.11/multiprocessing/process.py", line 108, in run
  File "/home/me/photos.py", line 31, in <lambda>
KeyError: '<b>size'"""


def test_its_type_text_place_and_frames(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "s.spawnscope"
    writer = SessionWriter(path, about={})
    for number in (1, 2):
        started = ProcessStarted(number, 10 + number, 1, 5, None, 1, 1, "p", Role.CHILD, None, ())
        writer.process_started(started)
    raised = Raised("KeyError", "'<b>size'", "/home/me/photos.py:31", TRACEBACK)
    writer.process_exited(
        ProcessExited(1, 11, 9, 1, None, circumstances=Circumstances(4), raised=raised)
    )
    writer.process_exited(ProcessExited(2, 12, 9, 0, None, circumstances=Circumstances(4)))
    writer.close()
    store, selection = SessionStore(), Selection()
    store.load(str(path))
    panel = InspectorPanel(store, selection)
    qtbot.addWidget(panel)
    panel.show()
    selection.select_processes(frozenset({1}))
    said = panel.raised.text.markup
    assert said.index("<b>KeyError</b>") < said.index("&lt;b&gt;size") < said.index("photos.py:31")
    assert "&amp;nbsp;" not in said
    frames = panel.raised.frames.markup
    assert frames.index("<b>&lt;lambda&gt;</b>") < frames.index("process.py:108")
    assert panel.raised.isVisible()
    selection.select_processes(frozenset({2}))
    assert not panel.raised.isVisible()
    panel.hide()
    panel.close_session()
    panel.leave()
    store.close()
