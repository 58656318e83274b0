"""The command line: which face of Spawnscope is asked for, and with what.

(nothing) | run TARGET | open FILE   -> the window (the only ones that load Qt)
record | diagnose | run-alone | export   -> no window, no Qt
"""

from __future__ import annotations

import gc
import os
import signal
from typing import TYPE_CHECKING, Any, NoReturn

from .translation import tr

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from .client.client import Client
    from .vocabulary.launch_spec import LaunchSpec

    OpenWindow = Callable[[Client | None, LaunchSpec | None, str | None], int]

VERSION = "0.1.0"
_USAGE_STATUS = 2
_FORMS = (
    "script.py | -m package.module | package.module:function "
    "| -- command arg ..."  # untranslated: as it is typed
)
_PROGRAM = "spawnscope"
_VALUED = {
    "-o", "--output", "--jsonl", "--report", "--timeout", "--fail-on", "--python", "--start-method",
    "--name", "--count", "--arg", "--kwarg", "--cwd", "--env", "--grace",
}  # fmt: skip


class UsageError(Exception):
    """What is wrong with the command line: one sentence."""


def run(argv: list[str], open_window: OpenWindow) -> int:
    """Do what `argv` (without the program's name) asks for; returns the exit status.

    `open_window(client, spec, path)` shows the window; this package does not know how.
    """
    if not argv:
        return _window(open_window, None, None)
    try:
        return _dispatch(argv, open_window)
    except UsageError as error:
        from .telling import tell

        return tell(str(error), _USAGE_STATUS)
    except KeyboardInterrupt:  # before anybody was there to whom it could be passed on
        return 128 + signal.SIGINT


def _dispatch(argv: list[str], open_window: OpenWindow) -> int:
    command, rest = argv[0], argv[1:]
    if command in ("-V", "--version"):
        print(_PROGRAM, VERSION)
        return 0
    if command in ("-h", "--help", "help"):
        print(_help())
        return 0
    if command in ("run", "record"):
        if command == "record":
            gc.disable()  # what is loaded until it runs is no garbage; `record` enables it
            from .standard_streams import open_standard_streams

            streams = open_standard_streams()
        options, target = _split(rest)
        parser = _launch_parser(command)
        parsed = parser.parse_args(options)
        spec = _spec(parsed, target)
        if command == "run":
            return _window(open_window, spec, None, not parsed.no_probe, not parsed.no_preview)
        from .record import record

        return record(spec, parsed, streams)
    if command == "open":
        parser = _parser("open", tr("Show a recorded session in the window."))
        parser.add_argument("file", help=tr("a session file"))
        path = parser.parse_args(rest).file
        _check_session(path)
        return _window(open_window, None, path)
    if command == "export":
        from .export.command import FORMATS, TABLES, export_command

        parser = _parser("export", tr("Write a recorded session in another format."))
        parser.add_argument("file", help=tr("a session file"))
        parser.add_argument("--format", required=True, choices=FORMATS, help=tr("the format"))
        parser.add_argument("-o", "--output", metavar="OUT", default="-",
                            help="where to (default: stdout); of csv, a new folder")  # fmt: skip
        parser.add_argument("--table", choices=TABLES, help=tr("of csv, this table alone"))
        return export_command(parser.parse_args(rest))
    if command == "diagnose":
        from .diagnose import diagnose_command

        parser = _parser("diagnose", tr("Say what was wrong in a recorded session."))
        parser.add_argument("file", help=tr("a session file"))
        parser.add_argument("--json", action="store_true", help=tr("as JSON, with all evidence"))
        _add_report(parser)
        _add_fail_on(parser)
        return diagnose_command(parser.parse_args(rest))
    if command == "run-alone":
        from .run_alone import run_alone_command

        parser = _parser(
            "run-alone", tr("Run a task again that failed and was kept, in a fresh process.")
        )
        parser.add_argument("file", help=tr("a session file"))
        about = tr("which task; without it, all that are kept are listed")
        parser.add_argument("task", nargs="?", type=int, metavar="N", help=about)
        parser.add_argument("--yes", action="store_true", help=tr("do not ask before"))
        return run_alone_command(parser.parse_args(rest))
    raise UsageError(
        tr(
            "'{command}' is no command; there are run, record, open, diagnose, run-alone and "
            "export (see --help).",
            command=command,
        )
    )


def _add_fail_on(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--fail-on",
        choices=("error", "warning"),
        help=tr("exit with status 3 where something as bad, or worse, was found"),
    )


def _add_report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--report", metavar="FILE", help=tr("write one page about it, as FILE.html or FILE.md")
    )


def _window(
    open_window: OpenWindow,
    spec: LaunchSpec | None,
    path: str | None,
    probe: bool = True,
    previews: bool = True,
) -> int:
    # The supervisor is forked before Qt is loaded, and comes up while Qt does.
    client = None
    if path is None:
        from .client.client import Client

        client = Client(probe=probe, previews=previews, stacks=True)
    return open_window(client, spec, path)


def _split(argv: list[str]) -> tuple[list[str], list[str]]:
    """Our options, and the target with what belongs to it."""
    position = 0
    while position < len(argv):
        word = argv[position]
        if not word.startswith("-") or word == "--" or word.startswith("-m"):
            break
        position += 2 if word in _VALUED else 1
    return argv[:position], argv[position:]


def _parser(command: str, description: str) -> argparse.ArgumentParser:
    import argparse

    class Parser(argparse.ArgumentParser):
        def error(self, message: str) -> NoReturn:
            raise UsageError(
                tr(
                    "{command}: {message} (see spawnscope {command} --help).",
                    command=command,
                    message=message,
                )
            )

    return Parser(prog=f"{_PROGRAM} {command}", description=description, allow_abbrev=False)


