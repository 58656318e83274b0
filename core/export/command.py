"""`export`: a recorded session in another format. Nothing half-written is left behind.

-o missing      stdout
-o FILE         FILE.part, then FILE; a device or a named pipe as it is
-o FOLDER, csv  FOLDER.part, then FOLDER
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, NoReturn

from ..private_file import keep_mode, private
from ..session.reader import SessionReader
from ..session.session_error import SessionError
from ..session.written_now import check_free
from ..telling import say, tell
from ..translation import tr

if TYPE_CHECKING:
    import argparse
    from types import FrameType

FORMATS = ("jsonl", "chrome-trace", "csv")
TABLES = ("objects", "operations", "samples")
_FAULT_STATUS = 1
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_USAGE_STATUS = 2
_asked = 0  # the signal that asked us to leave

Progress = Callable[[float], bool]
Write = Callable[[SessionReader, BinaryIO, Progress], object]


def export_command(options: argparse.Namespace) -> int:
    """Write `options.file` as `options.format` to `options.output` ("-": stdout); of csv
    `options.table` alone, or all of them into a folder."""
    to_stdout = options.output == "-"
    name = "stdout" if to_stdout else f"'{options.output}'"
    fault = _misfit(options)
    if fault:
        return tell(fault, _USAGE_STATUS)
    try:
        reader = SessionReader(options.file)
    except SessionError as error:
        return tell(str(error), _USAGE_STATUS)
    for number in _STOPPING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _leave)
    try:
        if options.format == "csv" and not options.table:
            return _into_folder(reader, options.output)
        write = _writer(options.format, options.table)
        if to_stdout:
            if sys.stdout is None:
                return tell(
                    tr("There is no stdout to write to; choose a file with -o."), _USAGE_STATUS
                )
            _write(reader, sys.stdout.buffer, write)
        elif os.path.exists(options.output) and os.path.samefile(options.output, options.file):
            return tell(
                tr("{name} is the session itself; choose another name for -o.", name=name),
                _USAGE_STATUS,
            )
        elif os.path.exists(options.output) and not os.path.isfile(options.output):
            with open(options.output, "wb") as device:  # a named pipe, /dev/null: never replaced
                _write(reader, device, write)
        else:
            _into_file(reader, os.path.realpath(options.output), write)
    except BrokenPipeError:
        # Who read has seen enough; the interpreter must not try again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except OSError as error:
        if to_stdout:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return tell(
            tr("{name} cannot be written: {error}.", name=name, error=error.strerror), _USAGE_STATUS
        )
    except SessionError as error:
        return tell(str(error), _FAULT_STATUS)
    except KeyboardInterrupt:
        say("\n")
        return tell(tr("the export was cancelled."), 128 + signal.SIGINT)
    finally:
        reader.close()
    return 0


def _misfit(options: argparse.Namespace) -> str:
    """What of the options does not fit together: a sentence, or ""."""
    if options.format != "csv":
        return (
            tr("--table is for csv only, not for {format}.", format=options.format)
            if options.table
            else ""
        )
    if options.table or options.output != "-":
        return ""
    return tr(
        "csv has several tables: name a new folder for them with -o, or choose one "
        "with --table {tables}.",
        tables="|".join(TABLES),
    )


def _writer(form: str, table: str | None) -> Write:
    if form == "chrome-trace":
        from .chrome_trace import export_chrome_trace

        return export_chrome_trace
    if form == "csv":
        from .csv import export_csv

        def write(reader: SessionReader, out: BinaryIO, progress: Progress) -> object:
            return export_csv(
                reader, lambda _: contextlib.nullcontext(out), progress, (str(table),)
            )

        return write
    from .jsonl import export

    return export


def _into_file(reader: SessionReader, path: str, write: Write) -> None:
    check_free(path)
    folder, name = os.path.split(path)
    partial = ""
    # A signal between the file's making and our knowing its name would leave it behind.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
    try:
        try:
            descriptor, partial = tempfile.mkstemp(".part", f".{name[:100]}-", folder)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        with open(descriptor, "wb") as out:
            keep_mode(descriptor, path)
            _write(reader, out, write)
        check_free(path)  # another one may have begun to write it meanwhile
        os.replace(partial, path)
    except BaseException:
        if partial:
            os.unlink(partial)
        raise


def _into_folder(reader: SessionReader, path: str) -> int:
    from .csv import export_csv

    if os.path.lexists(path):
        return tell(
            tr(
                "'{path}' exists already; csv makes a new folder, so choose another name for -o.",
                path=path,
            ),
            _USAGE_STATUS,
        )
    path = os.path.abspath(path)
    folder, name = os.path.split(path)
    partial = ""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
    try:
        try:
            partial = tempfile.mkdtemp(".part", f".{name[:100]}-", folder)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

        def out(table: str) -> BinaryIO:
            return open(os.path.join(partial, f"{table}.csv"), "xb", opener=private)

        export_csv(reader, out, _shown_progress())
        os.rename(partial, path)  # never replaces a folder that has something in it
    except BaseException:
        if partial:
            shutil.rmtree(partial, ignore_errors=True)
        raise
    return 0


def _write(reader: SessionReader, out: BinaryIO, write: Write) -> None:
    write(reader, out, _shown_progress())
    out.flush()


def _shown_progress() -> Progress:
    return _progress if sys.stderr is not None and sys.stderr.isatty() else _silent


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    """By way of every `finally`. It is noted as well: what is raised while C code calls Python may
    be swallowed there."""
    global _asked
    _asked = number
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    sys.exit(128 + number)


def _heard() -> None:
    """Leave now if a signal asked for it and nobody noticed."""
    if _asked:
        _leave(_asked, None)


def _silent(done: float) -> bool:
    _heard()
    return True


def _progress(done: float) -> bool:
    _heard()
    end = "\n" if done >= 1 else ""
    say("\r" + tr("exporting {done:4.0%}", done=done) + end)
    return True
