"""Which functions of the program a child may come to, and which globals they read and bind.

    the target --its code: LOAD_GLOBAL--> functions, classes, modules of the program --> theirs ...

Read from compiled code: what a name stands for is looked up, and nothing is called.
"""

from . import places
from .natives import modules

_MOST = 300  # functions
_Function, _Code, _Module = type(places.find), type(places.find.__code__), type(places)
_Method = type(type("_", (), {"method": lambda self: None})().method)
_mro_of = type.__dict__["__mro__"].__get__
_vars_of = type.__dict__["__dict__"].__get__
_name_of = type.__dict__["__name__"].__get__
_MAKING = {"__init__", "__new__", "__post_init__", "__init_subclass__", "__set_name__"}
_ALWAYS = {"__call__", "__enter__", "__exit__", "__iter__", "__next__", "__setstate__",
           "__getattr__", "__getitem__", "__aenter__"}  # fmt: skip
_codes = {}  # numbers of operations, by name


class Reached:
    """See the module. `reads`: (globals by id, name) -> (globals, the function that reads it,
    whether it is called by name alone); `binds`: pairs of the same kind; `functions`: pairs (file,
    first line)."""

    def __init__(self, most=_MOST):
        self._most = most
        self.reads, self.binds, self.functions = {}, set(), set()
        self._classes, self._attributes = [], set(_ALWAYS)
        self._seen = {}  # id of a code or class -> itself

    def add(self, value, sure=True):
        """What the child runs, and all that follows from that."""
        self._follow([(value, sure)])

    def follow(self):
        """What follows from the classes in use."""
        self._follow(self._methods())

    def _follow(self, ahead):
        while ahead and len(self.functions) < self._most:
            value, sure = ahead.pop(0)
            kind = type(value)
            if kind is _Method:
                ahead.append((value.__func__, sure))
                self.use(type(value.__self__), sure)
            elif kind is _Function:
                ahead += self._function(value, sure)
            elif issubclass(kind, type):
                ahead += self._made(value, sure)
            elif _name_of(kind) == "partial" and kind.__module__ == "functools":
                ahead += [(value.func, sure), *[(one, False) for one in value.args]]
            elif _name_of(kind) == "_lru_cache_wrapper":
                ahead.append((value.__wrapped__, sure))
            elif is_programs_class(kind):
                self.use(kind)
            if not ahead:
                ahead += self._methods()

    def use(self, kind, sure=False):
        """Instances of this class are used."""
        if id(kind) not in self._seen and is_programs_class(kind):
            self._seen[id(kind)] = kind
            self._classes.append((kind, sure))

    def _function(self, function, sure):
        """Add one; returns what it leads to."""
        code = function.__code__
        wrapped = function.__dict__.get("__wrapped__")
        found = [] if wrapped is None else [(wrapped, sure)]
        for cell in function.__closure__ or ():
            try:
                found.append((cell.cell_contents, sure))
            except ValueError:  # empty
                pass
        if id(code) in self._seen:
            return []
        self._seen[id(code)] = code
        if not places.is_programs(code.co_filename):
            return found
        names = function.__globals__
        for each in _codes_in(code):
            self.functions.add((code.co_filename, each.co_firstlineno))
            self._attributes.update(each.co_names)
            for operation, name, attribute in _globals_of(each):
                if operation == "bind":
                    self.binds.add((id(names), name))
                elif name in names:
                    found += self._read(names, name, attribute, function, sure)
        return found

    def _read(self, names, name, attribute, function, sure):
        value = names[name]
        self.reads.setdefault((id(names), name), (names, function, sure))
        if type(value) is not _Module:
            is_class = issubclass(type(value), type)
            return [(value, sure)] if type(value) is _Function or is_class else [(value, False)]
        inner = vars(value)
        if attribute in inner and places.is_programs(getattr(value, "__file__", None) or "<"):
            self.reads.setdefault((id(inner), attribute), (inner, function, sure))
            return [(inner[attribute], sure)]
        return []

    def _made(self, kind, sure):
        """Instances of this class may be made; returns what that runs."""
        self.use(kind)
        return [
            (function, sure)
            for function in _functions_of(kind, _MAKING)
            if is_programs_class(kind) and id(function.__code__) not in self._seen
        ]

    def _methods(self):
        """What is called of classes that were met, by the names of all attributes that are used."""
        return [
            (function, sure)
            for kind, sure in self._classes
            for function in _functions_of(kind, self._attributes - _MAKING)
            if id(function.__code__) not in self._seen
        ]


def _functions_of(kind, names):
    """The functions that a class has under these names."""
    for base in _mro_of(kind):
        for name, member in list(_vars_of(base).items()):
            if name in names:
                function = getattr(member, "fget", None) or getattr(member, "__func__", member)
                if type(function) is _Function:
                    yield function


def is_programs_class(kind):
    """Whether a class is of the program's own files."""
    name = kind.__module__ if type(kind) is type else _vars_of(kind).get("__module__")
    module = modules.get(name) if type(name) is str else None
    return module is not None and places.is_programs(getattr(module, "__file__", None) or "<")


def _codes_in(code):
    """It, and those of what is defined within."""
    ahead = [code]
    while ahead:
        each = ahead.pop()
        yield each
        ahead += [one for one in each.co_consts if type(one) is _Code]


def _globals_of(code):
    """("read" or "bind", name, the attribute that is asked of it or "")."""
    numbers = _numbers()
    names, data = code.co_names, code.co_code
    argument, last = 0, None
    for at in range(0, len(data), 2):
        operation, value = data[at], data[at + 1]
        if operation == numbers["EXTENDED_ARG"]:
            argument = (argument | value) << 8
            continue
        value, argument = argument | value, 0
        if operation == numbers["CACHE"]:
            continue
        if last is not None:
            attribute = ""
            if operation in numbers["attribute"]:
                place = value >> numbers["attribute shift"]
                attribute = names[place] if place < len(names) else ""
            yield "read", last, attribute
            last = None
        if operation == numbers["LOAD_GLOBAL"]:
            last = names[value >> numbers["shift"]]
        elif operation == numbers["LOAD_NAME"]:
            last = names[value]
        elif operation == numbers["STORE_GLOBAL"]:
            yield "bind", names[value], ""


def _numbers():
    if not _codes:
        from sys import version_info

        was_there = "opcode" in modules
        from opcode import opmap

        if not was_there:
            del modules["opcode"]  # the program's own import is as without us
        for name in ("EXTENDED_ARG", "LOAD_GLOBAL", "LOAD_NAME", "STORE_GLOBAL", "CACHE"):
            _codes[name] = opmap.get(name, -1)
        _codes["attribute"] = {opmap[n] for n in ("LOAD_ATTR", "LOAD_METHOD") if n in opmap}
        _codes["shift"] = 1 if version_info >= (3, 11) else 0
        _codes["attribute shift"] = 1 if version_info >= (3, 12) else 0
    return _codes
