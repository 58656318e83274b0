"""The exception that ended a process: its type, what it says, where, and its traceback.

    _bootstrap asks for the name of its process, to report it --.
    or whether it was a number that sys.exit was called with ----+
    before that: `_inheriting` is deleted, while it passes ------+--> note --> a fact
    the main program: sys.last_value, as the interpreter ends --'

No code of the program is called for that, so what an exception says is known only where that is
made by Python itself, of plain values.
"""

from . import facts, places
from .natives import exc_info
from .preview import module_of, name_of, preview

_LONGEST_TRACEBACK, _LONGEST_TEXT = 6000, 300  # characters
_PLAIN = (str, int, float, bool, bytes, type(None))
_MAINS = ("builtins", "__main__", "__mp_main__")
_OF_SYNTAX = (SyntaxError, IndentationError, TabError)
_Slot = type(BaseException.__str__)
_vars_of = type.__dict__["__dict__"].__get__
_mro_of = type.__dict__["__mro__"].__get__
_args_of = BaseException.__dict__["args"].__get__
# What Python makes a text of besides the arguments, by the class that does.
_SAYING = (
    (OSError, ("filename", "filename2", "strerror", "errno")),
    (SyntaxError, ("msg", "filename", "lineno")),
    (ImportError, ("msg",)),
)


def note(recorder, error):
    """What ended this process, unless something goes on. Never raises."""
    try:
        facts.tell(recorder, "raised", *described(error, recorder.previews))
    except Exception as fault:
        recorder.failed(fault)


def described(error, with_text=True):
    """Its type, what it says, "file:line" and traceback, as texts."""
    kind, text = type_name(error), said(error) if with_text else ""
    return kind, text, place(error), traceback_text(error, kind, text)


def type_name(error):
    """As a traceback has it."""
    kind = type(error)
    module = module_of(kind)
    name = name_of(kind)
    return name if type(module) is not str or module in _MAINS else module + "." + name


def said(error):
    """What it says, "" if only code of the program could tell."""
    args = _args_of(error)
    kind = type(error)
    if SystemExit in _mro_of(kind) and (not args or type(args[0]) is int):
        return ""  # its exit code is known
    if _is_pythons_own(kind) and all(map(_is_plain, args)) and _tells_plainly(error):
        text = _said_by(kind)(error)
    elif args and type(args[0]) is str:
        text = args[0]
    else:
        text = preview(args[0]) if len(args) == 1 and type(args[0]) is not object else ""
    text = " ".join(text[: 2 * _LONGEST_TEXT].split())
    return text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + "…"


def _said_by(kind):
    for base in _mro_of(kind):
        found = _vars_of(base).get("__str__")
        if found is not None:
            return found
    return None


def _is_pythons_own(kind):
    return type(_said_by(kind)) is _Slot


def _is_plain(value):
    return type(value) in _PLAIN or (type(value) is tuple and all(map(_is_plain, value)))


def _tells_plainly(error):
    for kind, names in _SAYING:
        if kind in _mro_of(type(error)):
            members = _vars_of(kind)
            return all(_is_plain(members[name].__get__(error)) for name in names if name in members)
    return True


def _steps(error):
    trace = error.__traceback__
    while trace is not None:
        yield trace
        trace = trace.tb_next


def place(error):
    """Where it was raised: the innermost line of the user's, else the innermost of all."""
    found = innermost = None
    for trace in _steps(error):
        name = trace.tb_frame.f_code.co_filename
        if not places.is_ours(name):
            innermost = name, trace.tb_lineno
            if places.is_users(trace.tb_frame):
                found = innermost
    if type(error) in _OF_SYNTAX:
        name, line = error.filename, error.lineno
        if type(name) is str and type(line) is int:
            found = name, line
    return places.text(found or innermost)


def traceback_text(error, kind, text):
    """As Python prints it, without lines of source and without frames of ours."""
    lines = []
    for trace in _steps(error):
        code = trace.tb_frame.f_code
        if not places.is_ours(code.co_filename):
            lines.append(
                '  File "%s", line %d, in %s' % (code.co_filename, trace.tb_lineno, code.co_name)
            )
    if len(lines) > 60:
        lines[30:-30] = ["  ..."]
    last = kind + ": " + text if text else kind
    lines = ["Traceback (most recent call last):", *lines, last]
    return "\n".join(lines)[-_LONGEST_TRACEBACK:]


class Inheriting:
    """Stands at BaseProcess._inheriting, which multiprocessing deletes when a child has got what it
    is to run, or has failed to: then the exception is on its way. Else it is a plain attribute."""

    def __init__(self, recorder):
        self._recorder = recorder

    def __get__(self, process, kind=None):
        try:
            return process.__dict__["_inheriting"]
        except (AttributeError, KeyError):
            raise AttributeError("_inheriting") from None

    def __set__(self, process, value):
        process.__dict__["_inheriting"] = value

    def __delete__(self, process):
        error = exc_info()[1]
        if error is not None:
            note(self._recorder, error)
        del process.__dict__["_inheriting"]


def note_last(recorder, error):
    """The interpreter ends, and this was the last exception that it has printed: the one that ended
    the main program, if it came from there and not from a callback of somebody's."""
    if _is_of_main(error):
        note(recorder, error)


def _is_of_main(error):
    if error.__traceback__ is None:
        return type(error) in _OF_SYNTAX  # it was never run
    for trace in _steps(error):
        frame = trace.tb_frame
        name = dict.get(frame.f_globals, "__name__")
        if name != "runpy":  # which `python -m` goes by
            return name == "__main__" and frame.f_code.co_name == "<module>"
    return True
