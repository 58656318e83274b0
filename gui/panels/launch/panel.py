"""The Launch panel: composes the list, the check and the dialog, and acts on the store."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QSettings, QSize, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from spawnscope.core.translation import tr

from ...kit.plain import Label, set_tip
from ...kit.style import icons, theme
from ...kit.text_field import TextField
from .entry import Entry, Origin
from .entry_actions import EntryActions
from .entry_list import EntryList
from .launch_check import LaunchCheck
from .library import Library
from .notice import Notice
from .section import LaunchSection
from .section_header import SectionHeader

if TYPE_CHECKING:
    from pathlib import Path

    from spawnscope.core.vocabulary.launch_spec import Fault, LaunchSpec

_LEAST = 220  # px at 100 %
FILTER_FROM = 12  # entries: from so many on there is a filter field


class LaunchPanel(QWidget):
    """Emits `launch_requested(LaunchSpec)` after a pre-flight check without fault, and
    `problem_occurred(str)` when something of ours cannot be read or written."""

    launch_requested = Signal(object)
    problem_occurred = Signal(str)

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        library: Library | None = None,
        settings: QSettings | None = None,
    ) -> None:
        super().__init__(parent)
        self._library = library or Library()
        self._settings = settings
        self._loading_began = False
        self._enabled_to_launch = True
        self._waiting: list[tuple[LaunchSpec, Entry | None]] = []
        self._check = LaunchCheck(self)
        self._check.checked.connect(self._on_checked)
        self.setAccessibleName(tr("Launch"))

        self._sections = {
            Origin.EXAMPLE: LaunchSection(tr("Examples")),
            Origin.YOURS: LaunchSection(tr("Yours"), self._empty_state),
            Origin.RECENT: LaunchSection(tr("Recent")),
        }
        self._sections[Origin.RECENT].hide()
        self._list = EntryList(list(self._sections.values()))
        self._list.start_asked.connect(self._on_start_asked)
        self._list.menu_asked.connect(self._on_menu_asked)
        self._list.key_pressed.connect(self._on_key_pressed)
        self._filter: TextField | None = None
        self._notice = Notice()
        self._actions = EntryActions(self, self._library, self._notice)
        self._actions.start_asked.connect(self._on_start_asked)
        self._actions.launch_asked.connect(self.launch)
        self._actions.yours_changed.connect(self._show_yours)
        self._actions.recents_changed.connect(self._show_recents)

        layout = self._layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head())
        layout.addWidget(self._list, 1)
        layout.addWidget(self._notice)
        foot = self._foot()
        layout.addWidget(foot)
        self.setMinimumWidth(max(_LEAST, foot.minimumSizeHint().width()))

    def sizeHint(self) -> QSize:
        """About 280 px wide at 100 %."""
        return QSize(280, 600)

    def set_enabled_to_launch(self, enabled: bool) -> None:
        """Whether there is a session that can take launches."""
        self._enabled_to_launch = enabled
        for section in self._sections.values():
            section.set_enabled_to_launch(enabled)

    def set_running(self, counts: Mapping[str, int]) -> None:
        """How many workers run now, by the title of their spec; shown as a badge."""
        for section in self._sections.values():
            section.set_running(counts)

    def launch_file(self, path: str) -> None:
        """Start a script in the folder where it lies; for what is dropped or chosen."""
        from spawnscope.core.launch.target_text import TargetError, parse_target
        from spawnscope.core.vocabulary.launch_spec import LaunchSpec

        path = os.path.abspath(path)
        try:
            spec = parse_target([path])
        except TargetError as error:
            self._notice.show_fault(str(error))
            return
        self.launch(LaunchSpec(kind=spec.kind, target=path, cwd=os.path.dirname(path)))

    def launch(self, spec: LaunchSpec, entry: Entry | None = None) -> None:
        """Check a spec and, when nothing speaks against it, ask for its launch."""
        if not self._enabled_to_launch:
            self._notice.show_fault(tr("There is no session that could take this launch."))
            return
        if any(spec == other for other, _ in self._waiting):
            return
        self._notice.clear()
        self._waiting.append((spec, entry))
        if not self._check.check(spec):
            sentence = tr("Checking the interpreter of {title} …", title=spec.title)
            self._notice.show_word(sentence)

    def open_script(self) -> None:
        """Let the user choose a script, and start it."""
        from PySide6.QtWidgets import QFileDialog

        from ...kit.file_dialog import PYTHON, file_dialog, offer_files

        dialog = file_dialog(self, tr("Start a script"), "script")
        offer_files(dialog, PYTHON)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.launch_file)
        dialog.open()

    def new_spec(self) -> None:
        """Open the dialog on an empty spec."""
        self._actions.open_dialog()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The first paint shows the sections; their rows follow it."""
        if not self._loading_began:
            self._loading_began = True
            QTimer.singleShot(0, self._load)

    def changeEvent(self, event: QEvent) -> None:
        """See what became of the files while another window was active."""
        super().changeEvent(event)
        came_back = event.type() == QEvent.Type.ActivationChange and self.isActiveWindow()
        if came_back and self._library.has_changed():
            self._show_yours()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that no row took, such as Down in the filter."""
        self._list.keyPressEvent(event)

    # Loading

    def _load(self) -> None:
        from spawnscope.core.launch.examples import CatalogueError

        settings = self._settings = self._settings or QSettings("spawnscope", "spawnscope")
        for origin, section in self._sections.items():
            folded = settings.value(f"launch/folded/{origin.value}", origin is Origin.RECENT, bool)
            section.set_open(not folded)
            section.folded.connect(
                lambda folded, name=origin.value: settings.setValue(f"launch/folded/{name}", folded)
            )
        try:
            self._sections[Origin.EXAMPLE].set_entries(self._library.examples())
        except CatalogueError as error:
            self.problem_occurred.emit(str(error))
        self._show_yours()
        self._show_recents()
        if isinstance(self.focusWidget(), SectionHeader):  # what Qt gives the keyboard to at first
            self._list.focus_first()
        QTimer.singleShot(300, self._check.warm_up)

    def _show_yours(self, select: Path | None = None) -> None:
        from spawnscope.core.launch.spec_store import SpecStoreError

        try:
            self._sections[Origin.YOURS].set_entries(self._library.yours())
        except SpecStoreError as error:
            self._notice.show_fault(str(error))
            self.problem_occurred.emit(str(error))
        if select is not None:
            self._sections[Origin.YOURS].set_open(True)
            self._list.select(f"yours:{select}")
        self._offer_filter()

    def _show_recents(self) -> None:
        self._sections[Origin.RECENT].set_entries(self._library.recents())
        self._offer_filter()

    def _offer_filter(self) -> None:
        number = sum(len(section.rows) for section in self._sections.values())
        if self._filter is None and number >= FILTER_FROM:
            self._filter, self._filter_place = self._make_filter()
        if self._filter is not None:
            text = self._filter.text()
            self._filter_place.setVisible(number >= FILTER_FROM or bool(text))

    # Starting

    def _on_start_asked(self, entry: Entry) -> None:
        if entry.spec is not None:
            self.launch(entry.spec, entry)
        else:
            self._notice.show_fault(
                entry.fault, tr("Show file"), lambda: self._actions.act(entry, "show")
            )

    def _on_checked(self, spec: LaunchSpec, faults: list[Fault]) -> None:
        waited = next((pair for pair in self._waiting if pair[0] is spec), None)
        if waited is None:
            return
        self._waiting.remove(waited)
        entry = waited[1]
        if faults:
            said = [tr("{title} was not started.", title=spec.title), faults[0].sentence]
            if more := len(faults) - 1:
                said.append(tr("(and {count} more)", count=more))
            sentence = " ".join(said)
            if entry is not None and entry.origin is not Origin.EXAMPLE:
                self._notice.show_fault(
                    sentence, tr("Edit …"), lambda: self._actions.act(entry, "edit")
                )
            else:
                self._notice.show_fault(sentence)
            return
        self._notice.clear()
        if entry is None or entry.origin is not Origin.EXAMPLE:
            self._library.remember(spec)
            self._show_recents()
        self.launch_requested.emit(spec)

    # Slots of the list

    def _on_menu_asked(self, entry: Entry, place: QPoint) -> None:
        self._actions.popup(entry, place, self._enabled_to_launch)

    def _on_key_pressed(self, entry: Entry | None, name: str) -> None:
        if name == "new":
            self.new_spec()
        elif name == "open":
            self.open_script()
        elif entry is not None:
            self._actions.act(entry, name)

    def _on_filter_changed(self, text: str) -> None:
        for section in self._sections.values():
            section.set_pattern(text.lower().split())

    # Parts

    def _head(self) -> QWidget:
        head = QFrame()
        head.setProperty("panelHead", True)
        title = Label(text=tr("Launch"))
        title.setProperty("heading", True)
        layout = QHBoxLayout(head)
        layout.setContentsMargins(theme.SPACE * 2, theme.SPACE, theme.SPACE, theme.SPACE)
        layout.addWidget(title)
        return head

    def _make_filter(self) -> tuple[TextField, QWidget]:
        place = QWidget()
        field = TextField(placeholder=tr("Filter"))
        field.add_picture("search")
        field.add_clear(tr("Empty the filter"))
        field.setAccessibleName(tr("Filter what can be started"))
        set_tip(field, tr("Show only what holds all these words"))
        field.textChanged.connect(self._on_filter_changed)
        field.returnPressed.connect(self._list.focus_first)
        layout = QHBoxLayout(place)
        layout.setContentsMargins(theme.SPACE, theme.SPACE, theme.SPACE, 0)
        layout.addWidget(field)
        self._layout.insertWidget(1, place)
        return field, place

    def _foot(self) -> QWidget:
        foot = QWidget()
        layout = QHBoxLayout(foot)
        layout.setContentsMargins(theme.SPACE, theme.SPACE, theme.SPACE, theme.SPACE)
        layout.setSpacing(theme.SPACE)
        new = self._new_button(tr("New spec"))
        script = QPushButton(icons.icon("script"), tr("Open script …"))
        script.setAccessibleName(tr("Open script"))
        set_tip(script, tr("Choose a script and start it (Ctrl+O)"))
        script.clicked.connect(self.open_script)
        for button in (new, script):
            layout.addWidget(button, 1)
        return foot

    def _empty_state(self) -> QWidget:
        empty = QWidget()
        text = Label(text=tr("What you describe here starts with one click."), wraps=True)
        text.setProperty("muted", True)
        button = self._new_button(tr("New spec of your own"))
        layout = QVBoxLayout(empty)
        layout.setContentsMargins(theme.SPACE * 2, theme.SPACE // 2, theme.SPACE * 2, theme.SPACE)
        layout.addWidget(text)
        row = QHBoxLayout()
        row.addWidget(button)
        row.addStretch(1)
        layout.addLayout(row)
        return empty

    def _new_button(self, name: str) -> QPushButton:
        button = QPushButton(icons.icon("add"), tr("New …"))
        button.setAccessibleName(name)
        set_tip(button, tr("Describe something to start (Ctrl+N)"))
        button.clicked.connect(self.new_spec)
        return button
