"""A page into its file: whole or not at all, for its owner alone where the file is new."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..private_file import keep_mode
from ..session.session_error import SessionError
from ..telling import tell, tell_fault
from ..translation import tr

if TYPE_CHECKING:
    from ..observe.stacks import ProcessStacks

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_FORMS = (".html", ".md")


def report_fault(path: str, others: Sequence[str] = ()) -> str:
    """Why a report cannot be written there, in a sentence, or "". `others`: files that it must not
    be."""
    if os.path.splitext(path)[1].lower() not in _FORMS:
        return tr("'{path}' cannot be a report: its name must end with .html or .md.", path=path)
    real = os.path.realpath(path)
    if any(real == os.path.realpath(other) for other in others if other):
        return tr("--report and another option name the same file, '{path}'.", path=path)
    folder = os.path.dirname(real)
    if not os.path.isdir(folder):
        return tr(
            "'{path}' cannot be written: there is no folder '{folder}'.", path=path, folder=folder
        )
    if os.path.isdir(real):
        return tr("'{path}' cannot be written: it is a folder.", path=path)
    if os.path.exists(real) and not os.path.isfile(real):
        return tr("'{path}' cannot be written: it is no ordinary file.", path=path)
    if not os.access(folder, os.W_OK):
        return tr("'{path}' cannot be written: permission is denied.", path=path)
    return ""


def write_report(path: str, session: str, stacks: Sequence[ProcessStacks] = ()) -> bool:
    """Write the report on the session at `session`; False, and one sentence, where that fails."""
    try:
        _put(path, _page(path, session, stacks))
    except SessionError as error:
        tell(tr("There is no report: {error}", error=error))
    except OSError as error:
        tell(tr("There is no report: '{path}' cannot be written: {error}.",
                path=path, error=error.strerror))  # fmt: skip
    else:
        return True
    return False


def _page(path: str, session: str, stacks: Sequence[ProcessStacks]) -> bytes:
    from ..analysis.findings.afterwards import find_afterwards
    from ..store.session_store import SessionStore
    from .content import gather

    store = SessionStore()
    try:
        store.load(session)
        report = gather(store, find_afterwards(store, tell_fault), stacks)
    finally:
        store.close()
    if path.lower().endswith(".md"):
        from .markdown import markdown_page

        return markdown_page(report).encode("utf-8", "backslashreplace")
    from .html import html_page

    return html_page(report).encode("utf-8", "backslashreplace")


def _put(path: str, page: bytes) -> None:
    """A reader sees the file as it was or as it is to be, and no signal leaves half of it."""
    path = os.path.realpath(path)
    folder, name = os.path.split(path)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
    partial = ""
    try:
        descriptor, partial = tempfile.mkstemp(".part", f".{name[:100]}-", folder)
        with open(descriptor, "wb") as out:
            keep_mode(descriptor, path)
            out.write(page)
        os.replace(partial, path)
        partial = ""
    finally:
        if partial:
            os.unlink(partial)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
