"""The pre-flight check on behalf of the window, without ever blocking it.

check(spec) -- nothing to run --> at once -------------------.
            '- an interpreter to ask --> a thread --queued---'--> checked(spec, faults)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from spawnscope.core.vocabulary.launch_spec import Fault, LaunchSpec

_NAME = "launch check"  # untranslated: of its threads


class LaunchCheck(QObject):
    """Emits `checked(spec, faults)` once for each `check`, and `_answered` from its threads."""

    checked = Signal(object, object)
    _answered = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._answered.connect(self._on_answered)

    def check(self, spec: LaunchSpec) -> bool:
        """Begin; False when the answer takes a while. In the main thread."""
        from spawnscope.core.launch.preflight import is_quick, preflight

        if is_quick(spec):
            self.checked.emit(spec, preflight(spec))
            return True
        from threading import Thread

        # A daemon: leaving the program does not wait for an interpreter that hangs.
        Thread(target=self._run, args=(spec,), name=_NAME, daemon=True).start()
        return False

    @Slot()
    def warm_up(self) -> None:
        """Import what a check takes, and get to know the default interpreter, before a click."""
        from spawnscope.core.launch import interpreter, module_outline, preflight  # noqa: F401

        if interpreter.known("") is None:
            from threading import Thread

            Thread(target=_describe_default, name=_NAME, daemon=True).start()

    def _run(self, spec: LaunchSpec) -> None:
        """In a thread."""
        from spawnscope.core.launch.preflight import preflight

        try:
            faults = preflight(spec)
        except Exception as error:  # noqa: BLE001 - the edge of a thread: a spec must get an answer
            from spawnscope.core.translation import tr
            from spawnscope.core.vocabulary.launch_spec import Fault

            faults = [Fault("", tr("The check itself failed: {error}.", error=repr(error)))]
        try:
            self._answered.emit(spec, faults)
        except RuntimeError:  # the window is gone
            return

    @Slot(object, object)
    def _on_answered(self, spec: LaunchSpec, faults: list[Fault]) -> None:
        self.checked.emit(spec, faults)


def _describe_default() -> None:
    """In a thread."""
    from spawnscope.core.launch.interpreter import InterpreterError, describe

    try:
        describe("")
    except InterpreterError:
        return  # the check says so when it matters
