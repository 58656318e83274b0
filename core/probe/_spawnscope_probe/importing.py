"""What an import of the program's modules does by itself, in a child as well: which functions their
top levels call, and which globals these set in one another.

    sources of all modules of the program --top levels--> functions --Reached--> those that follow

It takes some reading, so it is found out when something depends on it.
"""

from . import places
from .natives import modules
from .reaching import Reached

_MOST_MODULES, _MOST_FUNCTIONS = 200, 2000
_Module = type(places)


class Importing:
    """See the module. `source_of`: the Source of a module by its globals; `first`: the globals of
    those that matter most; `is_cut`: there are more modules than were looked at."""

    def __init__(self, source_of, first):
        self._source_of, self._first = source_of, first
        self.is_cut = False
        self._known = None  # pairs (globals, Source)
        self._reached = None

    def calls(self, path, first_line):
        """Whether an import may call the function that begins there."""
        if self._reached is None:
            self._reached = reached = Reached(_MOST_FUNCTIONS)
            for names, source in self._modules():
                for name in source.touched:
                    if name in names:
                        reached.add(names[name])
                for name, attribute in source.asked:
                    value = names.get(name)
                    if type(value) is _Module and attribute in vars(value):
                        reached.add(vars(value)[attribute])
            reached.follow()
        return (path, first_line) in self._reached.functions

    def sets(self, module, name):
        """Whether an import of another module sets this global of the one with these globals, or
        changes what it is bound to."""
        for names, source in self._modules():
            for owner, attribute in source.done:
                value = names.get(owner)
                if value is module[name] and names is not module and value is not None:
                    return True
                if attribute == name and type(value) is _Module and vars(value) is module:
                    return True
        return False

    def _modules(self):
        if self._known is None:
            self._known = []
            self._take(self._first)
            ids = set(map(id, self._first))
            self._take([each for each in _programs_modules() if id(each) not in ids])
        return self._known

    def _take(self, of):
        for names in of:
            if len(self._known) >= _MOST_MODULES:
                self.is_cut = True
                return
            source, _ = self._source_of(names)
            if source is not None:
                self._known.append((names, source))


def _programs_modules():
    """The globals of modules of the program's own files."""
    for module in list(modules.values()):
        path = getattr(module, "__file__", None)
        if type(module) is _Module and type(path) is str and places.is_programs(path):
            yield vars(module)
