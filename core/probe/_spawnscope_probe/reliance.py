"""What a child relies on that only a fork gives it: globals that the parent has set, changed, or
filled since the import, and shared objects that every import makes anew.

    functions that a child comes to --reads--> globals --source of the module--> breakages

A new Python imports the module and has what that binds. What a child binds itself, as initializers
do, it does not rely on.
"""

from . import places
from .importing import Importing
from .natives import deque
from .preview import module_of, name_of
from .sources import Act, read

_sources = {}  # path -> Source or None
_PLAIN = (str, int, float, bool, bytes, type(None), complex)
_CONTAINERS = (dict, list, set, deque)
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
    if path not in _sources:
        _sources[path] = read(path)
    return _sources.get(path), path


def breakages(reached, main, previews, active):
    """Of all that was reached. `main`: the globals of the main module; `active`: (file, first line,
    line) of the functions that run, whose statements before that line have been run."""
    first = {id(names): names for names, _, _ in reached.reads.values()}
    others, imports = _from_outside(main), Importing(source_of, list(first.values()))
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
        if not acts and not is_shared(names[name]):
            continue
        found = _judged(names, name, source, path, acts, names is main, previews, active, imports)
        if found is not None:
            code = function.__code__
            found.sure = found.sure and sure and not imports.is_cut
            found.reader = function.__qualname__
            found.at = places.text((code.co_filename, code.co_firstlineno))
            yield found


def _judged(names, name, source, path, acts, is_main, previews, active, imports):
    value = names[name]
    binding = source.bound.get(name)
    if binding is not None and is_shared(value):
        return Breakage("own", True, name, name_of(type(value)), places.text((path, binding[0])))
    if imports.sets(names, name) or (type(value) is _Module and binding is not None):
        return None
    by_import = [act.function and imports.calls(where, act.function) for act, where in acts]
    if binding is None:
        binds = [(act, where) for act, where in acts if act.renews]
        if not binds or source.is_open or any(by_import):
            return None
        act, where = binds[0]
        return Breakage("missing", True, name, act.title, places.text((where, act.line)))
    acts = [pair for at, pair in enumerate(acts) if not by_import[at]]
    if not acts:
        return None
    literal = binding[1]
    act, where = _last(acts, active)
    is_done = act.direct and _is_done(act, where, active)
    done = places.text((where, act.line))
    if literal[:1] == ("is",):
        if _is_same(value, literal[1]) or any(by_import):
            return None
        why = repr(literal[1]) if previews or literal[1] is None else ""
        return Breakage("stale", act.renews, name, why, done)
    if literal == ("empty",) and name not in source.touched and not any(by_import):
        length = _length(type(value), value)
        return Breakage("empty", is_main or is_done, name, str(length), done) if length else None
    return Breakage(
        "stale" if act.renews else "changed",
        is_done,
        name,
        act.attribute,
        done,
    )


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
            inner = Act("", "", act.binds, act.function, act.title, act.line, act.direct)
            found.setdefault((id(vars(value)), act.attribute), []).append((inner, path))
    return found


def is_shared(value):
    """Whether it is a lock, queue or the like of multiprocessing: each import makes one more."""
    kind = type(value)
    return module_of(kind) in _SHARED and name_of(kind) not in ("Client", "Listener")


def _is_same(value, constant):
    kind = type(value)
    return kind is type(constant) and kind in _PLAIN and value == constant


def _length(kind, value):
    """Of a list, dict or set, or one of collections; 0 of anything else, which may have code."""
    for base in _CONTAINERS:
        if kind is base or (module_of(kind) == "collections" and issubclass(kind, base)):
            return base.__len__(value)
    return 0
