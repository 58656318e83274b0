"""`export`: a recorded session in another format. Nothing half-written is left behind."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, BinaryIO, NoReturn

from .session.jsonl_export import export
from .session.reader import SessionReader
from .session.session_error import SessionError

if TYPE_CHECKING:
    import argparse
    from types import FrameType

_FAULT_STATUS = 1
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_USAGE_STATUS = 2


def export_command(options: argparse.Namespace) -> int:
    """Write `options.file` as `options.format` to `options.output` ("-": stdout)."""
    to_stdout = options.output == "-"
    name = "stdout" if to_stdout else f"'{options.output}'"
    try:
        reader = SessionReader(options.file)
    except SessionError as error:
        return _tell(str(error), _USAGE_STATUS)
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _leave)
    try:
        if to_stdout:
            if sys.stdout is None:
                return _tell(
                    "There is no stdout to write to; choose a file with -o.", _USAGE_STATUS
                )
            _write(reader, sys.stdout.buffer)
        elif os.path.exists(options.output) and os.path.samefile(options.output, options.file):
            return _tell(
                f"{name} is the session itself; choose another name for -o.", _USAGE_STATUS
            )
        elif os.path.exists(options.output) and not os.path.isfile(options.output):
            with open(options.output, "wb") as device:  # a named pipe, /dev/null: never replaced
                _write(reader, device)
        else:
            _into_file(reader, os.path.realpath(options.output))
    except BrokenPipeError:
        # Who read has seen enough; the interpreter must not try again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except OSError as error:
        if to_stdout:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return _tell(f"{name} cannot be written: {error.strerror}.", _USAGE_STATUS)
    except SessionError as error:
        return _tell(str(error), _FAULT_STATUS)
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return _tell("the export was cancelled.", 128 + signal.SIGINT)
    finally:
        reader.close()
    return 0


def _into_file(reader: SessionReader, path: str) -> None:
    import tempfile

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
            _write(reader, out)
        os.replace(partial, path)
    except BaseException:
        if partial:
            os.unlink(partial)
        raise


def _write(reader: SessionReader, out: BinaryIO) -> None:
    export(reader, out, _progress if sys.stderr is not None and sys.stderr.isatty() else _silent)
    out.flush()


def _tell(sentence: str, status: int) -> int:
    print(f"spawnscope: {sentence}", file=sys.stderr)
    return status


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)  # by way of every `finally`


def _silent(done: float) -> bool:
    return True


def _progress(done: float) -> bool:
    end = "\n" if done >= 1 else ""
    print(f"\rexporting {done:4.0%}", end=end, file=sys.stderr, flush=True)
    return True
