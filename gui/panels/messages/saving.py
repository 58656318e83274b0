"""Copying and saving from the log: one task at a time, shown in the strip, cancellable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.translation import tr, trn

from ...kit.file_dialog import chosen_format, save_dialog
from .strips import TaskStrip

if TYPE_CHECKING:
    from spawnscope.core.session.message_query import MessageFilter
    from spawnscope.core.session.reader import SessionReader

    from .export import MessageExport, Sink
    from .formats import MessageFormat

CLIPBOARD_CHARACTERS = 32_000_000


class Saving(QObject):
    """Brings messages to the clipboard or into a file."""

    def __init__(self, table: ProcessTable, strip: TaskStrip, parent: QWidget) -> None:
        super().__init__(parent)
        self._table = table
        self.strip = strip
        self._owner = parent
        self._export: MessageExport | None = None
        self._sink: Sink | None = None
        self._where = ""
        strip.cancel_clicked.connect(self.cancel)

    @property
    def busy(self) -> bool:
        return self._export is not None

    def copy(
        self,
        session: SessionReader,
        wanted: MessageFilter | None,
        ids: tuple[int, int],
        *,
        with_origin: bool = False,
    ) -> None:
        """Copy the messages from id `ids[0]` to `ids[1]` that pass; `with_origin`: each with its
        time, process and stream."""
        from .export import MemorySink
        from .formats import LogFormat, TextFormat

        form = (LogFormat if with_origin else TextFormat)(self._describe)
        self._where = ""
        self._start(session, wanted, form, MemorySink(CLIPBOARD_CHARACTERS), ids)

    def ask_and_save(self, session: SessionReader, wanted: MessageFilter | None) -> None:
        """Ask for a file, then save what passes into it."""
        from .formats import FILE_FORMATS

        forms = {form.title: form for form in FILE_FORMATS}
        suffixes = {form.title: form.suffix for form in FILE_FORMATS}
        dialog = save_dialog(self._owner, tr("Save messages"), "messages", "messages", suffixes)
        dialog.fileSelected.connect(
            lambda path: self.save(session, wanted, path, forms[chosen_format(dialog)])
        )
        dialog.open()

    def save(
        self,
        session: SessionReader,
        wanted: MessageFilter | None,
        path: str,
        form: type[MessageFormat] | None = None,
    ) -> None:
        """Save what passes into the file `path`; `form` None: what its suffix says."""
        from .export import FileSink
        from .formats import FILE_FORMATS

        by_suffix = [each for each in FILE_FORMATS if path.endswith(each.suffix)]
        chosen = form or (by_suffix or [FILE_FORMATS[0]])[0]
        try:
            sink = FileSink(path)
        except OSError as error:
            self.strip.show_outcome(
                tr(
                    "The file {path} cannot be written: {error}.",
                    path=path,
                    error=error.strerror or error,
                ),
                fault=True,
            )
            return
        self._where = path
        self._start(session, wanted, chosen(self._describe), sink, None)

    def cancel(self) -> None:
        """Stop what is going on, and leave nothing of it behind."""
        if self._export is not None:
            self._export.cancel()
            self._done(tr("Saving was cancelled.") if self._where else tr("Copying was cancelled."))

    def _start(
        self,
        session: SessionReader,
        wanted: MessageFilter | None,
        form: MessageFormat,
        sink: Sink,
        ids: tuple[int, int] | None,
    ) -> None:
        from spawnscope.core.session.session_error import SessionError

        from .export import MessageExport

        where = self._where
        if self._export is not None:
            self._export.cancel()
            self._forget()
        try:
            export = MessageExport(session, wanted, form, sink, ids, self)
        except SessionError as error:
            sink.abandon()
            self.strip.show_outcome(str(error), fault=True)
            return
        self._where = where
        self._sink = sink
        self._export = export
        export.progressed.connect(self._on_progressed)
        export.finished.connect(self._on_finished)
        export.failed.connect(self._on_failed)
        export.start()

    def _on_progressed(self, share: float) -> None:
        text = (
            tr("Saving to {path}, {share:.0%}", path=self._where, share=share)
            if self._where
            else tr("Copying, {share:.0%}", share=share)
        )
        self.strip.show_progress(text, share)

    def _on_finished(self, count: int) -> None:
        if self._where:
            self._done(
                trn(
                    "Saved {count} message to {path}.",
                    "Saved {count} messages to {path}.",
                    count, path=self._where,
                )
            )  # fmt: skip
            return
        from .export import MemorySink

        sink = self._sink
        assert isinstance(sink, MemorySink)
        QGuiApplication.clipboard().setText(sink.text.removesuffix("\n"))
        if sink.full:
            self._done(
                trn(
                    "That is more than a clipboard takes: the first {count} character was copied. "
                    "Save the messages to have all.",
                    "That is more than a clipboard takes: the first {count} characters were "
                    "copied. Save the messages to have all.",
                    len(sink.text),
                )
            )
        elif self.strip.text:
            self._done(trn("Copied {count} message.", "Copied {count} messages.", count))
        else:
            self._forget()

    def _on_failed(self, sentence: str) -> None:
        self._done(sentence, fault=True)

    def _done(self, sentence: str, *, fault: bool = False) -> None:
        self._forget()
        self.strip.show_outcome(sentence, fault=fault)

    def _forget(self) -> None:
        if self._export is not None:
            self._export.deleteLater()
        self._export = self._sink = None

    def _describe(self, process: int) -> tuple[str, int | None]:
        row = self._table.get(process)
        if row is None:
            return f"process {process}", None  # untranslated: it stands in the file
        return row.label, row.pid
