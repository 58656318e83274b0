"""What the common signals are for, in a few words each."""

from __future__ import annotations

import signal

_WORDS = {
    "SIGHUP": "the terminal went away; daemons read their settings again",
    "SIGINT": "interrupt, as Ctrl+C: KeyboardInterrupt in Python",
    "SIGQUIT": "quit with a core dump, as Ctrl+\\",
    "SIGILL": "illegal instruction",
    "SIGTRAP": "a debugger's breakpoint",
    "SIGABRT": "abort with a core dump",
    "SIGBUS": "memory that cannot be reached",
    "SIGFPE": "arithmetic error",
    "SIGKILL": "end at once; it cannot be refused",
    "SIGUSR1": "the program's own meaning",
    "SIGSEGV": "access to forbidden memory",
    "SIGUSR2": "the program's own meaning",
    "SIGPIPE": "nobody reads what it writes",
    "SIGALRM": "an alarm that it set for itself",
    "SIGTERM": "ask to end",
    "SIGCHLD": "one of its children ended or stopped",
    "SIGCONT": "go on after a stop",
    "SIGSTOP": "suspend; it cannot be refused",
    "SIGTSTP": "suspend, as Ctrl+Z",
    "SIGTTIN": "it read from the terminal in the background",
    "SIGTTOU": "it wrote to the terminal in the background",
    "SIGXCPU": "its limit of CPU time is used up",
    "SIGXFSZ": "its limit of file size is reached",
    "SIGWINCH": "the terminal's window changed its size",
}


def signal_words(number: signal.Signals) -> str:
    """What `number` means to a process, "" when there is no common use."""
    return _WORDS.get(number.name, "")
