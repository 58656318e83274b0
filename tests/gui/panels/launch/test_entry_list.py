"""What the Launch panel shows, and the ways through its list: keys, filter, folding."""

from __future__ import annotations

from launching import (
    Keep,
    Make,
    asked_of,
    button_named,
    notice_of,
    press,
    row_titled,
    script_spec,
    section_titled,
    titles_of,
)
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from spawnscope.core.launch.recent import RecentSpecs
from spawnscope.core.launch.spec_store import SpecStore
from spawnscope.gui.panels.launch.entry import Entry, Origin
from spawnscope.gui.panels.launch.library import Library
from spawnscope.gui.panels.launch.panel import LaunchPanel
from spawnscope.gui.panels.launch.row import LaunchRow
from spawnscope.gui.panels.launch.section_header import SectionHeader
from spawnscope.gui.panels.launch.spec_dialog import SpecDialog

Key = Qt.Key


# What is shown


def test_the_sections_stand_before_anything_is_read(
    qtbot: QtBot, keep: Keep, store: SpecStore, recent: RecentSpecs, settings: QSettings
) -> None:
    store.save(script_spec("a.py"))
    panel = LaunchPanel(library=Library(store, recent), settings=settings)
    assert titles_of(panel) == []
    assert [header.text() for header in panel.findChildren(SectionHeader)] == [
        "Examples", "Yours", "Recent",
    ]  # fmt: skip
    keep(panel)
    panel.grab()  # paints it here and now
    assert titles_of(panel) == []
    qtbot.waitUntil(lambda: titles_of(panel) == ["a.py"])


def test_every_row_has_a_start_button_with_its_name(make: Make, store: SpecStore) -> None:
    store.save(script_spec("a.py", "Nightly"))
    panel = make()
    for row in panel.findChildren(LaunchRow):
        button = row.findChild(QToolButton)
        assert button.accessibleName() == f"Start {row.entry.title}"
        assert button.toolTip().startswith(f"Start {row.entry.title}")
        assert row.accessibleName() == row.entry.title
        assert row.accessibleDescription() == row.entry.summary


def test_every_control_has_a_name_and_a_tooltip(make: Make) -> None:
    panel = make()
    for kind in (QToolButton, QPushButton, QLineEdit, SectionHeader):
        for control in panel.findChildren(kind):
            if control.isVisible():
                assert control.accessibleName(), control
                assert control.toolTip(), control


def test_without_specs_of_ones_own_there_is_a_sentence_and_a_button(
    make: Make, qtbot: QtBot, store: SpecStore
) -> None:
    panel = make()
    qtbot.mouseClick(button_named(panel, "New spec of your own"), Qt.MouseButton.LeftButton)
    dialog = panel.findChild(SpecDialog)
    assert dialog.isVisible()
    store.save(script_spec("a.py"))
    dialog.reject()
    panel._show_yours()
    assert not button_named(panel, "New spec of your own").isVisible()


def test_a_broken_file_stands_in_the_list_with_its_reason(
    make: Make, qtbot: QtBot, store: SpecStore
) -> None:
    store.folder.mkdir()
    (store.folder / "bad.toml").write_text("kind = 'script'\ntarget = 3\n")
    panel = make()
    row = row_titled(panel, "bad.toml")
    assert row.entry.summary == "Line 2: target must be text, not 3."
    assert not row.findChild(QToolButton).isVisible()
    row.setFocus()
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    press(qtbot, panel, Key.Key_Return)
    assert notice_of(panel) == "Line 2: target must be text, not 3."
    assert asked_of(panel) == []


def test_rows_paint_in_every_state(make: Make, qtbot: QtBot, store: SpecStore) -> None:
    store.save(script_spec("/very/long/" * 20 + "a.py", "A very long name " * 10))
    (store.folder / "bad.toml").write_text("=")
    panel = make()
    panel.set_running({"First process": 3})
    for width in (220, 280, 600):
        panel.resize(width, 800)
        assert not panel.grab().isNull()


