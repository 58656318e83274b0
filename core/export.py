"""`export`: a recorded session in another format. Nothing half-written is left behind."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from .session.jsonl_export import export
from .session.reader import SessionReader
from .session.session_error import SessionError

if TYPE_CHECKING:
    import argparse

_USAGE_STATUS = 2


def export_command(options: argparse.Namespace) -> int:
    """Write `options.file` as `options.format` to `options.output` ("-": stdout)."""
    try:
        reader = SessionReader(options.file)
    except SessionError as error:
        print(f"spawnscope: {error}", file=sys.stderr)
        return _USAGE_STATUS
    try:
        if options.output == "-":
            export(reader, sys.stdout.buffer, _progress if sys.stderr.isatty() else _silent)
            sys.stdout.buffer.flush()
        else:
            _into_file(reader, options.output)
    except BrokenPipeError:
        # Who read has seen enough; the interpreter must not try again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except OSError as error:
        print(f"spawnscope: '{options.output}' cannot be written: {error.strerror}.",
              file=sys.stderr)  # fmt: skip
        return _USAGE_STATUS
    except SessionError as error:
        print(f"spawnscope: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nspawnscope: the export was cancelled.", file=sys.stderr)
        return 130
    finally:
        reader.close()
    return 0


def _into_file(reader: SessionReader, path: str) -> None:
    partial = f"{path}.part"
    try:
        with open(partial, "wb") as out:
            export(reader, out, _progress if sys.stderr.isatty() else _silent)
        os.replace(partial, path)
    except BaseException:
        if os.path.exists(partial):
            os.unlink(partial)
        raise


def _silent(done: float) -> bool:
    return True


def _progress(done: float) -> bool:
    end = "\n" if done >= 1 else ""
    print(f"\rexporting {done:4.0%}", end=end, file=sys.stderr, flush=True)
    return True
