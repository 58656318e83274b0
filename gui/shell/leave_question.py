"""The question before the window is left: what runs would be ended."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from spawnscope.core.translation import tr, trn

from ..kit.plain import Label
from ..kit.style import icons, theme
from ..kit.text.foreign import window_title

_MOST_LINES = 8
_WIDTH = 420


class LeaveQuestion(QDialog):
    """Accepted when what runs is to be ended. Return and Escape stay, to begin with."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(window_title(tr("Leave?")))
        self.setModal(True)
        self._icon = Label()
        self._icon.setPixmap(icons.icon("warning", "warning").pixmap(24, 24))
        self._heading = Label()
        self._heading.setProperty("heading", True)
        self._list = QGridLayout()
        self._list.setHorizontalSpacing(theme.SPACE * 2)
        self._list.setVerticalSpacing(theme.SPACE // 2)
        self._list.setColumnStretch(0, 1)
        self._how = Label(wraps=True)
        self._how.setProperty("muted", True)
        self._stay = QPushButton(tr("Stay"))
        self._stay.setDefault(True)
        self._stay.clicked.connect(self.reject)
        self._leave = QPushButton()  # Return presses it too, once it has the focus
        self._leave.clicked.connect(self.accept)
        self._lay_out()
        self._stay.setFocus()

    def show_running(self, running: Mapping[str, int]) -> None:
        """What runs now: processes by worker."""
        count = sum(running.values())
        self._heading.setText(
            trn("{count} process still runs", "{count} processes still run", count)
        )
        self._leave.setText(trn("End it and leave", "End them and leave", count))
        self._how.setText(
            trn(
                "It is asked to end, and killed when its grace is over.",
                "Each is asked to end, and killed when its grace is over.",
                count,
            )
        )
        while (item := self._list.takeAt(0)) is not None:
            if (label := item.widget()) is not None:
                label.deleteLater()
        shown = sorted(running.items(), key=lambda pair: (-pair[1], pair[0]))
        if len(shown) > _MOST_LINES:
            rest = shown[_MOST_LINES - 1 :]
            others = tr("and {count} more", count=len(rest))
            shown[_MOST_LINES - 1 :] = [(others, sum(number for _, number in rest))]
        for line, (name, number) in enumerate(shown):
            label = Label()
            wide = label.fontMetrics().elidedText(
                " ".join(name.split()), Qt.TextElideMode.ElideMiddle, _WIDTH * 2 // 3
            )
            label.setText(wide)
            figure = Label(text=trn("{count} process", "{count} processes", number))
            figure.setProperty("muted", True)
            self._list.addWidget(label, line, 0)
            self._list.addWidget(figure, line, 1, Qt.AlignmentFlag.AlignRight)
        self.adjustSize()

    def _lay_out(self) -> None:
        body = QVBoxLayout()
        body.setSpacing(theme.SPACE + theme.SPACE // 2)
        body.addWidget(self._heading)
        body.addLayout(self._list)
        body.addWidget(self._how)
        body.addSpacing(theme.SPACE)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE)
        buttons.addStretch(1)
        buttons.addWidget(self._stay)
        buttons.addWidget(self._leave)
        body.addLayout(buttons)
        layout = QHBoxLayout(self)
        margin = theme.SPACE * 2
        layout.setContentsMargins(margin, margin, margin, margin)
        layout.setSpacing(margin)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(body, 1)
        self.setMinimumWidth(_WIDTH)
