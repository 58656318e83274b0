"""`run-alone`: a task that failed and was kept in a session, run again in a fresh process.

FILE --> the tasks that are kept there, one a line
FILE N --"this runs code from the session"--> the interpreter that it failed in takes our place
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, NoReturn

from .launch.alone import AloneError, alone, unkept
from .plain_text import plain
from .sentences.outcome import named
from .session.reader import SessionReader
from .session.session_error import SessionError
from .telling import tell
from .translation import tr

if TYPE_CHECKING:
    import argparse

    from .vocabulary.kept_task import KeptTask
    from .vocabulary.launch_spec import LaunchSpec

_USAGE_STATUS = 2


def run_alone_command(options: argparse.Namespace) -> int:
    """List what is kept in `options.file`, or become `options.task` of it; returns the exit status
    where it comes to that."""
    try:
        reader = SessionReader(options.file)
    except SessionError as error:
        return tell(str(error), _USAGE_STATUS)
    try:
        if options.task is None:
            lines = list(kept_lines(reader)) or [tr("No task that failed is kept there.")]
            print("\n".join(lines))
            return 0
        task = next((each for each in reader.kept_tasks() if each.task == options.task), None)
        if task is None:
            sentence = tr(
                "No task {number} is kept in '{path}'.", number=options.task, path=options.file
            )
            return tell(sentence, _USAGE_STATUS)
        spec, payload = alone(task, reader.pickled_task(task.task))
    except (SessionError, AloneError) as error:
        return tell(plain(str(error)), _USAGE_STATUS)
    finally:
        reader.close()
    if not options.yes and (refusal := _ask(options.file)):
        return tell(refusal, _USAGE_STATUS)
    try:
        _become(spec, payload)
    except OSError as error:
        sentence = tr(
            "The task cannot be run alone: {path}: {error}.",
            path=error.filename or spec.target, error=error.strerror,
        )  # fmt: skip
        return tell(plain(sentence), _USAGE_STATUS)


def _become(spec: LaunchSpec, payload: bytes) -> NoReturn:
    source = os.memfd_create("spawnscope-task", 0)
    with open(source, "wb", closefd=False) as sink:
        sink.write(payload)
    os.lseek(source, 0, os.SEEK_SET)
    os.chdir(spec.cwd)
    os.execv(spec.target, [spec.target, *spec.arguments, str(source)])


def kept_lines(reader: SessionReader) -> Iterator[str]:
    """A line for each task that is kept. Raises SessionError."""
    people = {each.started.process: each for each in reader.processes.all()}
    for task in reader.kept_tasks():
        record = people.get(task.process)
        where = "?"
        if record is not None:
            where = named((record.changed or record.started).name, record.started.pid)
        yield plain(f"{task.task}  {kept_text(task, where)}")


def kept_text(task: KeptTask, where: str) -> str:
    """What became of a task, in the process called `where`."""
    function = task.function or tr("a task that was not rebuilt yet")
    if task.error:
        text = tr(
            "{function} raised {error} in {process}.",
            function=function, error=task.error, process=where,
        )  # fmt: skip
    else:
        text = tr("{function} ended {process}.", function=function, process=where)
    return text if task.kept else f"{text} {unkept(task)}"


def _ask(path: str) -> str:
    """Whether the user wants it: "" or a sentence."""
    warning = tr(
        "This runs code from the session '{path}', which can do whatever you can: do it only if "
        "you trust whoever made that file.",
        path=path,
    )
    if not sys.stdin.isatty():
        return tr("{warning} Give --yes to do it.", warning=warning)
    print(plain(warning), file=sys.stderr)
    print(tr("Run it? [y/N]"), end=" ", file=sys.stderr, flush=True)
    answer = sys.stdin.readline().strip().lower()
    return "" if answer in ("y", "yes") else tr("Nothing was run.")
