"""The Findings panel: what it lists, what it tells of one, and what can be done there."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from wrong_store import ALICE, BOB, CHECKING, MAIN, SAVINGS, SECOND, STORY, TITLE, WrongStore

from spawnscope.core.vocabulary.events import ProcessExited, Sample
from spawnscope.core.vocabulary.findings import Cure, Remedy, Severity
from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.panels.findings.excerpt import excerpt_of
from spawnscope.gui.panels.findings.facts import PLACE, SPAN, WHAT, WHO
from spawnscope.gui.panels.findings.panel import FindingsPanel

_HEARD = int(Qt.ItemDataRole.AccessibleTextRole)


def listed(panel: FindingsPanel) -> list[str]:
    return [str(panel.model.index(at, 0).data()) for at in range(panel.model.rowCount())]


def facts(model: QAbstractItemModel) -> list[tuple[str, ...]]:
    places = range(model.rowCount())
    return [
        tuple(str(model.index(at, column).data()) for column in (WHO, WHAT, PLACE)) for at in places
    ]


def buttons(panel: FindingsPanel) -> dict[str, QPushButton]:
    shown = panel.detail.cures.findChildren(QPushButton)
    return {button.text(): button for button in shown if button.isVisibleTo(panel)}


def test_the_worst_comes_first_and_what_is_resolved_last(
    panel: FindingsPanel, store: WrongStore, qtbot: QtBot
) -> None:
    assert panel._hint.title == "Nothing was found to be wrong so far"
    assert "the Inspector says" in panel._hint._text.text()
    store.tell(
        store.other(1, Severity.HINT, "a hint"),
        store.other(2, Severity.ERROR, "an old error", resolved_ns=store.since_ns + 5 * SECOND),
        store.other(3, Severity.WARNING, "a warning"),
        store.deadlock(4),
    )
    qtbot.waitUntil(lambda: panel.model.rowCount() == 4)
    assert listed(panel) == [TITLE, "a warning", "a hint", "an old error"]
    assert not panel._hint.isVisible()
    heard = [str(panel.model.index(at, 0).data(_HEARD)) for at in range(4)]
    assert heard[0].startswith(f"Error: {TITLE}; since ")
    assert heard[0].endswith("alice, bob")
    assert "resolved at" in heard[3]
    assert "after 5.0 s" in heard[3]
    assert panel.list.selected == 4, "the worst is shown until the user chooses"


def test_the_detail_tells_all_with_symptoms_below(
    panel: FindingsPanel, store: WrongStore, qtbot: QtBot
) -> None:
    store.tell(store.deadlock())
    qtbot.waitUntil(lambda: panel.detail.finding is not None)
    detail = panel.detail
    assert TITLE in detail.title.text()
    assert STORY in detail.explanation.text()
    assert "<code>with</code>" in detail.advice.text()
    assert facts(detail.facts) == [
        ("alice (1002)", "acquire lock checking", "shop.py:7"),
        ("bob (1003)", "acquire lock savings", "shop.py:7"),
        ("Because of this, 1 more waits:", "", ""),
        ("shop.py (1001)", "join alice", "shop.py:7"),
    ]
    assert detail.facts.index(0, SPAN).data() in ("20 s", "21 s", "22 s", "23 s")
    store.apply([ProcessExited(ALICE, 1002, store.since_ns + 4 * SECOND, 0, None, "")])
    assert detail.facts.index(0, SPAN).data() == "4.0 s", "until it ended"
    store.tell(store.deadlock(resolved_ns=store.since_ns + 6 * SECOND))
    qtbot.waitUntil(lambda: "resolved at" in detail.when.text())
    assert detail.facts.index(1, SPAN).data() == "6.0 s", "until it was resolved"


def test_it_says_when_it_was_once_all_that_it_concerns_has_ended(
    panel: FindingsPanel, store: WrongStore, qtbot: QtBot
) -> None:
    story = "nobody called `unlink` for it"
    store.tell(replace(store.deadlock(), explanation=story))
    qtbot.waitUntil(lambda: "since " in panel.detail.when.text())
    assert "called <code>unlink</code> for" in panel.detail.explanation.text()
    for process, after in ((ALICE, 2), (BOB, 4)):
        end_ns = store.since_ns + after * SECOND
        store.apply([ProcessExited(process, 1000 + process, end_ns, 0, None, "")])
    panel.look_now()
    assert ", for 4.0 s until its end" in panel.detail.when.text()
    store.tell(replace(store.deadlock(), since_ns=store.since_ns + 4 * SECOND))
    qtbot.waitUntil(lambda: ", for " not in panel.detail.when.text())
    assert ">at " in panel.detail.when.text()


def test_what_is_chosen_is_selected_everywhere(
    panel: FindingsPanel, store: WrongStore, selection: Selection, qtbot: QtBot
) -> None:
    store.tell(store.deadlock(), store.other(2, Severity.WARNING, "a warning"))
    qtbot.waitUntil(lambda: panel.model.rowCount() == 2)
    assert selection.processes == frozenset(), "nobody has chosen anything yet"
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    assert selection.processes == {MAIN}
    qtbot.keyClick(panel.list, Qt.Key.Key_Up)
    assert selection.processes == {ALICE, BOB}
    table = panel.detail.table
    table.setFocus()
    qtbot.waitUntil(lambda: table.hasFocus() and table.currentIndex().isValid())
    assert selection.processes == {ALICE, BOB}, "who only passes by chooses nothing"
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert (selection.processes, selection.object) == ({ALICE}, CHECKING)
    for _ in range(3):
        qtbot.keyClick(table, Qt.Key.Key_Down)
    assert (selection.processes, selection.object) == ({MAIN}, 0)
    store.tell(store.other(3, Severity.ERROR, "another"), store.other(2, Severity.HINT, "less"))
    qtbot.waitUntil(lambda: panel.model.rowCount() == 3)
    assert panel.detail.finding is not None
    assert panel.detail.finding.title == TITLE, "what was chosen stays"


def test_a_button_for_each_cure_that_there_is_a_way_for(
    panel: FindingsPanel, store: WrongStore, qtbot: QtBot
) -> None:
    store.tell(store.deadlock())
    qtbot.waitUntil(lambda: bool(buttons(panel)))
    ways = {"Terminate alice (1002)", "Terminate the tree of shop.py (1001)"}
    assert buttons(panel).keys() == ways, "bob runs, and nobody can release a lock here"
    store.apply([Sample(BOB, 1003, store.since_ns, 0.0, 0, 1, 3, "stopped")])
    panel.look_now()
    assert buttons(panel).keys() == {*ways, "Resume bob (1003)"}
    panel.list.setFocus()
    passed = list[QWidget | None]()
    for _ in range(3):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        passed.append(QApplication.focusWidget())
    assert passed == [panel.detail, *list(buttons(panel).values())[:2]], "by the keyboard alone"
    asked: list[tuple[int, int]] = []
    panel.stop_requested.connect(lambda *what: asked.append(what))
    panel.signal_requested.connect(lambda *what: asked.append(what))
    for name in sorted(buttons(panel)):
        qtbot.mouseClick(buttons(panel)[name], Qt.MouseButton.LeftButton)
    assert asked == [(BOB, signal.SIGCONT), (ALICE, False), (MAIN, True)]
    store.apply([ProcessExited(ALICE, 1002, store.since_ns + SECOND, None, "SIGKILL")])
    panel.look_now()
    with qtbot.waitSignal(panel.rescue_requested) as rescue:
        qtbot.mouseClick(buttons(panel)["Release lock savings"], Qt.MouseButton.LeftButton)
    assert rescue.args == [Cure(Remedy.RELEASE, ALICE, SAVINGS)]
    store.tell(store.deadlock(resolved_ns=store.since_ns + SECOND))
    qtbot.waitUntil(lambda: not buttons(panel))
    store.tell(store.deadlock(2))
    store.end()
    panel.look_now()
    assert not buttons(panel), "a session that is over can only be looked at"


def test_the_lines_of_the_program_are_shown_and_no_other_file(
    panel: FindingsPanel, store: WrongStore, tmp_path: Path, qtbot: QtBot
) -> None:
    script = tmp_path / "shop.py"
    script.write_text("import os\n\ndef work():\n    with lock:\n        pass\n")
    os.utime(script, ns=(store.began_ns, store.began_ns))
    store.tell(store.deadlock(site=f"{script}:4"))
    qtbot.waitUntil(lambda: bool(panel.detail.excerpt.site))
    assert "with lock:" in panel.detail.excerpt.code.text()
    found = excerpt_of(f"{script}:4", store.since_ns)
    assert found is not None
    assert not found.newer
    assert found.lines[0] == (2, "")
    os.utime(script)
    found = excerpt_of(f"{script}:4", store.since_ns)
    assert found is not None
    assert found.newer
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "secret.txt").write_text("x\n")
    others = [str(tmp_path / name) for name in ("pipe.py:1", "secret.txt:1", "none.py:1")]
    for site in (*others, f"{script}:99", f"{script}:-1", "shop.py:1", str(script), ""):
        assert excerpt_of(site, 0) is None, site


def test_all_of_it_can_be_copied(panel: FindingsPanel, store: WrongStore, qtbot: QtBot) -> None:
    store.tell(store.deadlock())
    qtbot.waitUntil(lambda: panel.list.selected == 1)
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    text = QGuiApplication.clipboard().text()
    assert text.startswith(f"Error deadlock: {TITLE}\nsince ")
    assert f"\n\n{STORY}\n\n- alice (1002): acquire lock checking (/srv/shop.py:7)\n" in text
    assert "\n  - shop.py (1001): join alice (/srv/shop.py:7)\n" in text
    QGuiApplication.clipboard().clear()
    panel.detail.copy.click()
    assert QGuiApplication.clipboard().text() == text


def test_it_says_what_is_looked_for_where_nothing_is_wrong(
    panel: FindingsPanel, store: WrongStore
) -> None:
    assert "deadlocks" in panel._hint._text.text()
    store.end()
    panel.look_now()
    assert panel._hint.title == "Nothing was found to be wrong"


def test_names_of_any_kind_are_shown_as_they_are(
    panel: FindingsPanel, store: WrongStore, qtbot: QtBot
) -> None:
    store.tell(store.other(1, Severity.ERROR, "<img src=x> & <b>co</b> {name}"))
    qtbot.waitUntil(lambda: panel.detail.finding is not None)
    assert "&lt;b&gt;co&lt;/b&gt; {name}" in panel.detail.title.text()


def test_a_thousand_findings_are_no_burden(
    panel: FindingsPanel, store: WrongStore, qtbot: QtBot
) -> None:
    store.tell(*(store.other(at, list(Severity)[at % 3], f"fault {at}") for at in range(1, 1001)))
    qtbot.waitUntil(lambda: panel.model.rowCount() == 1000)
    changed: list[int] = []
    panel.model.dataChanged.connect(lambda first, last: changed.append(last.row() - first.row()))
    store.tell(store.other(1, list(Severity)[1], "fault 1, worse"))
    place = panel.model.place_of(1)
    qtbot.waitUntil(lambda: bool(changed))
    assert changed == [0], "only the row that differs"
    assert place is not None
    assert listed(panel)[place] == "fault 1, worse"
    assert panel.reveal(999)
    assert panel.detail.finding is not None
    assert panel.detail.finding.title == "fault 999"
