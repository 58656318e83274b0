"""Finding what a person reads in source that does not go through `core/translation.py`.

A string is for a person when it holds two words, or when it is a capitalised word: in the window
wherever it stands, elsewhere where it is handed to what shows text. Not for a person: docstrings,
annotations, names of objects, style sheets, regular expressions, SQL, logs, and the messages of
faults in the program itself.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

TRANSLATING = frozenset(("tr", "trn", "mark", "markup_tr"))
_GLUED = (ast.JoinedStr, ast.BinOp, ast.IfExp)
PRAGMA = "# untranslated:"  # and a reason, on the first or last line of the string

# Calls whose arguments nobody reads.
_UNREAD = frozenset((
    "compile", "match", "search", "sub", "fullmatch", "findall", "finditer", "execute",
    "executemany", "executescript", "setObjectName", "setStyleSheet", "debug", "info", "warning",
    "error", "exception", "critical", "getLogger", "findChild", "findChildren", "inherits",
    "AssertionError", "KeyError", "NotImplementedError", "RuntimeError", "TypeError", "ValueError",
    "IndexError", "StopIteration", "NewType", "TypeVar", "field", "strftime", "strptime", "Struct",
    "encode", "format_exception", "invokeMethod", "cast", "startswith", "endswith", "removeprefix",
    "removesuffix", "partition", "rpartition", "split", "maketrans", "translate",
    "setProperty", "missing",
))  # fmt: skip
# Calls and keywords where a single capitalised word is shown.
_SHOWN = frozenset((
    "Label", "PlainLabel", "QPushButton", "QToolButton", "QAction", "QCheckBox", "QRadioButton",
    "QGroupBox", "QMenu", "addAction", "addMenu", "addTab", "addItem", "addRow", "addButton",
    "setText", "setTitle", "setToolTip", "setWindowTitle", "setPlaceholderText", "set_tip",
    "setAccessibleName", "setAccessibleDescription", "tip", "setTabText", "setStatusTip", "Column",
    "message_box", "markup_box", "muted", "bold", "title", "text", "label", "help", "heading",
    "setHtml", "setLabelText", "setButtonText", "placeholder", "description",
))  # fmt: skip
_SQL = re.compile(
    r"\s*(INSERT|UPDATE|DELETE|CREATE|PRAGMA|BEGIN|COMMIT|ATTACH|WITH|DROP|ALTER)\b"
    r"|.*\b(SELECT|FROM|WHERE|ORDER BY|UNION ALL|ON CONFLICT|JOIN|LIMIT \?|BETWEEN \?|IS NULL|= \?"
    r"|CASE)",
    re.DOTALL,
)
_NO_TEXT = re.compile(r"<[^<>]*>|&\w+;|\{[^{}]*\}|\w+://\S+|--[\w-]+|[\w./]*[/_.]\w[\w./]*")
_WORDS = re.compile(r"[^\W\d_]{2,}['’]?[,.:;…]? +(?:[^\W\d_]|\0)|\0[,.:;]? +[^\W\d_]{2,}")
_TITLE = re.compile(r"&?[A-Z][a-z]+(…|\.\.\.)?")
_COLUMNS = re.compile(r"[a-z_]+(, [a-z_]+)+")  # of a table
_SHEET = re.compile(r"[\w-]+: [^;{}]+;|\w+ ?\{")


def faults(source: str, window: bool = False) -> Iterator[tuple[int, str]]:
    """(line, text) of each string that a person would read untranslated. `window`: in `gui`."""
    yield from _Walk(source.splitlines(), window).found(ast.parse(source))


class _Walk:
    def __init__(self, lines: list[str], window: bool) -> None:
        self._lines = lines
        self._window = window

    def found(self, node: ast.AST, shown: bool = False) -> Iterator[tuple[int, str]]:
        """Of a node and all in it. `shown`: what stands here is shown, be it a single word."""
        if isinstance(node, (ast.Constant, ast.JoinedStr)):
            yield from self._of_text(node, shown)
            if isinstance(node, ast.JoinedStr):
                for part in node.values:
                    if isinstance(part, ast.FormattedValue):
                        yield from self.found(part.value)
        elif isinstance(node, ast.Call):
            yield from self._of_call(node)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return  # a docstring
        elif isinstance(node, ast.ClassDef) and any("Enum" in ast.unparse(b) for b in node.bases):
            yield from self._of_methods(node)  # its values are codes
        elif isinstance(node, ast.Assert):
            yield from self.found(node.test)
        elif isinstance(node, ast.IfExp):
            yield from self.found(node.test)
            yield from self.found(node.body, shown)
            yield from self.found(node.orelse, shown)
        elif isinstance(node, ast.BoolOp):
            for value in node.values:
                yield from self.found(value, shown)
        elif isinstance(node, ast.Compare):
            for other in (node.left, *node.comparators):  # what is compared is a code
                if not isinstance(other, (ast.Constant, ast.Tuple, ast.Set, ast.List)):
                    yield from self.found(other)
        else:
            for name, value in ast.iter_fields(node):
                if name in ("annotation", "returns", "type_params", "pattern"):
                    continue
                if isinstance(node, ast.Subscript) and name == "slice":
                    continue  # a key
                for each in value if isinstance(value, list) else [value]:
                    if isinstance(each, ast.AST):
                        yield from self.found(each)

    def _of_methods(self, node: ast.ClassDef) -> Iterator[tuple[int, str]]:
        for each in node.body:
            if not isinstance(each, ast.Assign):
                yield from self.found(each)

    def _of_call(self, call: ast.Call) -> Iterator[tuple[int, str]]:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        name = name or getattr(call.func, "id", "")
        yield from self.found(call.func)
        if name in _UNREAD:
            return
        words = [*call.args, *(each.value for each in call.keywords)]
        if name in TRANSLATING:
            # The sentences themselves; a value may still be a sentence that was glued in.
            for each in words:
                if isinstance(each, _GLUED) and each in call.args[: 2 if name == "trn" else 1]:
                    yield each.lineno, f"{name}() takes whole sentences that are written out"
                elif not isinstance(each, ast.Constant):
                    yield from self.found(each)
            return
        for value in call.args:
            yield from self.found(value, name in _SHOWN)
        for keyword in call.keywords:
            yield from self.found(keyword.value, keyword.arg in _SHOWN)

    def _of_text(
        self, node: ast.Constant | ast.JoinedStr, shown: bool
    ) -> Iterator[tuple[int, str]]:
        if isinstance(node, ast.Constant):
            text = node.value if isinstance(node.value, str) else ""
        else:
            text = "".join(
                str(part.value) if isinstance(part, ast.Constant) else "\0" for part in node.values
            )
        last = node.end_lineno or node.lineno
        if PRAGMA in self._lines[node.lineno - 1] or PRAGMA in self._lines[last - 1]:
            return
        if is_for_a_person(text) or ((shown or self._window) and _TITLE.fullmatch(text)):
            yield node.lineno, text.replace("\0", "{}")


def is_for_a_person(text: str) -> bool:
    """Whether a text has two words in it that are no code. NUL stands for a value."""
    if _SQL.match(text) or _COLUMNS.fullmatch(text) or _SHEET.search(text):
        return False
    return any(map(str.islower, text)) and bool(_WORDS.search(_NO_TEXT.sub(" ", text)))