def test_a_badge_counts_what_runs(make: Make) -> None:
    panel = make()
    first = panel.findChildren(LaunchRow)[0]
    panel.set_running({first.entry.title: 3})
    assert first.accessibleDescription().endswith("(3 running)")
    panel.set_running({})
    assert first.accessibleDescription() == first.entry.summary


# The keyboard, the filter, folding


def test_the_arrows_go_through_all_visible_rows(make: Make, qtbot: QtBot, store: SpecStore) -> None:
    store.save(script_spec("a.py", "A"))
    panel = make()
    examples = titles_of(panel, "Examples")
    panel._list.focus_first()
    seen = []
    for _ in range(len(examples) + 1):
        seen.append(panel._list.current.title)
        press(qtbot, panel, Key.Key_Down)
    assert seen == [*examples, "A"]
    assert panel._list.current.title == "A"
    press(qtbot, panel, Key.Key_Home)
    assert panel._list.current.title == examples[0]
    qtbot.mouseClick(
        section_titled(panel, "Examples").findChild(SectionHeader), Qt.MouseButton.LeftButton
    )
    press(qtbot, panel, Key.Key_Down)
    assert panel._list.current.title == "A"


def test_tab_goes_from_the_row_to_its_button_only(make: Make) -> None:
    panel = make()
    rows = panel.findChildren(LaunchRow)
    tabbed = [
        row for row in rows if row.findChild(QToolButton).focusPolicy() != Qt.FocusPolicy.NoFocus
    ]
    assert tabbed == [row for row in rows if row.entry is panel._list.current]


def test_a_filter_is_offered_when_there_are_many(
    make: Make, qtbot: QtBot, store: SpecStore
) -> None:
    assert make().findChild(QLineEdit) is None
    for number in range(50):
        store.save(script_spec(f"/srv/job_{number}.py", f"Job {number}"))
    panel = make()
    field = panel.findChild(QLineEdit)
    assert field.isVisible()
    qtbot.keyClicks(field, "job 17")
    shown = [row.entry.title for row in panel.findChildren(LaunchRow) if row.isVisible()]
    assert shown == ["Job 17"]
    qtbot.keyClick(field, Key.Key_Return)
    assert panel._list.current.title == "Job 17"
    field.clear()
    assert len([row for row in section_titled(panel, "Yours").rows if row.isVisible()]) == 50


def test_folding_is_remembered(make: Make, qtbot: QtBot, store: SpecStore) -> None:
    store.save(script_spec("a.py", "A"))
    panel = make()
    header = section_titled(panel, "Yours").findChild(SectionHeader)
    assert header.accessibleName() == "Yours, 1, open"
    qtbot.mouseClick(header, Qt.MouseButton.LeftButton)
    assert not row_titled(panel, "A").isVisible()
    assert header.accessibleName() == "Yours, 1, folded"
    again = make()
    assert not section_titled(again, "Yours").open
    assert section_titled(again, "Examples").open


def test_selection_focus_and_scroll_survive_new_entries(qtbot: QtBot, make: Make) -> None:
    panel = make()
    section = section_titled(panel, "Yours")

    def entry(number: int) -> Entry:
        return Entry(f"k{number}", Origin.YOURS, f"T{number}", "s", "script", "t", script_spec("a"))

    section.set_entries([entry(number) for number in range(40)])
    panel._list.select("k30")
    panel._list.focus_first()
    bar = panel._list.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() > 0)
    before = {row.entry.key: row for row in section.rows}
    scrolled = bar.value()
    section.set_entries([entry(number) for number in range(1, 45) if number != 20])
    assert all(before[row.entry.key] is row for row in section.rows if row.entry.key in before)
    assert panel._list.current.key == "k30"
    assert before["k30"].hasFocus()
    assert bar.value() == scrolled


def test_the_menu_opens_from_the_keyboard_too(make: Make, qtbot: QtBot) -> None:
    panel = make()
    panel._list.focus_first()
    row = QApplication.focusWidget()
    assert isinstance(row, LaunchRow)
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint(), Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(row, event)
    [menu] = [menu for menu in panel.findChildren(QMenu) if menu.isVisible()]
    menu.close()
