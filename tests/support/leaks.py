"""What a test must not leave behind, and how we see that it did.

    before the test: Snapshot --> test and its fixtures --> again, until both agree or time is up

A leak is reported only after a garbage collection and a short wait, since processes and threads
take a moment to end. What stays allowed is listed here, each with its reason.
"""

from __future__ import annotations

import gc
import os
import re
import signal
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

import processes

PATIENCE = 3.0  # seconds for what is still on its way out

# Threads that no test can end.
_ALLOWED_TASKS = re.compile(
    r"Thread \(pooled\)"  # QThreadPool keeps idle threads for 30 s
    r"|QDBusConnection.*"  # Qt's, for as long as the application lives
    r"|QXcb.*"
    r"|Qt.*EventThread"
)

# Open files that no test can close.
_ALLOWED_FILES = re.compile(
    r"/dev/u?random"  # CPython opens it once and keeps it
    r"|anon_inode:\[eventfd\]"  # Qt's thread pool and event dispatchers
    r"|.*/mime\.cache"  # Qt maps it for as long as it lives
)

# Windows that Qt makes for itself and keeps.
_ALLOWED_WIDGETS = {"QTipLabel"}  # the last tooltip


@dataclass(frozen=True)
class Snapshot:
    """What this process holds at one moment. Leaks are what a later snapshot has on top."""

    processes: frozenset[int]
    threads: frozenset[int]
    tasks: frozenset[tuple[int, str]]
    files: Counter[str]
    shared_memory: frozenset[str]
    widgets: frozenset[int]

    @classmethod
    def take(cls) -> Snapshot:
        """Look at this process now."""
        return cls(
            frozenset(_processes()),
            frozenset(thread.ident or 0 for thread in threading.enumerate()),
            frozenset(_tasks()),
            _files(),
            frozenset(os.listdir("/dev/shm")),
            frozenset(_widgets()),
        )

    def leaks(self) -> list[str]:
        """What is there now and was not there then, as sentences. Waits for what is ending."""
        found = self._added()
        if not found:
            return []
        gc.collect()
        end = time.monotonic() + PATIENCE
        while (found := self._added()) and time.monotonic() < end:
            time.sleep(0.02)
        return found

    def clean_up(self) -> None:
        """End the processes and close the windows that came since, for the tests that follow."""
        for pid in _processes() - self.processes:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        for address, widget in _widgets().items():
            if address not in self.widgets:
                widget.close()
                widget.deleteLater()
        end = time.monotonic() + PATIENCE
        while _processes() - self.processes and time.monotonic() < end:
            time.sleep(0.005)
        processes.reap_orphans(keep=set(self.processes))

    def _added(self) -> list[str]:
        found = [
            f"process {pid}: {processes.command_line(pid)}"
            for pid in sorted(_processes() - self.processes)
        ]
        found += [
            f"thread {thread.name}"
            for thread in threading.enumerate()
            if thread.ident not in self.threads
        ]
        python = {thread.native_id for thread in threading.enumerate()}
        found += [
            f"native thread {name!r} ({task})"
            for task, name in sorted(set(_tasks()) - self.tasks)
            if task not in python
        ]
        found += [f"open file {target}" for target in sorted((_files() - self.files).elements())]
        found += [
            f"shared memory or semaphore /dev/shm/{name}"
            for name in sorted(set(os.listdir("/dev/shm")) - self.shared_memory)
            if _is_ours(name)
        ]
        found += [
            f"top-level widget {widget!r}"
            for address, widget in _widgets().items()
            if address not in self.widgets
        ]
        return found


def _processes() -> set[int]:
    """The living processes below this one, but for multiprocessing's own helpers."""
    return {
        pid
        for pid in processes.descendants()
        if processes.is_alive(pid) and pid not in _multiprocessing_pids()
    }


def _multiprocessing_pids() -> set[int]:
    """The resource tracker and the forkserver of this process, which stay until its end."""
    pids = set()
    if (module := sys.modules.get("multiprocessing.resource_tracker")) is not None:
        pids.add(module._resource_tracker._pid)
    if (module := sys.modules.get("multiprocessing.forkserver")) is not None:
        pids.add(module._forkserver._forkserver_pid)
    return pids


def _multiprocessing_files() -> set[int]:
    """The pipes to these two."""
    files = set()
    if (module := sys.modules.get("multiprocessing.resource_tracker")) is not None:
        files.add(module._resource_tracker._fd)
    if (module := sys.modules.get("multiprocessing.forkserver")) is not None:
        files.add(module._forkserver._forkserver_alive_fd)
    return files


def _tasks() -> set[tuple[int, str]]:
    """The kernel's view of our threads: (thread id, name)."""
    found = set()
    for task in os.listdir("/proc/self/task"):
        try:
            with open(f"/proc/self/task/{task}/comm") as file:
                name = file.read().strip()
        except OSError:
            continue
        if not _ALLOWED_TASKS.fullmatch(name):
            found.add((int(task), name))
    return found


def _files() -> Counter[str]:
    """What our file descriptors point at, with how many do."""
    kept = _multiprocessing_files()
    found: Counter[str] = Counter()
    for number in os.listdir("/proc/self/fd"):
        try:
            target = os.readlink(f"/proc/self/fd/{number}")
        except OSError:
            continue  # the listing's own
        if int(number) not in kept and not _ALLOWED_FILES.fullmatch(target):
            found[target] += 1
    return found


def _widgets() -> dict[int, Any]:
    """Qt's top-level widgets by address, once those that wait for their deletion are gone."""
    if "PySide6.QtWidgets" not in sys.modules:
        return {}
    import shiboken6
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    if QApplication.instance() is None:
        return {}
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return {
        shiboken6.getCppPointer(widget)[0]: widget
        for widget in QApplication.topLevelWidgets()
        if widget.metaObject().className() not in _ALLOWED_WIDGETS
    }


def _is_ours(name: str) -> bool:
    """Did a process of this test make /dev/shm/`name`? Others on this machine use it as well.

    One that somebody else has mapped, or open, is somebody else's; one that nobody has is ours to
    explain.
    """
    family = {os.getpid(), *processes.descendants()}
    path = f"/dev/shm/{name}"
    if not os.path.exists(path):
        return False
    for entry in os.listdir("/proc"):
        if entry.isdigit() and int(entry) not in family and _uses(entry, path):
            return False
    return True


def _uses(pid: str, path: str) -> bool:
    try:
        with open(f"/proc/{pid}/maps", "rb") as file:
            if path.encode() in file.read():
                return True
        links = [f"/proc/{pid}/fd/{number}" for number in os.listdir(f"/proc/{pid}/fd")]
    except OSError:
        return False
    for link in links:
        try:
            if os.readlink(link).startswith(path):
                return True
        except OSError:
            continue  # closed meanwhile
    return False
