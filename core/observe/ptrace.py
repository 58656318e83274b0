"""What the kernel lets one process see of another, and what to do where it does not.

Sources: ptrace(2), capabilities(7), Documentation/admin-guide/LSM/Yama.rst.

    kernel.yama.ptrace_scope   who may look into a process of the same user
    0, or no yama              everybody
    1                          its ancestors, and whom it has named itself (PR_SET_PTRACER)
    2                          who has CAP_SYS_PTRACE, as it is for processes of other users
    3                          nobody, until the next boot
"""

from __future__ import annotations

import os

from ..translation import tr

_SCOPE = "/proc/sys/kernel/yama/ptrace_scope"
_CAP_SYS_PTRACE = 1 << 19


def scope() -> int:
    """Of the table above."""
    try:
        with open(_SCOPE) as file:
            return int(file.read())
    except (OSError, ValueError):
        return 0


def must_be_named() -> bool:
    """Whether a child of ours may look into a process only where that has named it."""
    return scope() == 1 and not _has("CapEff")


def refusal(pid: int, program: str) -> str:
    """Why `program` may not look into the process, and what to do."""
    if scope() == 3:
        return tr(
            "The kernel lets nobody look into another process: kernel.yama.ptrace_scope is 3. Set "
            "it to 1 in /etc/sysctl.d, and restart the computer."
        )
    if not _has("CapBnd"):
        return tr(
            "The kernel lets nobody in this container look into that process. Start the "
            "container with --cap-add=SYS_PTRACE."
        )
    allow = f"sudo setcap cap_sys_ptrace=eip {program}"  # untranslated: code
    owner = _owner(pid)
    if owner not in (None, os.geteuid()):
        return tr(
            "The process belongs to the user {owner}, and the kernel does not let py-spy look "
            "into it. Allow it once with: {allow}",
            owner=owner,
            allow=allow,
        )
    if scope() == 2:
        return tr(
            "The kernel asks for a right of whoever looks into another process: "
            "kernel.yama.ptrace_scope is 2. Give it once with: {allow}",
            allow=allow,
        )
    if scope() == 1:
        return tr(
            "The kernel lets only those look into a process whom it has named "
            "(kernel.yama.ptrace_scope is 1), and this one named nobody: it carries no probe, or "
            "SPAWNSCOPE_TRACER is no. Allow it once with: {allow}",
            allow=allow,
        )
    return tr(
        "The kernel does not let py-spy look into this process. Allow it once with: {allow}",
        allow=allow,
    )


def _has(capabilities: str) -> bool:
    """Is CAP_SYS_PTRACE among those of us: "CapEff", in force; "CapBnd", to be had at all?"""
    try:
        with open("/proc/self/status") as file:
            for line in file:
                if line.startswith(capabilities):
                    return bool(int(line.split()[1], 16) & _CAP_SYS_PTRACE)
    except OSError:
        pass
    return False


def _owner(pid: int) -> int | None:
    try:
        return os.stat(f"/proc/{pid}").st_uid
    except OSError:
        return None
