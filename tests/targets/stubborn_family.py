"""A family that is hard to end: ignores SIGTERM, daemonised twice, in sessions of its own.

Prints "pid NAME PID" for each member once it stands, then "ready".
"""

import os
import signal
import sys
import time


def tell(name):
    os.write(1, f"pid {name} {os.getpid()}\n".encode())


def stay():
    while True:
        time.sleep(60)


def ignoring_child():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    tell("ignorer")
    stay()


def daemon():
    """Fork twice, with a session of its own in between."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            tell("daemon")
            stay()
        os._exit(0)


def orphan():
    """A grandchild whose parent dies at once."""
    pid = os.fork()
    if pid == 0:
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            tell("orphan")
            stay()
        os._exit(0)
    os.waitpid(pid, 0)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    tell("root")
    if os.fork() == 0:
        ignoring_child()
    daemon()
    orphan()
    # A daemon that forgets its environment, as `env -i setsid` does.
    if "clean" in sys.argv and os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            script = "trap '' TERM; echo pid cleaned $$; while :; do sleep 60; done"
            os.execve("/bin/sh", ["sh", "-c", script], {"PATH": os.environ["PATH"]})
        os._exit(0)
    os.write(1, b"ready\n")
    stay()
