"""A short text of a value, without calling any code of the program.

Only exact built-in types are looked into; of anything else the type's name is shown. Nothing is
kept of the value, and nothing large is touched.
"""

# A metaclass of the user's is not asked.
name_of = type.__dict__["__name__"].__get__
module_of = type.__dict__["__module__"].__get__
_qualified = type.__dict__["__qualname__"].__get__
_Function, _Builtin = type(lambda: None), type(len)
_Method = type(classmethod(len).__get__(None, int))
_LONGEST = 40
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


def function_name(function):
    """The name a person knows a function by; partials are looked through."""
    if type(function) is _Function:
        return function.__qualname__
    for _ in range(5):
        kind = type(function)
        if name_of(kind) != "partial" or module_of(kind) != "functools":
            break
        inner = function.func
        # What executors put around a chunk of a map.
        if plain_name(inner) in ("_process_chunk", "_map_chunk") and function.args:
            inner = function.args[0]
        function = inner
    kind = type(function)
    if kind is _Method:
        function = function.__func__
        kind = type(function)
    if kind is _Function or kind is _Builtin:
        return function.__qualname__
    return _qualified(function) if kind is type else name_of(kind)


def plain_name(function):
    """The name of a plain function, "" for anything else, whose name may be code of the program."""
    return function.__name__ if type(function) is _Function else ""


def type_name(value):
    """The name of its class, without asking a metaclass of the program's."""
    return _name_of(type(value))
