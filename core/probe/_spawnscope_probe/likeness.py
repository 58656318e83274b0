"""Wrappers that look like what they wrap: to `inspect`, to pickle, and in the text of a TypeError
where the arguments do not fit."""

_VARARGS, _VARKEYWORDS = 0x04, 0x08  # of co_flags
_plain = {}  # what looks like another function: that one
_Function = type(lambda: None)


def like(new, old):
    """Give the function `new` the looks of the function `old`, whose parameters it has, but for
    some that only hold a default; returns it.

    Where arguments do not fit, Python names the function: up to 3.9 by its code, later by itself.
    """
    names = {name: getattr(old.__code__, name) for name in _CODE_NAMES}
    new.__code__ = new.__code__.replace(**names)
    for name in _NAMES:
        setattr(new, name, getattr(old, name))
    missing = old.__code__.co_argcount - new.__code__.co_argcount
    if missing > 0 and not new.__code__.co_flags & _VARARGS and old.__defaults__:
        new.__defaults__ = old.__defaults__[:-missing]
    new.__dict__.update(old.__dict__)
    _plain[new] = old
    return new


def plain(function):
    """What `function`, also of a method, is without us: what it looks like, itself for most. For
    what we know not to be recorded by it, this is a call less."""
    bound = getattr(function, "__self__", None)
    found = getattr(function, "__func__", function)
    while type(found) is _Function and found in _plain:
        found = _plain[found]
    return found if bound is None else type(function)(found, bound)


def instead(new, old):
    """`like`, for what does not call `old` but all that it does, in as many lines: to a tracer it
    is `old`, in its file."""
    place = {name: getattr(old.__code__, name) for name in ("co_filename", "co_firstlineno")}
    new.__code__ = new.__code__.replace(**place)
    return like(new, old)


def forwarding(old, call):
    """A function like `old`, parameters included, that calls `call` with what it is given.

    For what need not be fast: `call` takes whatever arguments there are, and passes them on.
    """
    code = old.__code__
    names = list(code.co_varnames)
    first = code.co_posonlyargcount
    plain, keywords = code.co_argcount, code.co_argcount + code.co_kwonlyargcount
    parameters, arguments = [], []
    for name in names[:plain]:
        parameters.append(name)
        arguments.append(name)
        if len(parameters) == first:
            parameters.append("/")
    rest = iter(names[keywords:])
    if code.co_flags & _VARARGS:
        star = "*" + next(rest)
        parameters.append(star)
        arguments.append(star)
    elif code.co_kwonlyargcount:
        parameters.append("*")
    for name in names[plain:keywords]:
        parameters.append(name)
        arguments.append("%s=%s" % (name, name))
    if code.co_flags & _VARKEYWORDS:
        stars = "**" + next(rest)
        parameters.append(stars)
        arguments.append(stars)
    source = "lambda %s: __call(%s)" % (", ".join(parameters), ", ".join(arguments))
    made = eval(compile(source, "<spawnscope likeness>", "eval"), {"__call": call})
    return like(made, old)


_NAMES = ("__module__", "__name__", "__qualname__", "__doc__", "__defaults__", "__kwdefaults__",
          "__annotations__")  # fmt: skip
_CODE_NAMES = [n for n in ("co_name", "co_qualname") if hasattr(like.__code__, n)]
