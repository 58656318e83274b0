"""The dialog that makes and edits a launch spec, with what is wrong said at the field.

edit --300 ms--> the texts, the shape -> red, no saving
                 the machine (LaunchCheck) -> amber, saving is allowed
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from spawnscope.core.translation import mark, tr
from spawnscope.core.vocabulary.launch_spec import Fault, LaunchSpec, TargetKind, shape_faults

from ...kit.dropping import dropped_files, take_a_copy
from ...kit.file_dialog import PYTHON, file_dialog, offer_files
from ...kit.plain import Label, message_box, set_tip
from ...kit.style import icons, theme
from ...kit.text.foreign import window_title
from .launch_check import LaunchCheck
from .spec_form import SpecForm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spawnscope.core.launch.spec_store import SpecStore

DEBOUNCE = 300  # ms from the last key to the look at what was typed


class SpecDialog(QDialog):
    """Edits `spec` in `path`, or makes a new one. Emits `spec_saved(Path)`, and then
    `start_asked(LaunchSpec)` when it is to be started too."""

    spec_saved = Signal(object)
    start_asked = Signal(object)
    KEYS = (
        ("Alt+M", mark("More options")),
        ("Ctrl+S", mark("Save")),
        ("Ctrl+Return", mark("Save and start")),
        (mark("Escape"), mark("Close; asks if that would lose something")),
    )

    def __init__(
        self,
        store: SpecStore,
        spec: LaunchSpec | None = None,
        path: Path | None = None,
        *,
        recent: Sequence[LaunchSpec] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._path = path
        self._touched: set[str] = set()
        stored = _specs_in(store)
        self._others = {each.title for at, each in stored.items() if at != path}
        self._known = [*recent, *stored.values()]
        self._check = LaunchCheck(self)
        self._check.checked.connect(self._on_checked)
        self._asked: LaunchSpec | None = None
        self._timer = QTimer(self, singleShot=True, interval=DEBOUNCE)
        self._timer.timeout.connect(self._validate)
        self.setWindowTitle(window_title(tr("Edit spec") if path is not None else tr("New spec")))
        self.setModal(True)

        self._form = SpecForm()
        self._form.browse_target.clicked.connect(self._on_browse_target_clicked)
        self._form.browse_cwd.clicked.connect(self._on_browse_cwd_clicked)
        self._build()
        if spec is not None:
            if path is None and spec.title in self._others:
                spec = store.renamed(spec)
            self._form.set_spec(spec)
            self._touched = set(self._form.fields)
        else:
            self._form.set_spec(LaunchSpec(kind=TargetKind.SCRIPT, target=""))
        self._more.setChecked(self._form.holds_more())
        self._unchanged = self._state()
        self.setAcceptDrops(True)
        self._form.edited.connect(self._on_edited)
        self._form.kind.chosen.connect(self._go_to_target)
        self._offer()
        self._validate()
        self._go_to_target()
        self.resize(560, 400)
        self._fit()

    def spec(self) -> LaunchSpec:
        """The spec as the form has it now."""
        return self._form.spec()[0]

    def fault(self, field: str) -> str:
        """What is said at a field; "" when nothing is wrong there."""
        return self._form.fields[field].fault

    def save(self) -> bool:
        """Save and close; False, with the reason at the field, when that cannot be."""
        self._touched = set(self._form.fields)
        typing = self.focusWidget()
        if typing is not None:
            typing.clearFocus()  # a cell that is being edited gives its text with the focus
        if not self._validate():
            self._focus_fault()
            return False
        from spawnscope.core.launch.spec_store import SpecStoreError

        try:
            path = self._store.save(self.spec(), self._path)
        except SpecStoreError as error:
            self._show(Fault(error.field, str(error)), certain=True)
            self._focus_fault()
            return False
        self._timer.stop()
        self.spec_saved.emit(path)
        self.accept()
        return True

    def save_and_start(self) -> None:
        """Save, close, and ask for the start."""
        if self.save():
            self.start_asked.emit(self.spec())

    def reject(self) -> None:
        """Close without saving; asks first, if that would lose anything."""
        if self._state() == self._unchanged:
            super().reject()
            return
        box = message_box(
            self,
            self.windowTitle(),
            tr("What you have changed here is not saved."),
            more=tr("Save it, discard it, or go on editing."),
        )
        roles = box.ButtonRole
        save = box.addButton(tr("&Save"), roles.AcceptRole)
        save.setEnabled(self._save.isEnabled())
        discard = box.addButton(tr("&Discard"), roles.DestructiveRole)
        stay = box.addButton(tr("&Go on editing"), roles.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        save.clicked.connect(self.save)
        discard.clicked.connect(lambda: self.done(0))
        box.open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file can be the target."""
        if dropped_files(event):
            take_a_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """It becomes that."""
        take_a_copy(event)
        for path in dropped_files(event)[:1]:
            self._form.set_target(path)

    def done(self, result: int) -> None:
        """Closed: the dialog is used once."""
        super().done(result)
        self.deleteLater()

    def _state(self) -> tuple[object, ...]:
        """What closing would lose. To have chosen the kind of a new one is no work."""
        kind = self._form.kind.kind if self._path is not None else None
        return kind, *self._form.written()

    def _go_to_target(self) -> None:
        self._form.fields["target"].editor.setFocus(Qt.FocusReason.OtherFocusReason)

    # Validation

    def _on_edited(self, field: str) -> None:
        if field == "kind":
            self._offer()
            self._fit()
        self._touched.add(field)
        self._timer.start()

    def _validate(self) -> bool:
        """Say at each touched field what is wrong with it; whether the spec can be saved."""
        self._timer.stop()
        spec, faults = self._form.spec()
        unread = {fault.field for fault in faults}
        faults += [fault for fault in shape_faults(spec) if fault.field not in unread]
        if spec.title in self._others and spec.target:
            sentence = tr("There is already a spec named '{title}'.", title=spec.title)
            faults.append(Fault("name", sentence))
        for field in self._form.fields.values():
            field.clear()
        self._general.hide()
        for fault in faults:
            if fault.field in self._touched:
                self._show(fault, certain=True)
        for button in (self._save, self._start):
            button.setEnabled(not faults)
        self._asked = None
        if not faults:
            self._offer()
            self._asked = spec
            self._check.check(spec)
        return not faults

    def _on_checked(self, spec: LaunchSpec, faults: list[Fault]) -> None:
        if spec is not self._asked:
            return  # the form has moved on
        for fault in faults:
            self._show(fault, certain=False)

    def _show(self, fault: Fault, certain: bool) -> None:
        field = self._form.fields.get(fault.field)
        if field is None:
            self._general.setText(fault.sentence)
            self._general.show()
            return
        if field.fault:
            return  # the first one is the one to mend
        (field.show_fault if certain else field.show_doubt)(fault.sentence)
        self._fit()
        if self._form.is_folded_away(fault.field):
            self._more.setChecked(True)

    def _focus_fault(self) -> None:
        """Put the keyboard where something is to be mended."""
        for field in self._form.fields.values():
            if field.fault:
                field.editor.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    # Offers

    def _offer(self) -> None:
        """Completions and interpreters that fit what the form says now."""
        spec = self.spec()
        self._form.complete_targets([s.target for s in self._known if s.kind is spec.kind])
        folder = os.path.expanduser(spec.cwd)
        if spec.kind is TargetKind.SCRIPT:
            folder = os.path.dirname(os.path.join(folder, os.path.expanduser(spec.target)))
        self._form.interpreter.offer(os.path.abspath(folder))

    def _on_browse_target_clicked(self) -> None:
        spec = self.spec()
        start = os.path.dirname(os.path.join(spec.cwd, spec.target))
        script = spec.kind is TargetKind.SCRIPT
        title = tr("The script to start") if script else tr("The command to start")
        dialog = file_dialog(self, title, spec.kind.value, folder=start)
        if script:
            offer_files(dialog, PYTHON)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._form.set_target)
        dialog.open()

    def _on_browse_cwd_clicked(self) -> None:
        dialog = file_dialog(self, tr("The working directory"), "cwd", folder=self.spec().cwd)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._form.set_cwd)
        dialog.open()

    # Parts

    def _build(self) -> None:
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(self._form)
        scroll.setAccessibleName(tr("Fields of the spec"))
        self._general = Label(wraps=True)
        self._general.setProperty("faultText", True)
        self._general.setContentsMargins(theme.SPACE * 2, 0, theme.SPACE * 2, 0)
        self._general.hide()
        self._more = QToolButton()
        self._more.setText(tr("More options"))
        self._more.setCheckable(True)
        self._more.setStyleSheet("QToolButton:checked { background: transparent; }")
        self._more.setAccessibleName(tr("More options"))
        set_tip(self._more, tr("Interpreter, folder, environment, count and more (Alt+M)"))
        self._more.setIcon(icons.icon("chevron"))
        self._more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._more.toggled.connect(self._on_more_toggled)
        cancel = QPushButton(tr("Cancel"))
        set_tip(cancel, tr("Close without saving (Esc)"))
        cancel.clicked.connect(self.reject)
        self._save = QPushButton(tr("&Save"))
        set_tip(self._save, tr("Save the spec (Ctrl+S)"))
        self._save.clicked.connect(self.save)
        self._start = QPushButton(tr("Save and start"))
        set_tip(self._start, tr("Save the spec and start it (Ctrl+Return)"))
        self._start.clicked.connect(self.save_and_start)
        self._start.setDefault(True)
        deeds = (self._more.toggle, self.save, self.save_and_start)  # Escape is Qt's
        for (keys, _what), do in zip(self.KEYS, deeds, strict=False):
            QShortcut(QKeySequence(keys), self, do)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(theme.SPACE * 2, theme.SPACE, theme.SPACE * 2, theme.SPACE * 2)
        buttons.setSpacing(theme.SPACE)
        buttons.addWidget(self._more)
        buttons.addStretch(1)
        for button in (cancel, self._save, self._start):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addWidget(self._general)
        layout.addLayout(buttons)

    def _on_more_toggled(self, more: bool) -> None:
        self._form.show_more(more)
        self._more.setIcon(icons.icon("chevron-down" if more else "chevron"))
        self._fit()

    def _fit(self) -> None:
        """As large as the fields need, as far as the screen goes; never smaller than now."""
        layout = self._form.layout()
        if layout is None:
            return
        layout.activate()
        needed = self._form.sizeHint() + QSize(2 * theme.SPACE, 72)
        screen = self.screen().availableGeometry()
        room = QSize(screen.width() * 95 // 100, screen.height() * 85 // 100)
        self.resize(self.size().expandedTo(needed.boundedTo(room)))


def _specs_in(store: SpecStore) -> dict[Path, LaunchSpec]:
    """What the store holds; nothing when it cannot be read, which saving will say."""
    from spawnscope.core.launch.spec_store import SpecStoreError

    try:
        return {each.path: each.spec for each in store.list() if each.spec is not None}
    except SpecStoreError:
        return {}