def _launch_parser(command: str) -> argparse.ArgumentParser:
    about = {
        "run": tr("Open the window and start TARGET at once."),
        "record": tr("Run TARGET to its end without a window; then print a summary."),
    }
    parser = _parser(command, about[command])
    form = f"{_PROGRAM} {command} [options] TARGET [ARG...]"  # untranslated: code
    parser.usage = f"{form}\n\nTARGET: {_FORMS}"
    add = parser.add_argument
    if command == "record":
        add("-o", "--output", metavar="FILE", help=tr("the session file"))
        add(
            "--jsonl", metavar="FILE", help=tr("write the events there too, one JSON object a line")
        )
        add("--quiet", action="store_true", help=tr("no summary"))
        add("--github", action="store_true", help=tr("write annotations for GitHub workflows"))
        add("--keep", action="store_true",
            help=tr("let what TARGET leaves running live to its own end"))  # fmt: skip
        _add_report(parser)
        _add_fail_on(parser)
        add("--timeout", type=float, metavar="SECONDS", help=tr("end TARGET after this time"))
    add("--no-probe", action="store_true", help=tr("only watch from outside"))
    add("--no-preview", action="store_true", help=tr("show no values of items that are sent"))
    add(
        "--keep-failed-tasks",
        action="store_true",
        help=tr("keep tasks of pools that fail, to run them alone"),
    )
    add(
        "--check-forkserver",
        action="store_true",
        help=tr("say what would break where forkserver or spawn starts processes"),
    )
    add("--python", default="", metavar="INTERPRETER", help=tr("the Python that runs TARGET"))
    add("--start-method", choices=["fork", "spawn", "forkserver"], default="",
        help="for functions (default: fork; in another Python, spawn)")  # fmt: skip
    add("--name", default="", help=tr("what to call the worker"))
    add("--count", type=int, default=1, metavar="N", help=tr("how many workers"))
    add("--arg", action="append", default=[], metavar="VALUE", help=tr("an argument of a function"))
    add("--kwarg", action="append", default=[], metavar="NAME=VALUE", help=tr("and one by name"))
    add("--cwd", default="", metavar="FOLDER", help=tr("where TARGET runs"))
    add(
        "--env",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=tr("added to its environment"),
    )
    add("--grace", type=float, default=3.0, metavar="SECONDS", help=tr("from SIGTERM to SIGKILL"))
    return parser


def _spec(parsed: argparse.Namespace, target: list[str]) -> LaunchSpec:
    import msgspec

    from .launch.preflight import preflight
    from .launch.target_text import TargetError, call_value, parse_target
    from .vocabulary.launch_spec import StartMethod, TargetKind, absolute

    try:
        spec = parse_target(target, parsed.cwd)
    except TargetError as error:
        raise UsageError(str(error)) from None
    if spec.kind is not TargetKind.FUNCTION and (parsed.arg or parsed.kwarg):
        raise UsageError(tr("--arg and --kwarg are for package.module:function only."))
    for option, asked in (
        ("--keep-failed-tasks", parsed.keep_failed_tasks),
        ("--check-forkserver", parsed.check_forkserver),
    ):
        if asked and parsed.no_probe:
            raise UsageError(
                tr("{option} needs the probe: leave one of it and --no-probe out.", option=option)
            )
    keywords: dict[str, Any] = {}
    for name, value in map(_pair, parsed.kwarg):
        keywords[name] = call_value(value)
    spec = msgspec.structs.replace(
        spec,
        arguments=spec.arguments + tuple(call_value(value) for value in parsed.arg),
        keywords=keywords,
        name=parsed.name,
        start_method=StartMethod(parsed.start_method or "fork"),
        count=parsed.count,
        interpreter=parsed.python,
        cwd=parsed.cwd,
        environment=dict(map(_pair, parsed.env)),
        grace_seconds=parsed.grace,
        keep_failed_tasks=parsed.keep_failed_tasks,
        check_forkserver=parsed.check_forkserver,
    )
    try:
        spec = absolute(spec, os.getcwd())
    except FileNotFoundError:
        raise UsageError(tr("The working directory does not exist any more.")) from None
    if not parsed.start_method and spec.kind is TargetKind.FUNCTION and _is_foreign(spec):
        spec = msgspec.structs.replace(spec, start_method=StartMethod.SPAWN)
    faults = preflight(spec)
    if faults:
        raise UsageError(" ".join(fault.sentence for fault in faults))
    return spec


def _is_foreign(spec: LaunchSpec) -> bool:
    """Whether another Python than ours is to call a function, which cannot be forked then."""
    from .launch.interpreter import InterpreterError, describe

    try:
        return not describe(spec.interpreter).own
    except InterpreterError:  # the check before the start says why
        return False


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise UsageError(tr("'{text}' is not of the form NAME=VALUE.", text=text))
    return name, value


def _check_session(path: str) -> None:
    from .session.reader import SessionReader
    from .session.session_error import SessionError

    try:
        SessionReader(path).close()
    except SessionError as error:
        raise UsageError(str(error)) from None


def _help() -> str:
    return tr(
        """spawnscope {version}: watch what programs that run in several processes do

spawnscope                          open the window
spawnscope run TARGET [ARG...]      open the window and start TARGET
spawnscope record TARGET [ARG...]   run TARGET without a window, record it, print a summary
spawnscope open FILE                open the window on a recorded session
spawnscope diagnose FILE [--json]   say what was wrong in a recorded session
spawnscope run-alone FILE [N]       run a task again that failed (--keep-failed-tasks)
spawnscope export FILE --format jsonl|chrome-trace|csv [-o OUT]

TARGET: {forms}
Each command has more options: spawnscope record --help""",
        version=VERSION,
        forms=_FORMS,
    )
