"""Where in the user's code something happens: the first frame outside the standard library."""

import os
import sys

from . import hook_points, layout

_library = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
_scripts = os.path.dirname(sys.executable or os.sep) + os.sep
_libraries = []  # folders of what is patched
_inner = {}  # file name -> whether frames of it are passed over
_MOST_FILES = 10000
_OF_A_VALUE = {"acquire", "_obj", "release"}
try:
    _begun_in = os.getcwd() + os.sep
except OSError:
    _begun_in = ""


def find(frame):
    """(file, line) of the first frame from `frame` outwards that is the user's own, and behind that
    (file, line) of the installed library's that it called, if there is one in between. Of that
    alone, where there is no other; of the outermost frame outside of multiprocessing if all are the
    standard library's; None if there is none."""
    fallback = library = None
    while frame is not None:
        name = frame.f_code.co_filename
        inner = _inner.get(name)
        if inner is None:
            inner = _is_inner(name)
            if len(_inner) < _MOST_FILES:
                _inner[name] = inner
        if inner == 0 and not (name == "<string>" and _is_made(frame)):
            found = name, frame.f_lineno
            return found if library is None else found + library
        if inner == 3:
            library = library or (name, frame.f_lineno)
        elif inner == 1:
            fallback = frame
        frame = frame.f_back
    return library or (fallback and (fallback.f_code.co_filename, fallback.f_lineno))


def pass_over(folder):
    """What lies in `folder` is a library's, as multiprocessing's own files are."""
    if folder + os.sep not in _libraries:
        _libraries.append(folder + os.sep)
        _inner.clear()


def caller(frame, passed):
    """Of the first frame from `frame` outwards that is not ours and not of a file that ends with
    `passed`: its file, and whether that is the standard library's; and the function of such a file
    that it called. None if there is none."""
    function = ""
    while frame is not None:
        name = frame.f_code.co_filename
        if name.endswith(passed):
            function = frame.f_code.co_name
        elif not is_ours(name):
            return name, _is_inner(name) in (1, 2), function
        frame = frame.f_back
    return None


def is_within(frame, package):
    """Whether the first frame from `frame` outwards that is neither ours nor of `package`'s
    `connection` is of another module of that package."""
    while frame is not None:
        name = frame.f_globals.get("__name__")
        if not is_ours(frame.f_code.co_filename) and name != package + ".connection":
            return type(name) is str and name.startswith(package + ".")
        frame = frame.f_back
    return False


def text(found):
    """ "file:line" of what `find` returned, "" for None; both of two, with VIA between them."""
    if found is None:
        return ""
    return layout.VIA.join([_text(*found[at : at + 2]) for at in range(0, len(found), 2)])


def _text(name, line):
    if name[:1] != "/" and name[:1] != "<":
        name = _begun_in + name  # as Python 3.8 names the script it was given
    return name + ":" + str(line)


def is_users(frame):
    """Whether a frame runs code of the user's own, as `find` looks for."""
    name = frame.f_code.co_filename
    return not _is_inner(name) and not (name == "<string>" and _is_made(frame))


def is_programs(name):
    """Whether a file of this name is the user's own."""
    return not _is_inner(name) and name[:1] != "<"


def is_ours(name):
    """Whether a file's name is one that our own code bears."""
    return name.startswith("<spawnscope ")


def _is_inner(name):
    """0: the user's own; 1: the standard library's; 2: multiprocessing's own, or ours; 3: that of
    an installed library, as far as the folder tells, or what it put beside the interpreter."""
    if name.startswith(("<frozen ", "<spawnscope ")):
        return 2
    if name.startswith(tuple(_libraries)):
        return 2
    if "/site-packages/" in name or "/dist-packages/" in name or name.startswith(_scripts):
        return 3
    if not name.startswith(_library):
        return 0
    rest = name[len(_library) :]
    # `python -m test` and the like are programs, though they lie in the library's folder.
    return 2 if rest.startswith(("multiprocessing", "concurrent", "threading", "runpy")) else 1


def _is_made(frame):
    """Whether a frame runs code that multiprocessing made up: what it hands to `python -c` for a
    child of its own, a method of a proxy, or what reads or sets the `value` of a Value."""
    names = frame.f_code.co_names
    if frame.f_back is None:
        return hook_points.starts_a_child(names)
    return names == ("_callmethod",) or (len(names) == 4 and {*names} >= _OF_A_VALUE)
