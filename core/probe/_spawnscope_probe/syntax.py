"""What single statements and expressions of a source say, as Python's own parser has them: what
they bind and change, and whether a condition holds in a child that imports the module."""

SURE, PERHAPS, GUARDED, UNTOLD = "sure", "perhaps", "guarded", "untold"
"""Whether a child that imports the module comes to a statement: yes; who knows; no; and where a
condition asks for more than `__name__`, such as which process this is, nothing is said."""
_IDENTITY = {"active_children", "getpid"}
_EMPTY_OF = {"dict", "list", "set", "defaultdict", "OrderedDict", "deque", "Counter"}
_CHANGING = {"append", "add", "update", "setdefault", "extend", "insert", "clear", "pop", "remove",
             "discard", "popitem", "appendleft", "extendleft", "__setitem__"}  # fmt: skip


def kind(node):
    """The name of a node's class."""
    return type(node).__name__


def first_line(node):
    """As a function's code has it: with its decorators."""
    lines = [each.lineno for each in getattr(node, "decorator_list", ())]
    return min([node.lineno, *lines])


def _children(node):
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            for each in value:
                if hasattr(each, "_fields"):
                    yield each
        elif hasattr(value, "_fields"):
            yield value


def walk(node):
    """It and all within, but for the bodies of functions."""
    ahead = [node]
    while ahead:
        each = ahead.pop()
        yield each
        if kind(each) == "Lambda":
            continue
        if kind(each) in ("FunctionDef", "AsyncFunctionDef"):
            ahead += each.decorator_list
            continue
        ahead += _children(each)


def within(node, inner, whole=False):
    """All within a function (`whole`: and the statement itself), but for functions within it, which
    are added to `inner`."""
    ahead = [node] if whole else list(node.body)
    while ahead:
        each = ahead.pop()
        if kind(each) in ("FunctionDef", "AsyncFunctionDef", "Lambda"):
            inner.append(each)
            continue
        yield each
        ahead += _children(each)


def names_in(node):
    """All names that a function uses, also those within it."""
    found = set()
    ahead = list(node.body)
    while ahead:
        each = ahead.pop()
        if kind(each) == "Name":
            found.add(each.id)
        ahead += _children(each)
    return found


def arguments(node):
    """All parameters of a function."""
    every = [*getattr(node, "posonlyargs", ()), *node.args, *node.kwonlyargs]
    return every + [each for each in (node.vararg, node.kwarg) if each is not None]


def bound_by(node):
    """The names that a statement binds."""
    what = kind(node)
    if what == "Name":
        return [node.id] if kind(node.ctx) == "Store" else []
    if what in ("Import", "ImportFrom"):
        return [each.asname or each.name.partition(".")[0] for each in node.names]
    return []


def simple(body, direct=True):
    """The statements of a function that have none within, and whether each depends on no
    condition."""
    for each in body:
        what = kind(each)
        held = direct and what in ("With", "AsyncWith", "Try", "TryStar")
        bodies = [getattr(each, name, None) for name in ("body", "orelse", "finalbody")]
        bodies += [one.body for one in getattr(each, "handlers", ())]
        bodies += [one.body for one in getattr(each, "cases", ())]
        if what in ("FunctionDef", "AsyncFunctionDef", "ClassDef") or not any(bodies):
            yield each, direct
            continue
        for place, inner in enumerate(bodies):
            if inner:
                yield from simple(inner, held and place < 3)


def changes(node):
    """`changed_by` of all that is within."""
    for each in walk(node):
        for pair in changed_by(each):
            yield pair


def changed_by(node):
    """[(name, attribute or "", whether that is bound anew)] of what a statement or call changes."""
    what = kind(node)
    if what in ("Attribute", "Subscript") and kind(node.ctx) in ("Store", "Del"):
        of, attribute = node.value, node.attr if what == "Attribute" else ""
    elif what == "Call" and kind(node.func) == "Attribute" and node.func.attr in _CHANGING:
        of, attribute = node.func.value, ""
    else:
        return []
    if kind(of) == "Name":
        return [(of.id, attribute, bool(attribute))]
    if kind(of) == "Attribute" and kind(of.value) == "Name":
        return [(of.value.id, of.attr, False)]
    return []


def literal(value):
    """What an expression is: ("is", constant), ("empty",), () for anything else."""
    what = kind(value)
    if what == "Constant":
        return "is", value.value
    if what in ("List", "Set", "Tuple"):
        return ("empty",) if not value.elts and kind != "Tuple" else ()
    if what == "Dict":
        return () if value.keys else ("empty",)
    if what == "Call":
        name = getattr(value.func, "id", getattr(value.func, "attr", ""))
        plain = [each for each in value.args if kind(each) not in ("Name", "Lambda")]
        return ("empty",) if name in _EMPTY_OF and not plain and _is_made_empty(name, value) else ()
    return ()


def _is_made_empty(name, call):
    return not call.keywords and (not call.args or name == "defaultdict")


def verdict(test):
    """Whether a condition holds while a child imports the module: True, False, None where that is
    not known, UNTOLD where it asks which process this is."""
    what = kind(test)
    if what == "UnaryOp" and kind(test.op) == "Not":
        inner = verdict(test.operand)
        return not inner if inner in (True, False) else inner
    if what == "BoolOp":
        each = [verdict(one) for one in test.values]
        decisive = kind(test.op) == "Or"
        if decisive in each:
            return decisive
        if UNTOLD in each:
            return UNTOLD
        return None if None in each else not decisive
    if what == "Compare" and len(test.ops) == 1:
        found = _compared(test.left, test.ops[0], test.comparators[0])
        if found is not None:
            return found
    if what == "Constant":
        return bool(test.value)
    if _asks_parent(test):
        return False
    for each in walk(test):
        names = (getattr(each, "id", ""), getattr(each, "attr", ""), getattr(each, "value", ""))
        if any(type(name) is str and (name in _IDENTITY or name == "__name__") for name in names):
            return UNTOLD
    return None


def _asks_parent(node):
    """`parent_process()`, which is still None while a child imports the main module."""
    function = getattr(node, "func", None)
    return "parent_process" in (getattr(function, "id", ""), getattr(function, "attr", ""))


def _compared(left, operator, right):
    """Of a comparison with `__name__`, which is something else in a child, or of the parent with
    None; None of any other."""
    if _asks_parent(left) and kind(right) == "Constant" and right.value is None:
        return kind(operator) in ("Is", "Eq")
    if getattr(right, "id", "") == "__name__":
        left, right = right, left
    if getattr(left, "id", "") != "__name__":
        return None
    what = kind(operator)
    values = getattr(right, "elts", [right])
    texts = [getattr(each, "value", None) for each in values]
    if not all(type(each) is str for each in texts) or "__mp_main__" in texts:
        return UNTOLD
    if what in ("Eq", "In", "Is"):
        return "__main__" not in texts and None
    if what in ("NotEq", "NotIn", "IsNot"):
        return True if "__main__" in texts else UNTOLD
    return UNTOLD
