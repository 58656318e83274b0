"""What stands over the tree: the toolbar with all that can be done, and the panel's own actions."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from spawnscope.core.translation import tr

from ...kit.plain import set_tip
from ...kit.style.icons import icon
from .actions import ProcessActions
from .filter_field import FilterField
from .toolbar import Toolbar
from .tree import ProcessTree


class Tools(Toolbar):
    """The filled toolbar of the panel `home`. `pause`, `pin`, `clear` and `go_to_filter` are
    left for the panel; the others work by themselves."""

    def __init__(
        self, home: QWidget, actions: ProcessActions, tree: ProcessTree, field: FilterField
    ) -> None:
        super().__init__(home)
        self._home = home
        self._tree = tree
        for deed, rank in (("terminate", 1), ("kill", 2), ("tree", 3)):
            self.add_button(actions[deed], rank)
        self.add_gap()
        for deed, rank in (("suspend", 5), ("resume", 6)):
            self.add_button(actions[deed], rank)
        self.add_menu_button(actions["signal"], actions.signal_menu(), 9)
        self.add_button(actions["restart"], 4)
        self.add_gap()
        for deed, rank in (("copy", 8), ("reveal", 7)):
            self.add_button(actions[deed], rank)
        self.add_field(field)
        self.add_gap()
        self._make_own()

    def _make_own(self) -> None:
        own, tree = self._own_action, self._tree
        frozen = tr("Freeze the display; what happens meanwhile is kept")
        self.pause = own(tr("Pause"), "pause", "Space", frozen, True)  # untranslated: a key
        self.pause.setCheckable(True)
        kept = tr("Keep the selection; else what is started next is selected")
        self.pin = own(tr("Pin"), "pin", "Ctrl+P", kept)
        self.pin.setCheckable(True)
        gone = tr("Remove ended processes with nothing alive below")
        self.clear = own(tr("Clear ended"), "clear", "Ctrl+L", gone)
        expand = own(tr("Expand all"), "expand-all", "Ctrl+Right", tr("Open every branch"), True)
        collapse = own(
            tr("Collapse all"), "collapse-all", "Ctrl+Left", tr("Close every branch"), True
        )
        seen = tr("Choose what to see of each process")
        choose = own(tr("Columns"), "columns", "Ctrl+Shift+L", seen)
        self.go_to_filter = own(tr("Filter"), "filter", "Ctrl+F", tr("Go to the filter box"))
        self.add_button(self.pause, 0, widest=tr("Paused ({count})", count=9999))
        self.add_button(self.pin, 14)
        self.add_button(self.clear, 10)
        self.add_button(expand, 12)
        self.add_button(collapse, 13)
        columns = self.add_menu_button(choose, tree.columns.menu, 11)
        expand.triggered.connect(tree.open_all)
        collapse.triggered.connect(tree.close_all)
        choose.triggered.connect(columns.showMenu)
        self.add_rest()

    def show_pause(self, paused: bool, count: int) -> None:
        """Say on the button whether the display stands still, and how many changes wait."""
        text, picture = (tr("Pause"), "pause")
        if paused:
            text, picture = (tr("Paused ({count})", count=count) if count else tr("Paused")), "play"
        if self.pause.text() != text:
            self.pause.setText(text)
            self.pause.setIcon(icon(picture))

    def _own_action(
        self, text: str, picture: str, shortcut: str, explanation: str, of_tree: bool = False
    ) -> QAction:
        """An action of the panel; `of_tree`: its key counts only while the tree has the focus."""
        action = QAction(icon(picture), text, self._home)
        sequence = QKeySequence(shortcut)
        action.setShortcut(sequence)
        contexts = Qt.ShortcutContext
        action.setShortcutContext(
            contexts.WidgetShortcut if of_tree else contexts.WidgetWithChildrenShortcut
        )
        shown = sequence.toString(QKeySequence.SequenceFormat.NativeText)
        set_tip(action, f"{text} ({shown})\n{explanation}")
        (self._tree if of_tree else self._home).addAction(action)
        return action
