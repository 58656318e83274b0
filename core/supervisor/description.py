"""What a process is, read anew after an exec: name, role and start method by its command line."""

from __future__ import annotations

from ..observe import proc_files
from ..vocabulary.events import Making, Role
from .known_process import KnownProcess, identify
from .recognition import NamedProcess

_UNKNOWN = "unknown program"  # untranslated: a name, as in the session


def refresh(record: KnownProcess) -> bool:
    """Describe it by what it runs now. False when it has ended too soon for that."""
    cmdline = proc_files.read_cmdline(record.pid)
    stat = proc_files.read_stat(record.pid)
    if not cmdline or stat is None:
        return False
    record.ppid = stat.ppid
    if record.role is not Role.WORKER and cmdline != record.cmdline:
        record.name, record.role, record.start_method = identify(
            cmdline, stat.name, record.maker, executed=True
        )
    record.cmdline = cmdline
    return True


def lose_name(record: KnownProcess) -> None:
    """It runs another program than its parent, and has ended before that could be read."""
    stat = proc_files.read_stat(record.pid)
    if stat is None or stat.state in "ZX":
        of_its_own = stat is not None and stat.start_ticks == record.start_ticks
        record.name = stat.name if stat is not None and of_its_own else _UNKNOWN
        record.role, record.start_method, record.cmdline = Role.OTHER, None, ()


def made_by(record: KnownProcess, process: NamedProcess) -> None:
    """Its parent says that it started it, with multiprocessing or subprocess."""
    if record.making is None:
        record.making = Making("multiprocessing" if process.by_library else "subprocess")
    if process.by_library or record.role not in (Role.OTHER, Role.CHILD):
        return
    # It runs a program of its own by now, or has, too shortly to be looked at.
    forked = record.role is Role.CHILD and record.start_method == "fork"
    if (forked and not (record.alive and refresh(record))) or record.name == _UNKNOWN:
        record.name = process.name or record.name
        record.role, record.start_method, record.cmdline = Role.OTHER, None, ()
