"""What /proc says of processes in states that are rare."""

from __future__ import annotations

import ctypes
import os
import subprocess

import pytest
from waiting import wait_until

from spawnscope.core.observe import proc_files
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.vocabulary.events import SUSPENDED, ProcessStarted, Role, Sample

_ATTACH, _DETACH = 16, 17


def test_a_process_that_a_debugger_has_stopped_is_suspended() -> None:
    ptrace = ctypes.CDLL(None, use_errno=True).ptrace
    ptrace.argtypes = (ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p)
    ptrace.restype = ctypes.c_long
    with subprocess.Popen(["sleep", "60"]) as child:
        try:
            if ptrace(_ATTACH, child.pid, None, None) != 0:
                pytest.skip(f"ptrace is refused here: {os.strerror(ctypes.get_errno())}")
            os.waitpid(child.pid, os.WUNTRACED)
            stat = wait_until(lambda: proc_files.read_stat(child.pid))
            ptrace(_DETACH, child.pid, None, None)
        finally:
            child.kill()
    state = proc_files.STATES[stat.state]
    assert state == "traced"
    table = ProcessTable()
    table.apply(ProcessStarted(1, 7, 1, 1, None, 1, 1, "w", Role.WORKER, None, ()))
    table.apply(Sample(1, 7, 2, 0.0, 1, 1, 1, state))
    assert table[1].is_suspended
    assert table[1].status == "suspended"


def test_the_states_in_which_a_process_is_suspended_have_the_names_that_are_told() -> None:
    assert set(proc_files.STATES.values()) >= SUSPENDED
