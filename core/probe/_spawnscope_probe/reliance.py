"""What a child relies on that only a fork gives it: globals that the parent has set, changed, or
filled since the import, and shared objects that every import makes anew.

    functions that a child comes to --reads--> globals --source of the module--> breakages

A new Python imports the module and has what that binds. What a child binds itself, as initializers
do, it does not rely on.
"""

from . import places
from .preview import module_of, name_of
from .sources import read

_KEPT = 200  # sources
_sources = {}  # path -> Source or None
_PLAIN = (str, int, float, bool, bytes, type(None), complex)
_CONTAINERS = (dict, list, set)
_SHARED = ("multiprocessing.synchronize", "multiprocessing.queues", "multiprocessing.connection",
           "multiprocessing.sharedctypes")  # fmt: skip
_Module = type(places)


class Breakage:
    """Something that would not be the same in a child by forkserver or spawn. `kind`: "missing",
    "stale", "empty", "changed", "own"; `sure`: whether that is certain; `name`: of the global;
    `why`: a few words; `bound`: where it is bound; `reader`: the function that reads it, and `at`
    where that stands."""

    __slots__ = ("at", "bound", "kind", "name", "reader", "sure", "why")

    def __init__(self, kind, sure, name, why, bound, reader="", at=""):
        self.kind, self.sure, self.name, self.why = kind, sure, name, why
        self.bound, self.reader, self.at = bound, reader, at


def source_of(names):
    """(Source, path) of the module with these globals; (None, "") where it cannot be read."""
    path = names.get("__file__")
    if type(path) is not str or (not path.endswith(".py") and names.get("__name__") != "__main__"):
        return None, ""
    if path not in _sources and len(_sources) < _KEPT:
        _sources[path] = read(path)
    return _sources.get(path), path


def breakages(reached, main, previews, active):
    """Of all that was reached. `main`: the globals of the main module; `active`: (file, first line,
    line) of the functions that run, whose statements before that line have been run."""
    others = _from_outside(main)
    for (_, name), (names, function, sure) in reached.reads.items():
        if name[:2] == "__" or (id(names), name) in reached.binds:
            continue
        source, path = source_of(names)
        if source is None or not places.is_programs(path):
            continue
        acts = [(act, path) for act in source.acts if act.name == name]
        acts += others.get((id(names), name), [])
        if not is_shared(names[name]) and any(
            (where, act.function) in reached.functions for act, where in acts
        ):
            continue  # the child does that itself
        found = _judged(names, name, source, path, acts, names is main, previews, active)
        if found is not None:
            code = function.__code__
            found.sure = found.sure and sure
            found.reader = function.__qualname__
            found.at = places.text((code.co_filename, code.co_firstlineno))
            yield found


def _judged(names, name, source, path, acts, is_main, previews, active):
    value = names[name]
    binding = source.bound.get(name)
    if binding is None:
        binds = [(act, where) for act, where in acts if act.binds]
        if (
            not binds
            or source.is_open
            or any(_by_import(act, where, source, path) for act, where in binds)
        ):
            return None
        act, where = binds[0]
        return Breakage("missing", True, name, act.title, places.text((where, act.line)))
    line, literal = binding
    bound = places.text((path, line))
    if is_shared(value):
        return Breakage("own", True, name, name_of(type(value)), bound)
    acts = [(act, where) for act, where in acts if not _by_import(act, where, source, path)]
    if not acts or type(value) is _Module:
        return None
    act, where = _last(acts, active)
    done = places.text((where, act.line))
    if literal[:1] == ("is",):
        if _is_same(value, literal[1]):
            return None
        why = repr(literal[1]) if previews or literal[1] is None else ""
        return Breakage("stale", act.binds, name, why, done)
    kind = type(value)
    if literal == ("empty",) and name not in source.touched:
        sized = issubclass(kind, _CONTAINERS) and (
            kind in _CONTAINERS or module_of(kind) == "collections"
        )
        if not sized or not _length(kind, value):
            return None
        return Breakage("empty", is_main, name, str(_length(kind, value)), done)
    sure = act.direct and _is_done(act, where, active)
    return Breakage("stale" if act.binds else "changed", sure, name, act.attribute, done)


def _by_import(act, where, source, path):
    """Whether the import itself may do it: by a function that it calls."""
    return act.function != 0 and where == path and act.title in source.touched


def _last(acts, active):
    """The act to tell of: one that certainly was, else the first."""
    for act, where in acts:
        if act.direct and _is_done(act, where, active):
            return act, where
    return acts[0]


def _is_done(act, where, active):
    """Whether a function that runs has come past it."""
    return any(
        (file, first) == (where, act.function) and act.line < line for file, first, line in active
    )


def _from_outside(main):
    """What the main module does to globals of other modules, `settings.DEBUG = True`."""
    found = {}
    source, path = source_of(main)
    for act in () if source is None else source.acts:
        value = main.get(act.name)
        if act.attribute and type(value) is _Module:
            inner = _Bound(act)
            found.setdefault((id(vars(value)), act.attribute), []).append((inner, path))
    return found


class _Bound:
    """An act on a module's attribute: there, a global is bound."""

    __slots__ = ("attribute", "binds", "direct", "function", "line", "title")

    def __init__(self, act):
        self.attribute, self.binds, self.direct = "", True, act.direct
        self.function, self.line, self.title = act.function, act.line, act.title


def is_shared(value):
    """Whether it is a lock, queue or the like of multiprocessing: each import makes one more."""
    kind = type(value)
    return module_of(kind) in _SHARED and name_of(kind) not in ("Client", "Listener")


def _is_same(value, constant):
    kind = type(value)
    return kind is type(constant) and kind in _PLAIN and value == constant


def _length(kind, value):
    return dict.__len__(value) if issubclass(kind, dict) else len(value)
