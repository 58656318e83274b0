"""The options of `record` that name files and times: what of them cannot work."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from .session.written_now import COMPANIONS, FileInUseError, check_free, claim
from .translation import tr

if TYPE_CHECKING:
    import argparse
    from typing import BinaryIO

_LONGEST_TIMEOUT = 1e7  # seconds


class OptionError(Exception):
    """What is wrong with an option: one sentence."""


def check_options(path: str, options: argparse.Namespace) -> None:
    """Raises OptionError for what cannot work, before anything is changed."""
    timeout = options.timeout
    if timeout is not None and not 0 < timeout <= _LONGEST_TIMEOUT:
        raise OptionError(
            tr(
                "--timeout must be more than 0 and at most {longest_timeout:.0f} s, not "
                "{timeout:g}.",
                longest_timeout=_LONGEST_TIMEOUT,
                timeout=timeout,
            )
        )
    if options.report:
        from .report.write import report_fault

        others = [options.jsonl or ""]
        if path:
            others += [path + suffix for suffix in ("", *COMPANIONS)]
        if fault := report_fault(options.report, others):
            raise OptionError(fault)
    if path and options.jsonl:
        names = {os.path.realpath(path) + suffix for suffix in ("", *COMPANIONS)}
        if os.path.realpath(options.jsonl) in names:
            raise OptionError(tr("-o and --jsonl name the same file, '{path}'.", path=path))
    if path:
        folder = os.path.dirname(path)
        if not os.path.isdir(folder):
            raise OptionError(
                tr(
                    "'{path}' cannot be written: there is no folder '{folder}'.",
                    path=path,
                    folder=folder,
                )
            )
        if os.path.isdir(path):
            raise OptionError(tr("'{path}' cannot be written: it is a folder.", path=path))
        if not os.access(folder, os.W_OK):
            raise OptionError(tr("'{path}' cannot be written: permission is denied.", path=path))
        _check_free(path)
        if os.path.exists(path) and not _is_replaceable(path):
            raise OptionError(
                tr("'{path}' exists and is no session file; choose another name for -o.", path=path)
            )


def _is_replaceable(path: str) -> bool:
    """Whether a session was recorded at `path`, or nothing at all."""
    from .session.reader import SessionReader
    from .session.session_error import SessionError

    if not os.path.isfile(path):
        return False
    try:
        SessionReader(path).close()
    except SessionError:
        return os.path.getsize(path) == 0
    return True


def make_room(path: str) -> None:
    """Remove the session that was recorded at `path` before. Raises OptionError."""
    _check_free(path)  # again: somebody may have begun meanwhile
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise OptionError(
            tr("'{path}' cannot be replaced: {error}.", path=path, error=error.strerror)
        ) from None


def open_sink(path: str) -> BinaryIO:
    """The file for --jsonl, claimed and empty; for its owner alone where it is new. Raises
    OptionError."""
    _check_free(path)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOCTTY, 0o600)
        try:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                claim(descriptor, path)
                os.ftruncate(descriptor, 0)
            return open(descriptor, "wb")
        except BaseException:
            os.close(descriptor)
            raise
    except OSError as error:
        raise OptionError(
            tr("'{path}' cannot be written: {error}.", path=path, error=error.strerror)
        ) from None


def _check_free(path: str) -> None:
    try:
        check_free(path)
    except FileInUseError as error:
        raise OptionError(
            tr("'{path}' cannot be written: {error}.", path=path, error=error.strerror)
        ) from None
