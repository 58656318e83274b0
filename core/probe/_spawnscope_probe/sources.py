"""The source of a module, read: what a new Python that imports it would find in it, and what not.

    top level --of no guard--> bound: there after an import; touched: what its expressions use
              --of a guard---> acts: what only the main program does
    functions --with `global`, or that change what is global--> acts, of whoever calls them

Nothing is run. What cannot be read is None, and nothing is said of it.
"""

from . import syntax
from .natives import modules
from .syntax import GUARDED, PERHAPS, SURE, UNTOLD

_LARGEST = 1 << 21  # bytes
_ONLY_AST, _APART = 0x400, True  # of compile
_NAME = "<spawnscope check>"
_DYNAMIC = {"exec", "eval", "globals", "vars", "locals", "setattr", "__dict__"}


class Act:
    """Something that happens to a global: without an `attribute`, `name` is bound anew (`binds`) or
    changed; with one, that is. In `function`, by its first line (0: at the top level, below a
    guard), on `line`; `direct`: under no condition."""

    __slots__ = ("attribute", "binds", "direct", "function", "line", "name", "title")

    def __init__(self, name, attribute, binds, function, title, line, direct):
        self.name, self.attribute, self.binds = name, attribute, binds
        self.function, self.title, self.line, self.direct = function, title, line, direct

    @property
    def renews(self):
        """Whether the global itself is bound anew."""
        return self.binds and not self.attribute


