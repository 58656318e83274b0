"""A short text of a value, without calling any code of the program.

Only exact built-in types are looked into; of anything else the type's name is shown. Nothing is
kept of the value, and nothing large is touched.
"""

from .hook_points import RUNS, STANDS_FOR, WRAPS

# A metaclass of the user's is not asked.
name_of = type.__dict__["__name__"].__get__
module_of = type.__dict__["__module__"].__get__
_qualified = type.__dict__["__qualname__"].__get__
_Function, _Builtin = type(lambda: None), type(len)
_Method = type(classmethod(len).__get__(None, int))
_LONGEST = 40
_LONGEST_NAME = 200
_DEEPEST = 2


def preview(value, depth=0):
    """At most some 50 characters."""
    kind = type(value)
    if kind is str:
        return repr(value) if len(value) <= _LONGEST else repr(value[:_LONGEST])[:-1] + "…'"
    if kind is int:
        return repr(value) if -(10**20) < value < 10**20 else "int of %d bits" % value.bit_length()
    if kind is float or kind is bool or value is None:
        return repr(value)
    if kind is bytes:
        return repr(value) if len(value) <= 16 else "%d bytes" % len(value)
    if kind is tuple or kind is list:
        if depth >= _DEEPEST or len(value) > 8:
            return "%s of %d" % (kind.__name__, len(value))
        inner = ", ".join([preview(item, depth + 1) for item in value[:4]])
        more = ", …" if len(value) > 4 else "," if kind is tuple and len(value) == 1 else ""
        return "(%s%s)" % (inner, more) if kind is tuple else "[%s%s]" % (inner, more)
    if kind is dict or kind is set or kind is frozenset or kind is bytearray:
        return "%s of %d" % (kind.__name__, len(value))
    return name_of(kind)


def function_name(function, arguments=()):
    """The name a person knows a function by; partials, and what libraries put around it, are looked
    through. `arguments`: those that it is called with."""
    for _ in range(8):
        kind = type(function)
        if kind is _Function:
            path = STANDS_FOR.get(function.__name__)
            if path is None:
                return function.__qualname__
            inner = _inside(arguments, path)
            if inner is None:
                return function.__qualname__
            function, arguments = inner, ()
        elif kind is str:  # a name that it is known by
            return _without_number(function[:_LONGEST_NAME])
        elif name_of(kind) == "partial" and module_of(kind) == "functools":
            function, arguments = function.func, function.args
        else:
            path = WRAPS.get((module_of(kind), name_of(kind)))
            inner = None if path is None else _inside(function, path)
            if inner is None:
                break
            function = inner
    kind = type(function)
    if kind is _Method:
        function = function.__func__
        kind = type(function)
    if kind is _Function or kind is _Builtin:
        return function.__qualname__
    return _qualified(function) if kind is type else name_of(kind)


def run_name(target, arguments):
    """What a process is known by that runs this function."""
    function = target.__func__ if type(target) is _Method else target
    if type(function) is _Function:
        label, number = RUNS.get((function.__module__, function.__qualname__), ("", -1))
        if label and 0 <= number < len(arguments):
            label += " " + preview(arguments[number])
        if label:
            return label
    return function_name(target)


def _inside(value, path):
    """What lies there: by attributes and by indices of tuples and lists; None if nothing does."""
    for step in path:
        if type(step) is str:
            value = getattr(value, step, None)
        elif type(value) in (tuple, list) and len(value) > step:
            value = value[step]
        else:
            return None
    return value


def _without_number(name):
    """The name without the random digits that some libraries give to each task."""
    head, _, tail = name.partition("-")
    digits = tail.replace("-", "")
    return head if len(digits) == 32 and not digits.strip("0123456789abcdef") else name


def plain_name(function):
    """The name of a plain function, "" for anything else, whose name may be code of the program."""
    return function.__name__ if type(function) is _Function else ""


def type_name(value):
    """The name of its class, without asking a metaclass of the program's."""
    return name_of(type(value))
