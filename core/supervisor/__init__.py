"""The supervisor: a process of its own, without Qt, with one thread, that owns the workers.

    commands (SEQPACKET socket) --> Supervisor --> Launcher --> workers (multiprocessing.Process)
                                        |             |
    kernel: pidfds, SIGCHLD,            |             '-- OutputStreams <-- stdout, stderr
            fork events         --> ProcessRegistry            |
                                        |                 LineAssembler
    Sampler (/proc, once a second) -----+----------------------+
                                        v                      v
                                Outbox (SimpleQueue)     SessionWriter (SQLite)
                                        v                      v
                                    the window  <---reads--- the session file

Everything waits in one epoll (`loop.EventLoop`). It may import `core.vocabulary`, `core.observe`,
`core.session`, and of the probe what both must agree on.
"""
