"""What it takes, besides the task, to make its call again in a fresh process: the interpreter, its
main module, where it finds modules, and the worker's initializer. No code of the program is called.
"""

import sys

from . import kept_layout as layout
from .natives import modules
from .preview import function_name

_Function = type(function_name)
_ATOMS = (str, bytes, int, float, bool, type(None))
_LONGEST = layout.LARGEST_CONTEXT // 4  # bytes of the initializer's arguments
_MOST_VALUES = 2000
_DEEPEST = 20


def context(initializer, arguments):
    """See `kept_layout.CONTEXT`; as bytes, of which no more than fit."""
    fields = [
        ("python", sys.executable),
        ("folder", _folder()),
        *_main(vars(modules.get("__main__", sys))),
        ("method", _start_method()),
        *_process(),
        *_initializer(initializer, arguments),
        *[("option", text) for text in _options()],
        *[("argument", text) for text in _texts(sys.argv)],
        *[("path", text or _original()) for text in _texts(sys.path)],
    ]
    data = b""
    for name, value in fields:
        if type(value) is str and "\0" not in value:
            part = (name + "\0" + value + "\0").encode("utf-8", "surrogateescape")
            if len(data) + len(part) <= layout.LARGEST_CONTEXT:
                data += part
    return data


def _texts(found):
    return [text for text in found if type(text) is str] if type(found) is list else []


def _folder():
    from posix import getcwd

    try:
        return getcwd()
    except OSError:  # it was removed
        return ""


def _of_multiprocessing(name):
    """The names of one of its modules; none where it was not imported."""
    module = modules.get("multiprocessing." + name)
    return {} if module is None else vars(module)


def _original():
    """Where the program was started, as multiprocessing has noted it."""
    found = _of_multiprocessing("process").get("ORIGINAL_DIR")
    return found if type(found) is str else _folder()


def _main(names):
    """As multiprocessing's spawn tells a child of it."""
    module = getattr(names.get("__spec__"), "name", None)
    if type(module) is str and module != "__main__":  # which is a folder's own, or an archive's
        return [("module", module)]
    path = names.get("__file__")
    if type(path) is not str:
        return []
    return [("main", path if path[:1] == "/" else _original() + "/" + path)]


def _start_method():
    default = _of_multiprocessing("context").get("_default_context")
    return getattr(getattr(default, "_actual_context", None), "_name", None)


def _process():
    known = getattr(_of_multiprocessing("process").get("_current_process"), "__dict__", {})
    config = known.get("_config")
    daemon = type(config) is dict and config.get("daemon") is True
    return [("name", known.get("_name")), ("daemon", "yes" if daemon else "")]


def _options():
    """What the interpreter was given, as far as it makes a difference to a task."""
    found = ["-" + "O" * sys.flags.optimize] if sys.flags.optimize else []
    if sys.flags.no_user_site:
        found.append("-s")
    found += ["-W" + text for text in _texts(sys.warnoptions)]
    for name, value in dict.items(sys._xoptions):
        if name != "faulthandler":
            found.append("-X" + (name if value is True else name + "=" + value))
    return found


def _initializer(initializer, arguments):
    if initializer is None:
        return []
    if type(initializer) is _Function:
        module, name = initializer.__module__, initializer.__qualname__
        given = tuple(arguments) if type(arguments) in (tuple, list) else None
        left = [_MOST_VALUES, _LONGEST]
        is_named = type(module) is str and "<" not in name
        if is_named and given is not None and _is_plain(given, left, _DEEPEST):
            text = repr(given)
            if len(text) <= _LONGEST:
                return [("initializer", module + ":" + name), ("given", text)]
    return [("unkept", function_name(initializer))]


def _is_plain(value, left, depth):
    """Whether its repr is a literal that Python itself writes, and no longer than allowed. `left`:
    how many values, and how much of texts, are looked at yet."""
    kind = type(value)
    left[0] -= 1
    if kind is str or kind is bytes:
        left[1] -= len(value)
    elif kind is float:
        return value - value == 0  # neither infinite nor none
    elif kind is int:
        return -(1 << 64) < value < 1 << 64
    if left[0] < 0 or left[1] < 0 or depth < 0:
        return False
    if kind in _ATOMS:
        return True
    if kind in (dict, tuple, list):
        parts = list(value.items() if kind is dict else value)
        return all(_is_plain(part, left, depth - 1) for part in parts)
    return False
