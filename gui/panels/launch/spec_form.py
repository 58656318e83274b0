"""The form of a launch spec: fields by name, filled from a spec and read back into one.

The first view holds what every start needs; the rest is folded away until it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QCompleter,
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from spawnscope.core.launch import call_text
from spawnscope.core.translation import mark, tr
from spawnscope.core.vocabulary.launch_spec import (
    MAX_COUNT,
    MAX_GRACE_SECONDS,
    Fault,
    LaunchSpec,
    Output,
    StartMethod,
    TargetKind,
)

from ...kit.choice_box import ChoiceBox
from ...kit.number_box import CountBox, SecondsBox
from ...kit.plain import set_tip
from ...kit.style import theme
from ...kit.text_field import TextField
from .environment_table import EnvironmentTable
from .field import Field
from .interpreter_field import InterpreterField
from .kind_selector import KindSelector

_FUNCTION = TargetKind.FUNCTION
_PLAIN = """
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; border: none; }
QLineEdit { border: none; padding: 0; background: transparent; }
"""
_TARGETS = {
    TargetKind.SCRIPT: (mark("&Script"), mark("The path of a Python file")),
    TargetKind.MODULE: (mark("Mod&ule"), mark("package.module")),
    TargetKind.FUNCTION: (mark("&Function"), mark("package.module:function")),
    TargetKind.COMMAND: (mark("&Program"), mark("A name on PATH, or a path")),
}
_METHODS = {
    StartMethod.FORK: mark("a copy of Spawnscope's supervisor: starts at once"),
    StartMethod.SPAWN: mark("a fresh interpreter: slow to start, safe with threads"),
    StartMethod.FORKSERVER: mark("a copy of a clean server: quick after the first"),
}
_OUTPUTS = {
    Output.SOCKET: mark("names the process behind each line"),
    Output.PIPE: mark("for programs that open /dev/stdout; names the worker only"),
}


class SpecForm(QWidget):
    """Emits `edited(field)` with the name of the field that the user changed."""

    edited = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._base = LaunchSpec(kind=TargetKind.SCRIPT, target="")
        self.kind = KindSelector()
        self._target = TextField()
        self._arguments = TextField()
        self._keywords = QPlainTextEdit(tabChangesFocus=True)
        self._keywords.setPlaceholderText(tr("name=value, one a line"))
        self._keywords.setFixedHeight(64)
        self._keywords.setAcceptDrops(False)  # the dialog takes them
        self._name = TextField()
        self._method = _choice({method.value: text for method, text in _METHODS.items()})
        self._count = CountBox(1, MAX_COUNT)
        self._grace = SecondsBox(MAX_GRACE_SECONDS)
        for box in (self._count, self._grace):
            set_tip(box, tr("Up and Down change it"))
            box.setStyleSheet(_PLAIN)
            box.lineEdit().setTextMargins(theme.SPACE // 2, 0, 0, 0)
            box.lineEdit().setAcceptDrops(False)
        self._cwd = TextField(placeholder=tr("That of Spawnscope"))
        self._output = _choice({output.value: text for output, text in _OUTPUTS.items()})
        self._daemon = QCheckBox(
            tr("Daemon: may have no children of its own through multiprocessing")
        )
        self._unbuffered = QCheckBox(
            tr("Unbuffered: Python writes each piece at once, not each line")
        )
        self._keeping = QCheckBox(tr("Keep tasks of pools that fail, to run them alone"))
        self._check = QCheckBox(
            tr("Check for forkserver: say what would break where that starts processes")
        )
        self._environment = EnvironmentTable()

        target = Field("target", "", self._target)
        self.browse_target = target.add_button("folder", tr("Browse for the target"))
        cwd = Field("cwd", tr("&Working directory"), self._cwd)
        self.browse_cwd = cwd.add_button("folder", tr("Browse for the working directory"))
        self.interpreter = InterpreterField()
        environment = Field("environment", tr("&Environment, added to that of Spawnscope"),
                            self._environment)  # fmt: skip
        self._environment.edited.connect(environment.edited)
        fields = [
            target,
            Field("arguments", tr("&Arguments"), self._arguments),
            Field("keywords", tr("&Keyword arguments"), self._keywords),
            Field("name", tr("&Name"), self._name),
            Field("start_method", tr("S&tart method"), self._method),
            Field("count", tr("&How many"), self._count),
            self.interpreter,
            cwd,
            environment,
            Field("grace_seconds", tr("&Grace between SIGTERM and SIGKILL"), self._grace),
            Field("output", tr("&Output through a"), self._output),
            Field("daemon", "", self._daemon),
            Field("unbuffered", "", self._unbuffered),
            Field("keep_failed_tasks", "", self._keeping),
            Field("check_forkserver", "", self._check),
        ]
        self.fields = {field.name: field for field in fields}
        for field in fields:
            field.edited.connect(lambda name=field.name: self.edited.emit(name))
        self.kind.kind_changed.connect(self._on_kind_changed)
        self._build()

    def set_spec(self, spec: LaunchSpec) -> None:
        """Fill the form; what a field cannot show stays as it is in `spec`."""
        self._base = spec
        self.kind.set_kind(spec.kind)
        function = spec.kind is _FUNCTION
        write: Callable[[Sequence[str]], str]
        write = call_text.literals_text if function else call_text.words_text
        self._target.setText(spec.target)
        self._arguments.setText(write(spec.arguments))
        self._keywords.setPlainText(call_text.assignments_text(spec.keywords))
        self._name.setText(spec.name)
        self._method.setCurrentIndex(self._method.findData(spec.start_method.value))
        self._count.setValue(spec.count)
        self.interpreter.set_path(spec.interpreter)
        self._cwd.setText(spec.cwd)
        self._grace.setValue(spec.grace_seconds)
        self._output.setCurrentIndex(self._output.findData(spec.output.value))
        self._daemon.setChecked(spec.daemon)
        self._unbuffered.setChecked(spec.unbuffered)
        self._keeping.setChecked(spec.keep_failed_tasks)
        self._check.setChecked(spec.check_forkserver)
        self._environment.set_values(spec.environment)
        self._on_kind_changed()

    def spec(self) -> tuple[LaunchSpec, list[Fault]]:
        """The spec as it stands in the form, and what in its texts cannot be read."""
        faults = []
        kind = self.kind.kind
        function = kind is _FUNCTION
        arguments, keywords = self._base.arguments, self._base.keywords
        try:
            text = self._arguments.text()
            shown = call_text.literals_text(arguments)
            if not (function and self._base.kind is kind and text == shown):
                arguments = call_text.literals(text) if function else call_text.words(text)
        except call_text.CallTextError as error:
            faults.append(Fault("arguments", str(error)))
        try:
            text = self._keywords.toPlainText()
            if not function:
                keywords = {}
            elif text != call_text.assignments_text(keywords):
                keywords = call_text.assignments(text)
        except call_text.CallTextError as error:
            faults.append(Fault("keywords", str(error)))
        if self._environment.doubled():
            sentence = tr("'{name}' is there twice.", name=self._environment.doubled())
            faults.append(Fault("environment", sentence))
        return LaunchSpec(
            kind=kind,
            target=self._target.text().strip(),
            arguments=arguments,
            keywords=keywords,
            name=self._name.text().strip(),
            start_method=StartMethod(self._method.currentData()),
            count=self._count.value(),
            interpreter=self.interpreter.path(),
            cwd=self._cwd.text().strip(),
            environment=self._environment.values(),
            daemon=self._daemon.isChecked(),
            grace_seconds=self._grace.value(),
            output=Output(self._output.currentData()),
            unbuffered=self._unbuffered.isChecked(),
            keep_failed_tasks=self._keeping.isChecked(),
            check_forkserver=self._check.isChecked(),
        ), faults

    def written(self) -> tuple[object, ...]:
        """All that the user can change, as it stands, but for the kind."""
        texts = (self._target, self._arguments, self._name, self._cwd)
        boxes = (self._method, self._output)
        return (
            *(field.text() for field in texts),
            self._keywords.toPlainText(),
            *(box.currentData() for box in boxes),
            self._count.value(),
            self._grace.value(),
            self.interpreter.path(),
            self._daemon.isChecked(),
            self._unbuffered.isChecked(),
            self._keeping.isChecked(),
            self._check.isChecked(),
            tuple(self._environment.values().items()),
        )

    def set_target(self, target: str) -> None:
        """Put another target into its field."""
        self._target.setText(target)

    def set_cwd(self, cwd: str) -> None:
        """Put another working directory into its field."""
        self._cwd.setText(cwd)

    def is_folded_away(self, field: str) -> bool:
        """Whether a field is among those that `show_more` shows."""
        return self._more.isAncestorOf(self.fields[field])

    def show_more(self, more: bool) -> None:
        """Show or fold the fields that few starts need."""
        self._more.setVisible(more)

    def holds_more(self) -> bool:
        """Whether a field that is folded away at first differs from its default."""
        spec, default = self.spec()[0], LaunchSpec(kind=TargetKind.SCRIPT, target="")
        names = ("count", "interpreter", "cwd", "environment", "daemon", "grace_seconds",
                 "output", "unbuffered", "keep_failed_tasks", "check_forkserver")  # fmt: skip
        return any(getattr(spec, name) != getattr(default, name) for name in names)

    def complete_targets(self, targets: Sequence[str]) -> None:
        """Offer these while the target is typed."""
        completer = QCompleter(sorted(set(targets)), self._target)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._target.setCompleter(completer)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACE * 2, theme.SPACE * 2, theme.SPACE * 2, theme.SPACE)
        layout.setSpacing(theme.SPACE + theme.SPACE // 2)
        layout.addWidget(self.kind)
        for name in ("target", "arguments", "keywords", "start_method", "name"):
            layout.addWidget(self.fields[name])
        self._more = QWidget()
        more = QVBoxLayout(self._more)
        more.setContentsMargins(0, 0, 0, 0)
        more.setSpacing(layout.spacing())
        numbers = QHBoxLayout()
        numbers.setSpacing(theme.SPACE * 2)
        numbers.addWidget(self.fields["count"], 1)
        numbers.addWidget(self.fields["grace_seconds"], 2)
        for each in (self.fields["interpreter"], self.fields["cwd"], numbers,
                     self.fields["environment"], self.fields["output"],
                     self.fields["unbuffered"], self.fields["daemon"],
                     self.fields["keep_failed_tasks"],
                     self.fields["check_forkserver"]):  # fmt: skip
            if isinstance(each, QWidget):
                more.addWidget(each)
            else:
                more.addLayout(each)
        layout.addWidget(self._more)
        layout.addStretch(1)
        self._more.hide()

    def _on_kind_changed(self) -> None:
        kind = self.kind.kind
        label, placeholder = _TARGETS[kind]
        self.fields["target"].set_label(tr(label))
        self._target.setPlaceholderText(tr(placeholder))
        function = kind is _FUNCTION
        self._arguments.setPlaceholderText(
            "1, 'two', [3]" if function else '--verbose "two words"'  # untranslated: as it is typed
        )
        self.fields["arguments"].set_hint(
            tr("Python values with commas between") if function else ""
        )
        self._name.setPlaceholderText(tr("Derived from the target"))
        for name in ("keywords", "start_method"):
            self.fields[name].setVisible(function)
        self.browse_target.setVisible(kind in (TargetKind.SCRIPT, TargetKind.COMMAND))
        for name in ("interpreter", "unbuffered", "check_forkserver"):
            self.fields[name].setVisible(kind is not TargetKind.COMMAND)
        self.edited.emit("kind")


def _choice(texts: dict[str, str]) -> ChoiceBox:
    box = ChoiceBox()
    for value, text in texts.items():
        box.addItem(f"{value} – {tr(text)}", value)
    return box
