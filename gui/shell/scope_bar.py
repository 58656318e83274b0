"""The bar over all panels: which runs they show, of which moment, and another choice in one click.

[pipeline · 14:03:22 · 6 live] [As of 14:03:40]     [Newest run] [All that lives] [Whole session]
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QActionGroup, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton, QWidget

from spawnscope.core.store.change import StoreChange
from spawnscope.core.store.scope import Run
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.translation import tr, trn

from ..kit.plain import set_tip
from ..kit.style import icons, theme
from ..kit.text.clock import Clock
from ..kit.text.foreign import caption
from .scoping import Scoping

_SOON = 150  # ms from news to a look
_MOST = 30  # runs in the menu
_ICON = 14


class ScopeBar(QFrame):
    """Names the scope of a store, and lets the user choose another. Hidden until something ran.

    Emits moment_left() when the newest is to be shown again."""

    moment_left = Signal()

    def __init__(
        self, store: SessionStore, scoping: Scoping, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("panelHead", True)
        self.setAccessibleName(tr("What is shown"))
        self._store = store
        self._scoping = scoping
        self._clock = Clock()
        self._said: object = None  # what the bar says, worked out from
        self._checked: tuple[tuple[QToolButton, bool], ...] = ()
        self.runs = self._button("chevron-down", tr("Choose among all runs"))
        self.runs.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the picture behind the text
        self.runs.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.runs.setMenu(self._menu)
        self.moment = self._button("clock", tr("Show the end of the session again"))
        self.moment.hide()
        self.newest = self._button("play", tr("Show the newest run, and what is started next"))
        self.living = self._button("usage", tr("Show every run of which something lives"))
        self.whole = self._button("family", tr("Show everything that ran in this session"))
        for button in (self.newest, self.living, self.whole):
            button.setCheckable(True)
        self.undo = self._button(
            "restart", tr("Bring back the ended processes that were cleared last")
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE, 2, theme.SPACE, 2)
        row.setSpacing(2)
        row.addWidget(self.runs)
        row.addWidget(self.moment)
        row.addStretch(1)
        for button in (self.undo, self.newest, self.living, self.whole):
            row.addWidget(button)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.refresh)
        self.moment.clicked.connect(self.moment_left)
        self.newest.clicked.connect(self._on_newest)
        self.living.clicked.connect(scoping.show_living)
        self.whole.clicked.connect(scoping.show_all)
        self.undo.clicked.connect(store.restore_cleared)
        scoping.changed.connect(self.refresh)
        store.subscribe(self._on_change)
        self.refresh()

    def refresh(self) -> None:
        """Say what is shown now, if that is something else."""
        store = self._store
        runs = store.runs()
        state = (runs, store.scope, store.is_live, store.has_cleared)
        if state == self._said:
            for button, on in self._checked:  # a click has switched it
                button.setChecked(on)
            return
        self._said = state
        self.setVisible(bool(runs))
        scope = self._store.scope
        living = sum(run.living > 0 for run in runs)
        chosen = [run for run in runs if scope.runs is None or run.number in scope.runs]
        newest = scope.runs is not None and bool(runs) and scope.runs == {runs[-1].number}
        self.runs.setText(caption(self._name(runs, chosen)))
        self.newest.setText(tr("Newest run"))
        self.living.setText(tr("All that lives ({count})", count=format(living, ",")))
        self.whole.setText(tr("Whole session ({count})", count=format(len(runs), ",")))
        whole = scope.runs is None and not scope.living
        self._checked = (self.newest, newest), (self.living, scope.living), (self.whole, whole)
        for button, on in self._checked:
            button.setChecked(on)
        self.living.setVisible(self._store.is_live or scope.living)
        self.undo.setVisible(self._store.has_cleared)
        self.undo.setText(
            trn("Bring back {count} cleared", "Bring back {count} cleared", len(scope.without))
        )

    def tell_moment(self, time_ns: int | None) -> None:
        """All panels show this moment; None: the newest."""
        self.moment.setVisible(time_ns is not None)
        if time_ns is None:
            return
        time, reader = self._clock.text(time_ns), self._store.lend()
        if reader is None or reader.history.knows_moments:
            self.moment.setText(tr("As of {time}", time=time))
        else:  # an older session has no history
            self.moment.setText(tr("As of {time}, with the totals of the end", time=time))

    def _name(self, runs: list[Run], chosen: list[Run]) -> str:
        scope = self._store.scope
        if scope.living:
            return tr("All that lives")
        if scope.runs is None:
            return tr("The whole session")
        if len(chosen) == 1:
            return self._about(chosen[0])
        if chosen and len({run.title for run in chosen}) == 1:
            return trn(
                "{count} run of {title}",
                "{count} runs of {title}",
                len(chosen),
                title=chosen[0].title,
            )
        return trn(
            "{some} of {count} run",
            "{some} of {count} runs",
            len(runs),
            some=format(len(chosen), ","),
        )

    def _about(self, run: Run) -> str:
        state = trn("{count} live", "{count} live", run.living) if run.living else tr("ended")
        return f"{run.title} · {self._clock.text(run.started_ns)[:8]} · {state}"

    def _fill_menu(self) -> None:
        self._menu.clear()
        group = QActionGroup(self._menu)
        group.setExclusive(False)
        scope = self._store.scope
        runs = self._store.runs()
        for run in reversed(runs[-_MOST:]):
            action = self._menu.addAction(caption(self._about(run)))
            action.setCheckable(True)
            action.setChecked(scope.runs is not None and run.number in scope.runs)
            set_tip(action, tr("Only this run; with Ctrl: this one as well, or no more"))
            group.addAction(action)
            action.triggered.connect(lambda _on, number=run.number: self._on_run(number))
        if len(runs) > _MOST:
            more = self._menu.addAction(_older(len(runs) - _MOST))
            more.triggered.connect(self._scoping.show_all)

    def _on_run(self, number: int) -> None:
        scope = self._store.scope
        adds = QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier
        if adds and scope.runs is not None:
            self._scoping.show_runs(scope.runs ^ {number} or {number})
        else:
            self._scoping.show_runs((number,))

    def _on_newest(self) -> None:
        runs = self._store.runs()
        if runs:
            self._scoping.show_runs((runs[-1].number,))
        self.refresh()

    def _on_change(self, change: StoreChange) -> None:
        if (change.people or change.scoped or change.ended) and not self._soon.isActive():
            self._soon.start(_SOON)

    def _button(self, picture: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icons.icon(picture, "muted"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_tip(button, tip)
        return button


def _older(count: int) -> str:
    return trn(
        "{count} older run: see the whole session",
        "{count} older runs: see the whole session",
        count,
    )
