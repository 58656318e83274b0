"""On request: what of this program would break where forkserver or spawn is the start method.

    Process.start under fork --arguments--> sending: can they be pickled?
    Pool, executor: a task ---functions---> reaching, reliance: which globals does a child lack?
                            --call stack--> sources: is it below a main guard?
                                              '--> facts: one for each place, one for each breakage

Nothing of this is loaded unless it was asked for. It runs in the thread that starts a process or
submits a task, before that happens. A check that fails says nothing; the start is as ever.
"""

from . import facts, places
from .exceptions import type_name
from .guard import guarded
from .hook_points import is_own
from .likeness import forwarding, like
from .natives import _getframe, modules
from .preview import function_name, run_name
from .processes import parts_of
from .reaching import Reached
from .reliance import Breakage, breakages, source_of
from .sending import trial
from .syntax import PERHAPS, SURE

_MOST_PLACES, _MOST_BREAKAGES = 50, 40  # in a process
_MOST_TRIALS = 10  # of one place
_DEEPEST = 200  # frames
_FIRST = 3  # values of a sequence
_Function, _Method = type(parts_of), type(Reached().add)
_MAPS = ("apply_async", "_map_async", "imap", "imap_unordered")


class _Checked:
    """What was checked in this process. `places`: (where, what) -> how often; `told`: keys of
    breakages; `failed`: how often something was left out."""

    def __init__(self, recorder):
        self.recorder = recorder
        self.begin()

    def begin(self):
        self._created_ns = self.recorder.created_ns
        self.places, self.told, self.failed = {}, set(), 0
        self._method = ""

    def count(self, where, what, method):
        """How often that was checked before; None where it is not checked any more."""
        if self._created_ns != self.recorder.created_ns:
            self.begin()  # in the child of a fork
        before = self.places.get((where, what), 0)
        if not before and len(self.places) >= _MOST_PLACES:
            self.fail()
            return None
        self.places[where, what] = before + 1
        if not before:
            self._method = method
            self._tell_places()
        return before

    def fail(self):
        """Something could not be checked, or there was too much of it."""
        self.failed += 1
        if not self.failed & self.failed - 1:  # a power of two: it may be often
            self._tell_places()

    def tell(self, breakage, what, where):
        """One more, unless it is known."""
        key = breakage.kind, what, breakage.name, breakage.bound, breakage.why
        if key in self.told:
            return
        if len(self.told) >= _MOST_BREAKAGES:
            self.fail()
            return
        self.told.add(key)
        facts.tell(
            self.recorder, "breakage#%d" % len(self.told), breakage.kind,
            "1" if breakage.sure else "", what, breakage.name, breakage.why[:300], where,
            breakage.bound, breakage.reader, breakage.at,
        )  # fmt: skip

    def _tell_places(self):
        numbers = str(len(self.places)), str(self.failed)
        facts.tell(self.recorder, "checked", self._method, *numbers)


def hooks(recorder):
    """Module -> what to do with it when it has been imported, and was patched for all else."""
    checked = _Checked(recorder)

    def safely(check, *args):
        if recorder.on:
            try:
                check(checked, *args)
            except Exception:  # a program that we do not understand
                guarded(recorder)(checked.fail)()

    def patch_process(module):
        kind = module.BaseProcess
        start = kind.start

        def checked_start(self):
            safely(_check_start, self, _getframe())
            return start(self)

        kind.start = like(checked_start, start)

    def patch_pool(module):
        for name in _MAPS:
            _patch_task(module.Pool, name)

    def patch_executor(module):
        _patch_task(module.ProcessPoolExecutor, "submit")

    def _patch_task(kind, name):
        original = getattr(kind, name)

        def submit(*args, **kwargs):
            safely(_check_task, args, _getframe())
            return original(*args, **kwargs)

        setattr(kind, name, forwarding(original, submit))

    return {
        "multiprocessing.process": patch_process,
        "multiprocessing.pool": patch_pool,
        "concurrent.futures.process": patch_executor,
    }


def _check_start(checked, process, frame):
    if process._popen is not None:
        return
    roots, what, runs = _described(process)
    where = places.text(places.find(frame))
    method = _method(process._start_method)
    before = checked.count(where, what, method)
    if before is None or before >= _MOST_TRIALS or method != "fork":
        return
    why, named = trial(process, roots, checked.recorder.previews)
    if why:
        checked.tell(Breakage("argument", True, "", why, ""), what, where)
    if before:
        return
    main = vars(modules["__main__"])
    _check_guard(checked, main, runs, frame, what, where)
    for each in _unfound(main, named):
        checked.tell(each, what, where)
    reached = Reached()
    for each in runs:
        reached.add(each)
    for each in named:
        if type(each) is not _Function:
            reached.use(each)
    reached.follow()
    for each in breakages(reached, main, checked.recorder.previews, _active(frame)):
        checked.tell(each, what, where)