class Source:
    """See the module. `bound`: name -> (line, what it is bound to: see `_literal`); `touched`:
    names that the import uses besides, and `asked`: pairs (name, attribute); `done`: such pairs
    that it changes, "" for items; `acts`; `is_open`: names may come in ways not seen."""

    def __init__(self, tree):
        self.bound, self.acts, self.is_open = {}, [], False
        self.touched, self.asked, self.done = set(), set(), set()
        self._lines = []  # (first, last, state) of statements of the top level
        self._functions = {}  # name -> names that its body uses
        self._conditions = 0  # below the guard, how many more this depends on
        self._body(tree.body, SURE)
        self._close()

    def state_of(self, line):
        """Whether an import comes to a line of the top level."""
        within = [each for each in self._lines if each[0] <= line <= each[1]]
        return min(within, key=lambda each: each[1] - each[0])[2] if within else UNTOLD

    def _close(self):
        """What functions that are called at the top level use is touched as well."""
        ahead = list(self.touched)
        while ahead:
            for name in self._functions.get(ahead.pop(), ()):
                if name not in self.touched:
                    self.touched.add(name)
                    ahead.append(name)

    # -- the top level

    def _body(self, statements, state):
        for each in statements:
            self._lines.append((syntax.first_line(each), each.end_lineno, state))
            getattr(self, "_of_" + syntax.kind(each), self._of_other)(each, state)

    def _of_If(self, node, state):
        verdict = syntax.verdict(node.test)
        first, second = {
            True: (state, GUARDED),
            False: (GUARDED, state),
            None: (_less(state, PERHAPS),) * 2,
            UNTOLD: (_less(state, UNTOLD),) * 2,
        }[verdict]
        within = state == GUARDED
        self._use(node.test, state)
        self._conditions += within
        self._body(node.body, GUARDED if within else first)
        self._body(node.orelse, GUARDED if within else second)
        self._conditions -= within

    def _of_Try(self, node, state):
        self._body(node.body, state)
        self._conditions += 1
        for handler in node.handlers:
            self._body(handler.body, _less(state, PERHAPS))
        self._conditions -= 1
        self._body(node.orelse, state)
        self._body(node.finalbody, state)

    _of_TryStar = _of_Try

    def _of_With(self, node, state):
        for item in node.items:
            self._use(item.context_expr, state)
            if item.optional_vars is not None:
                self._bind_all(item.optional_vars, None, state)
        self._body(node.body, state)

    def _of_For(self, node, state):
        self._use(node.iter, state)
        self._bind_all(node.target, None, state)
        self._loop(node, state)

    def _of_While(self, node, state):
        self._use(node.test, state)
        self._loop(node, state)

    def _loop(self, node, state):
        self._conditions += 1
        self._body(node.body, state)
        self._body(node.orelse, state)
        self._conditions -= 1

    def _of_FunctionDef(self, node, state):
        arguments = node.args
        for each in (*node.decorator_list, *arguments.defaults, *arguments.kw_defaults):
            if each is not None:
                self._use(each, state)
        self._bind(node.name, node, None, state)
        self._functions[node.name] = syntax.names_in(node)
        self._function(node)

    _of_AsyncFunctionDef = _of_FunctionDef

    def _of_ClassDef(self, node, state):
        self._bind(node.name, node, None, state)
        for each in (*node.decorator_list, *node.bases, *[one.value for one in node.keywords]):
            self._use(each, state)
        used = self._functions[node.name] = set()
        for each in node.body:
            if syntax.kind(each) in ("FunctionDef", "AsyncFunctionDef"):
                used |= syntax.names_in(each)
                self._function(each)
                for decorator in each.decorator_list:
                    self._use(decorator, state)
            else:
                self._use(each, state)

    def _of_Assign(self, node, state):
        self._use(node.value, state)
        for target in node.targets:
            self._bind_all(target, node.value, state)

    def _of_AnnAssign(self, node, state):
        if node.value is not None:
            self._use(node.value, state)
            self._bind_all(node.target, node.value, state)

    def _of_AugAssign(self, node, state):
        self._use(node.value, state)
        if syntax.kind(node.target) == "Name":
            self._use_name(node.target.id, state)
        self._bind_all(node.target, None, state)

    def _of_Import(self, node, state):
        for each in node.names:
            name = each.asname or each.name.partition(".")[0]
            if each.name == "*":
                self.is_open = True
            else:
                self._bind(name, node, None, state)

    _of_ImportFrom = _of_Import

    def _of_other(self, node, state):
        self._use(node, state)
        for each in syntax.walk(node):  # such as the names of `match`
            if syntax.kind(each) in ("MatchAs", "MatchStar") and each.name:
                self._bind(each.name, node, None, state)

    def _bind_all(self, target, value, state):
        kind = syntax.kind(target)
        if kind == "Name":
            self._bind(target.id, target, value, state)
        elif kind in ("Tuple", "List"):
            for each in target.elts:
                self._bind_all(each, None, state)
        elif kind == "Starred":
            self._bind_all(target.value, None, state)
        else:
            self._use(target, state)

    def _bind(self, name, node, value, state):
        if state == GUARDED:
            self._act(name, "", True, node)
        elif name not in self.bound:
            self.bound[name] = node.lineno, syntax.literal(value)
        else:
            self.bound[name] = self.bound[name][0], ()

    def _use(self, node, state):
        """An expression, or a statement without names of its own."""
        if state == GUARDED:
            for name, attribute, binds in syntax.changes(node):
                self._act(name, attribute, binds, node)
            return
        for each in syntax.walk(node):
            kind = syntax.kind(each)
            self.done.update(pair[:2] for pair in syntax.changed_by(each))
            if kind == "Name":
                self._use_name(each.id, state)
            elif kind == "Attribute":
                self.is_open = self.is_open or each.attr in _DYNAMIC
                if syntax.kind(each.value) == "Name":
                    self.asked.add((each.value.id, each.attr))

    def _use_name(self, name, state):
        if state != GUARDED:
            self.touched.add(name)
            self.is_open = self.is_open or name in _DYNAMIC

    def _act(self, name, attribute, binds, node):
        self.acts.append(Act(name, attribute, binds, 0, "", node.lineno, not self._conditions))

    # -- functions

    def _function(self, node):
        """What it does to globals when it is called; also those within it."""
        first = syntax.first_line(node)
        ours = set()
        inner = []
        local = {each.arg for each in syntax.arguments(node.args)}
        for each in syntax.within(node, inner):
            kind = syntax.kind(each)
            if kind == "Global":
                ours.update(each.names)
            elif kind == "Name" and syntax.kind(each.ctx) == "Store":
                local.add(each.id)
        for statement, direct in syntax.simple(node.body):
            of = first, node.name, statement.lineno, direct
            for each in syntax.within(statement, [], True):
                for name in syntax.bound_by(each):
                    if name in ours:
                        self.acts.append(Act(name, "", True, *of))
                for name, attribute, binds in syntax.changed_by(each):
                    if name in ours or name not in local:
                        self.acts.append(Act(name, attribute, binds, *of))
        for each in inner:
            if syntax.kind(each) != "Lambda":
                self._function(each)


def read(path):
    """The Source of a file; None where it cannot be read."""
    try:
        with open(path, "rb") as file:
            text = file.read(_LARGEST + 1)
        return Source(_parsed(text)) if len(text) <= _LARGEST else None
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _parsed(text):
    """What a compiler has to say of it, it has said, or will: here its warnings are nobody's."""
    warnings = modules.get("warnings")
    filters = None if warnings is None else warnings.filters
    if type(filters) is not list:
        return compile(text, _NAME, "exec", _ONLY_AST, _APART)
    silence = ("ignore", None, Warning, _NAME, 0)
    filters.insert(0, silence)
    try:
        return compile(text, _NAME, "exec", _ONLY_AST, _APART)
    finally:
        filters.remove(silence)


def _less(state, other):
    return other if state == SURE else state
