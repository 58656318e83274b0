"""What the common signals are for, in a few words each."""

from __future__ import annotations

import signal

from spawnscope.core.translation import mark, tr

_WORDS = {
    "SIGHUP": mark("the terminal went away; daemons read their settings again"),
    "SIGINT": mark("interrupt, as Ctrl+C: KeyboardInterrupt in Python"),
    "SIGQUIT": mark("quit with a core dump, as Ctrl+\\"),
    "SIGILL": mark("illegal instruction"),
    "SIGTRAP": mark("a debugger's breakpoint"),
    "SIGABRT": mark("abort with a core dump"),
    "SIGBUS": mark("memory that cannot be reached"),
    "SIGFPE": mark("arithmetic error"),
    "SIGKILL": mark("end at once; it cannot be refused"),
    "SIGUSR1": mark("the program's own meaning"),
    "SIGSEGV": mark("access to forbidden memory"),
    "SIGUSR2": mark("the program's own meaning"),
    "SIGPIPE": mark("nobody reads what it writes"),
    "SIGALRM": mark("an alarm that it set for itself"),
    "SIGTERM": mark("ask to end"),
    "SIGCHLD": mark("one of its children ended or stopped"),
    "SIGCONT": mark("go on after a stop"),
    "SIGSTOP": mark("suspend; it cannot be refused"),
    "SIGTSTP": mark("suspend, as Ctrl+Z"),
    "SIGTTIN": mark("it read from the terminal in the background"),
    "SIGTTOU": mark("it wrote to the terminal in the background"),
    "SIGXCPU": mark("its limit of CPU time is used up"),
    "SIGXFSZ": mark("its limit of file size is reached"),
    "SIGWINCH": mark("the terminal's window changed its size"),
}


def signal_words(number: signal.Signals) -> str:
    """What `number` means to a process, "" when there is no common use."""
    words = _WORDS.get(number.name)
    return tr(words) if words else ""
