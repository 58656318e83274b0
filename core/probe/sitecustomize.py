"""Found through PYTHONPATH by every Python that starts below a worker, whatever its version.

Makes stdout and stderr what they are at a terminal, starts the recorder where the interpreter is
known, then makes way for the sitecustomize that the interpreter would have found without us. Must
parse, and keep silent, in any Python.
"""


def _buffer_by_line():
    """Where stdout or stderr is the worker's own stream, a line is one write, as at a terminal.

    What the program sends elsewhere (its own pipe, a file) stays as Python has it there, and so
    does all of it where Python was told to be unbuffered.
    """
    import os
    import sys

    own = os.environ.get("SPAWNSCOPE_OUTPUT", "").split()
    if not own:
        return
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        try:
            place = os.fstat(descriptor)
        except OSError:  # closed
            continue
        if "%d:%d" % (place.st_dev, place.st_ino) in own:
            _let_buffer_by_line(sys, name)


def _let_buffer_by_line(sys, name):
    import io

    stream = getattr(sys, "__%s__" % name)
    if sys.version_info < (3,):
        if name == "stdout":  # one of C, whose stderr never buffers
            import ctypes

            libc = ctypes.CDLL(None)
            stdout = ctypes.c_void_p.in_dll(libc, "stdout")
            if libc.__fbufsize(stdout) != 1:  # -u
                libc.setvbuf(stdout, None, 1, 0)  # _IOLBF
    elif not isinstance(stream.buffer, io.BufferedWriter):
        pass  # -u
    elif hasattr(stream, "reconfigure"):
        stream.reconfigure(line_buffering=True)
    else:  # before 3.7
        kept = stream.encoding, stream.errors
        renewed = io.TextIOWrapper(stream.detach(), kept[0], kept[1], "\n", True)
        renewed.mode = "w"
        setattr(sys, name, renewed)
        setattr(sys, "__%s__" % name, renewed)


def _begin():
    import os
    import sys

    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or os.curdir) != here]
    sys.path_importer_cache.pop(here, None)
    folder = os.environ.get("SPAWNSCOPE_PROBE")
    if not folder or not _is_whole_process():
        return
    reason = ""
    implementation = getattr(sys, "implementation", None)
    if sys.version_info < (3, 8) or sys.version_info >= (3, 16):
        reason = "Python %d.%d is not known to the probe" % sys.version_info[:2]
    elif implementation.name != "cpython":
        reason = "%s is not known to the probe" % implementation.name
    elif not getattr(sys, "_is_gil_enabled", lambda: True)():
        reason = "the interpreter runs without its global lock"
    try:
        if not reason:
            sys.path.insert(0, here)
            try:
                import _spawnscope_probe
            finally:
                sys.path.remove(here)
            reason = _spawnscope_probe.start(folder)
    except Exception:
        reason = "the probe could not start: %s" % (sys.exc_info()[1],)
    if reason:
        try:
            _tell(folder, reason)
        except Exception:
            pass


def _is_whole_process():
    """False in a further interpreter of a process, which has a recorder already."""
    try:
        import _thread

        return _thread._is_main_interpreter()
    except (ImportError, AttributeError):  # before 3.12
        return True


def _tell(folder, reason):
    """Say why there is no recorder, if the folder is still this user's alone."""
    import os

    status = os.lstat(folder)
    if status.st_uid != os.geteuid() or status.st_mode & 0o170077 != 0o040000:
        return
    path = os.path.join(folder, "%d-%d.skipped" % (os.getpid(), _now()))
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    file = os.open(path + ".new", flags, 0o600)
    try:
        os.write(file, reason if isinstance(reason, bytes) else reason.encode("utf-8", "replace"))
    finally:
        os.close(file)
    os.rename(path + ".new", path)


def _now():
    with open("/proc/uptime") as file:  # for a Python that has no monotonic clock
        return int(float(file.read().split()[0]) * 1e9)


def _give_way():
    """Be the next sitecustomize on the path, or nothing at all."""
    import sys

    ours = sys.modules.pop("sitecustomize", None)
    try:
        import sitecustomize  # noqa: F401 - theirs
    except ImportError:
        if ours is not None:
            sys.modules.setdefault("sitecustomize", ours)
        raise


for _step in (_buffer_by_line, _begin):
    try:
        _step()
    except Exception:  # the edge: whatever fails in here, the program goes on without us
        pass
_give_way()
