"""Starts the recorder of this process, and says what is patched when it is imported."""

from atexit import register as at_exit
from os import environ, register_at_fork
from posix import getpid
from sys import _getframe, meta_path, modules, path_importer_cache
from time import monotonic_ns

from . import hook_points, places

_recorder = None
_here = modules[__package__].__path__[0]
_finder = path_importer_cache[_here]  # which loads us in our own way


def start(folder):
    """Record from now on into `folder`. Returns "" or the reason why not. Raises OSError."""
    global _recorder
    if _recorder is not None:
        return ""
    try:
        from . import memory  # noqa: F401
    except ImportError:
        return "this interpreter has no ctypes"
    from . import forks, import_hook, layout
    from .folder import NoRoom
    from .recorder import Recorder

    options = dict(
        part.partition("=")[::2] for part in environ.get("SPAWNSCOPE_PROBE_OPTIONS", "").split(",")
    )
    try:
        previews, keeps = options.get("preview") != "no", options.get("keep") == "yes"
        recorder = Recorder(folder, layout.LARGEST_BYTES, previews, keeps)
    except NoRoom as error:
        return str(error)

    patches = _patches(recorder, options.get("check") == "forkserver")
    for name, patch in patches.items():
        if name in modules:
            patch(modules[name])
    meta_path.insert(0, import_hook.Finder(patches, recorder.failed))

    let_trace = _let_trace(options.get("tracer"))
    let_trace()

    def renew():
        try:
            recorder.renew()
            if recorder.on:
                forks.tell(recorder, _getframe().f_back)
            let_trace()
        except Exception as error:  # the edge: in a fork, whatever fails
            recorder.on = True
            recorder.failed(error)

    register_at_fork(before=forks.before, after_in_child=renew)
    at_exit(_note_last, recorder, vars(modules["sys"]))
    _recorder = recorder
    return ""


def _let_trace(tracer):
    """What lets `tracer` look into this process: see `tracing`. Renewed in each fork."""
    if not tracer:
        return bool
    from . import tracing

    return lambda: tracing.let(tracer)


def _note_last(recorder, names):
    """The interpreter ends, by an exception of the main program for one."""
    error = names.get("last_value")
    if error is not None and recorder.on:
        path_importer_cache[_here] = _finder  # a program may have cleared it
        try:
            from . import exceptions

            exceptions.note_last(recorder, error)
        except Exception as fault:
            recorder.failed(fault)


def skip(folder, reason):
    """Say why this process has no recorder. Raises OSError."""
    from .folder import Folder

    Folder(folder).write("%d-%d.skipped" % (getpid(), monotonic_ns()), reason)


def _patches(recorder, check):
    """Module -> what to do when it has been imported. `check`: see `survival`."""
    checks = {}

    def patching(library, name, hooks):
        def patch(module):
            path_importer_cache[_here] = _finder  # a program may have cleared it
            for folder in getattr(modules.get(library), "__path__", ()):
                places.pass_over(folder)
            for hook in hooks:
                ours = __import__(__package__ + "." + hook.module, fromlist=[hook.module])
                getattr(ours, hook.function)(module, recorder, **hook.differences)
            if check:
                if not checks:
                    from . import survival

                    checks.update(survival.hooks(recorder))
                checks.get(name, bool)(module)

        return patch

    return {name: patching(library, name, hooks) for library, name, hooks in hook_points.modules()}
