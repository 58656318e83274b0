"""Found through PYTHONPATH by every Python that starts below a worker, whatever its version.

Starts the recorder where the interpreter is known, then makes way for the sitecustomize that the
interpreter would have found without us. Must parse, and keep silent, in any Python.
"""


def _begin():
    import os
    import sys

    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or os.curdir) != here]
    sys.path_importer_cache.pop(here, None)
    folder = os.environ.get("SPAWNSCOPE_PROBE")
    if not folder:
        return
    reason = ""
    implementation = getattr(sys, "implementation", None)
    if sys.version_info < (3, 8) or sys.version_info >= (3, 14):
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
    except Exception:  # the edge: whatever fails in here, the program goes on without us
        reason = "the probe could not start: %s" % (sys.exc_info()[1],)
    if reason:
        try:
            _tell(folder, reason)
        except Exception:
            pass


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


try:
    _begin()
except Exception:
    pass
_give_way()