def _check_task(checked, args, frame):
    pool, function = args[0], args[1]
    if not hasattr(getattr(pool, "_inqueue", pool), "_reader") and not hasattr(pool, "_call_queue"):
        return  # a ThreadPool
    context = getattr(pool, "_ctx", None) or pool._mp_context
    what, where = function_name(function, args[2:]), places.text(places.find(frame))
    method = context.get_start_method()
    if checked.count(where, what, method) or method != "fork":
        return
    main = vars(modules["__main__"])
    for run in _user_functions(function, args[2:]):
        for each in _unfound(main, [getattr(run, "__func__", run)]):
            checked.tell(each, what, where)
        reached = Reached()
        reached.add(run)
        for each in _few(args[2:]):
            reached.use(type(each))
        reached.follow()
        reached.binds |= _bound_by(pool._initializer)
        for each in breakages(reached, main, checked.recorder.previews, _active(frame)):
            checked.tell(each, what, where)


def _few(values, depth=0):
    """The first ones of what a task is given, also of lists and tuples within."""
    for each in values[:_FIRST]:
        yield each
        if type(each) in (list, tuple) and depth < 2:
            yield from _few(each, depth + 1)


def _bound_by(initializer):
    reached = Reached()
    if initializer is not None:
        reached.add(initializer)
    return reached.binds


def _method(own):
    """The start method of a kind of Process; None: that of the default context."""
    return own or modules["multiprocessing.context"]._default_context.get_start_method()


def _described(process):
    """Of a Process: what is pickled, by name; what it is called; the functions that it runs."""
    target, args = process._target, process._args
    if getattr(target, "__module__", None) in (
        "multiprocessing.pool",
        "concurrent.futures.process",
    ):
        place = 2  # behind two queues
        roots = [("initializer", args[place]), ("initargs", args[place + 1])]
        what = "initializer " + function_name(args[place]) if args[place] else ""
        return roots, what, [args[place]] if args[place] else []
    if target is None:
        return parts_of(process), type_name(process), [process.run]
    kwargs = process._kwargs
    runs = [
        target,
        *[one for one in (*args, *kwargs.values()) if type(one) in (_Function, _Method)],
    ]
    return parts_of(process), run_name(target, args), runs


def _user_functions(function, args):
    """What a task runs: behind what the library puts around it."""
    if is_own(function):
        return [args[0]] if args else []
    if type(function).__name__ == "partial":
        if is_own(function.func):
            return list(function.args[:1])
        return [function.func]
    return [function]


def _active(frame):
    """(file, first line, line) of the functions that run; first line 0: of a module."""
    found = []
    while frame is not None and len(found) < _DEEPEST:
        code = frame.f_code
        first = 0 if code.co_name == "<module>" else code.co_firstlineno
        found.append((code.co_filename, first, frame.f_lineno))
        frame = frame.f_back
    return found


def is_imported(main):
    """Whether a child imports the main module: not one that is in no file, nor a `__main__.py`."""
    spec = main.get("__spec__")
    if spec is not None:
        name = spec.name
        return name != "__main__" and not name.endswith(".__main__")
    path = main.get("__file__")
    return type(path) is str and path[:1] != "<"  # else it came by stdin


def _check_guard(checked, main, runs, frame, what, where):
    """Whether the import of a module that a child needs comes to this very start. It is told of the
    innermost module, which may be imported by that one."""
    needed = {getattr(each, "__module__", None) for each in runs}
    if is_imported(main):
        needed.add("__main__")
    needed.discard(None)
    innermost, sure = None, True
    while frame is not None:
        names = frame.f_globals
        source, path = None, ""
        if frame.f_code.co_name == "<module>":
            source, path = source_of(names)
        if source is not None and places.is_programs(path):
            state = source.state_of(frame.f_lineno)
            if state not in (SURE, PERHAPS):
                return
            sure = sure and state == SURE
            innermost = innermost or (names["__name__"], path, frame.f_lineno)
            if names["__name__"] in needed:
                bound = places.text(innermost[1:])
                checked.tell(Breakage("guard", sure, innermost[0], "", bound), "", where)
                return
        frame = frame.f_back


def _unfound(main, named):
    """Of functions and classes that are pickled by name, those that no import finds there."""
    source, path = source_of(main)
    for each in named:
        if getattr(each, "__module__", None) != "__main__":
            continue
        name = each.__qualname__.partition(".")[0]
        if not is_imported(main):
            yield Breakage("unfound", True, name, "", "")
        elif source is not None and name not in source.bound and not source.is_open:
            line = [act.line for act in source.acts if act.name == name and act.binds]
            if line:
                yield Breakage("unfound", True, name, "guard", places.text((path, line[0])))
