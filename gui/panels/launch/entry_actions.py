"""What can be done with an entry besides starting it: its menu, and the deeds on the store."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QUrl, Signal
from PySide6.QtWidgets import QMenu, QWidget

from spawnscope.core.translation import tr

from ...kit.style import icons
from ...kit.text.foreign import spoken
from .entry import Entry, Origin
from .library import Library
from .notice import Notice

if TYPE_CHECKING:
    from pathlib import Path

    from spawnscope.core.vocabulary.launch_spec import LaunchSpec


class EntryActions(QObject):
    """Acts for the panel `host`. Emits `start_asked(Entry)`, `launch_asked(LaunchSpec)` after
    "Save and start", `yours_changed(Path or None)` with what to select, and `recents_changed()`."""

    start_asked = Signal(object)
    launch_asked = Signal(object)
    yours_changed = Signal(object)
    recents_changed = Signal()

    def __init__(self, host: QWidget, library: Library, notice: Notice) -> None:
        super().__init__(host)
        self._host = host
        self._library = library
        self._notice = notice

    def popup(self, entry: Entry, place: QPoint, startable: bool) -> None:
        """Open the menu of an entry at a global position."""
        yours = entry.origin is Origin.YOURS
        whole = entry.spec is not None
        menu = QMenu(self._host)
        menu.setAccessibleName(spoken(tr("Actions for {entry}", entry=entry.title)))
        for name, text, keys, icon, wanted in (
            ("start", tr("Start"), tr("Return"), "start", whole),
            ("edit", tr("Edit …") if yours else tr("Save as a spec …"), "F2", "edit", whole),
            ("duplicate", tr("Duplicate"), "Ctrl+D", "duplicate", yours and whole),
            ("delete", tr("Delete"), tr("Del"), "delete", yours),
            ("delete", tr("Forget"), tr("Del"), "delete", entry.origin is Origin.RECENT),
            ("show", tr("Show file"), "", "folder", bool(_file_of(entry))),
        ):
            if not wanted:
                continue
            if name == "show":
                menu.addSeparator()
            action = menu.addAction(icons.icon(icon), f"{text}\t{keys}" if keys else text)
            action.setEnabled(startable or name != "start")
            action.triggered.connect(lambda _=False, name=name: self.act(entry, name))
            if name == "start":
                menu.addSeparator()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def act(self, entry: Entry, name: str) -> None:
        """Do what a key or the menu names; nothing where it does not apply."""
        if name == "start":
            self.start_asked.emit(entry)
        elif name == "edit" and entry.spec is not None:
            self.open_dialog(entry.spec, entry.path)
        elif name == "duplicate" and entry.path is not None:
            self._duplicate(entry.path)
        elif name == "delete" and entry.origin is Origin.RECENT and entry.spec is not None:
            self._library.recent.remove(entry.spec)
            self.recents_changed.emit()
        elif name == "delete" and entry.path is not None:
            self._delete(entry, entry.path)
        elif name == "show" and _file_of(entry):
            from PySide6.QtGui import QDesktopServices

            QDesktopServices.openUrl(QUrl.fromLocalFile(os.path.dirname(_file_of(entry))))

    def open_dialog(self, spec: LaunchSpec | None = None, path: Path | None = None) -> None:
        """Edit the spec in the file `path`, or make a new one, of `spec` if that is given."""
        from .spec_dialog import SpecDialog

        dialog = SpecDialog(
            self._library.store, spec, path, recent=self._library.recent.specs(), parent=self._host
        )
        dialog.spec_saved.connect(self._on_spec_saved)
        dialog.start_asked.connect(self.launch_asked)
        dialog.open()

    def _on_spec_saved(self, path: Path) -> None:
        self._notice.clear()
        self.yours_changed.emit(path)

    def _duplicate(self, path: Path) -> None:
        from spawnscope.core.launch.spec_store import SpecStoreError

        try:
            copy = self._library.store.duplicate(path)
        except SpecStoreError as error:
            self._notice.show_fault(str(error))
            return
        self.yours_changed.emit(copy)

    def _delete(self, entry: Entry, path: Path) -> None:
        from spawnscope.core.launch.spec_store import SpecStoreError

        try:
            deleted = self._library.store.delete(path)
        except SpecStoreError as error:
            self._notice.show_fault(str(error))
            return

        def undo() -> None:
            try:
                self.yours_changed.emit(self._library.store.undo(deleted))
            except SpecStoreError as error:
                self._notice.show_fault(str(error))

        self.yours_changed.emit(None)
        self._notice.show_word(tr("{entry} was deleted.", entry=entry.title), tr("Undo"), undo)


def _file_of(entry: Entry) -> str:
    """The file to show for an entry: the one that holds its spec, else the script."""
    if entry.path is not None:
        return str(entry.path)
    if entry.spec is not None and entry.spec.kind.value == "script":
        return os.path.join(os.path.abspath(entry.spec.cwd), entry.spec.target)
    return ""
