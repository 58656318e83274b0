"""The window shows text through `gui/kit/plain.py` and `gui/kit/markup.py`, and no other way.

Qt takes what looks like HTML for HTML, in labels, tooltips and message boxes. The two modules know
how to keep it from that; these rules see to it that nobody goes round them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KIT = ("gui/kit/plain.py", "gui/kit/markup.py")
OWN = "gui/shell/document.py"  # shows documents of ours, and none of anybody else: see below
# What shows rich text, or guesses.
CLASSES = frozenset((
    "QLabel", "QToolTip", "QWhatsThis", "QMessageBox", "QErrorMessage", "QInputDialog",
    "QProgressDialog", "QSplashScreen", "QTextEdit", "QTextBrowser", "QTextDocument",
    "QGraphicsTextItem", "QStaticText", "LabelItem", "TextItem",
))  # fmt: skip
METHODS = frozenset((
    "setToolTip", "setTabToolTip", "setWhatsThis", "setTextFormat", "setHtml", "insertHtml",
    "appendHtml", "setMarkdown", "setInformativeText", "toHtml", "setSectionToolTip",
))  # fmt: skip


def faults(source: str, where: str) -> Iterator[str]:
    """What breaks the rules in a module."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        for name in _forbidden(node):
            yield f"{where}:{getattr(node, 'lineno', 0)}: {name}"


def _forbidden(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom):
        yield from (f"imports {each.name}" for each in node.names if each.name in CLASSES)
    elif isinstance(node, ast.Attribute):
        if node.attr in METHODS or node.attr in CLASSES:
            yield f"uses {node.attr}"
    elif isinstance(node, ast.If) and "ToolTipRole" in _equals(node.test):
        for each in node.body:
            if not (isinstance(each, ast.Return) and _is_made_by(each.value, "tip")):
                yield "answers ToolTipRole with something else than tip(...)"
    elif isinstance(node, ast.Call):
        yield from _forbidden_call(node)


def _forbidden_call(call: ast.Call) -> Iterator[str]:
    name = _name(call.func)
    first = call.args[0] if call.args else None
    if name in ("markup", "markup_tr") and not isinstance(first, ast.Constant):
        yield f"{name}() takes a pattern that is written out"
    if name == "Markup":
        yield "makes Markup of any text"
    if name == "setWindowTitle" and not (
        _is_written_out(first) or _is_made_by(first, "window_title")
    ):
        yield "setWindowTitle() takes window_title(...)"
    if (
        name == "setItemData"
        and "ToolTipRole" in ast.unparse(call)
        and "tip(" not in ast.unparse(call)
    ):
        yield "setItemData() of a tooltip takes tip(...)"


def _equals(test: ast.expr) -> str:
    """The part of a condition that says what a role is, as source; "" for what it is not."""
    negative = any(isinstance(each, (ast.NotIn, ast.NotEq)) for each in ast.walk(test))
    return "" if negative else ast.unparse(test)


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _is_made_by(value: ast.expr | None, maker: str) -> bool:
    if isinstance(value, ast.BoolOp):
        return _is_made_by(value.values[0], maker)
    return isinstance(value, ast.Call) and _name(value.func) == maker


def _is_written_out(value: ast.expr | None) -> bool:
    if isinstance(value, ast.IfExp):
        return _is_written_out(value.body) and _is_written_out(value.orelse)
    return isinstance(value, ast.Constant)


def test_the_window_shows_text_through_its_kit_alone() -> None:
    found = []
    for path in sorted((ROOT / "gui").rglob("*.py")):
        where = path.relative_to(ROOT).as_posix()
        if where not in (*KIT, OWN):
            found += faults(path.read_text(), where)
    assert found == []


def test_the_rules_see_every_way_round_the_kit() -> None:
    for sample in (
        "from PySide6.QtWidgets import QLabel",
        "def f():\n    from PySide6.QtWidgets import QMessageBox",
        "QtWidgets.QLabel(text)",
        "button.setToolTip(name)",
        "label.setTextFormat(Qt.TextFormat.RichText)",
        "if role == _ROLE.ToolTipRole:\n    return row.name",
        "if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):\n    return name",
        "markup(f'<b>{name}</b>')",
        "markup('<b>' + name)",
        "markup_tr(f'<b>{name}</b>')",
        "Markup(name)",
        "window.setWindowTitle(name)",
        "box.setItemData(0, name, Qt.ItemDataRole.ToolTipRole)",
    ):
        assert list(faults(sample, "sample")), sample
    for sample in (
        "set_tip(button, name)",
        "if role == _ROLE.ToolTipRole:\n    return tip(row.name) or None",
        "markup('<b>{}</b>', name)",
        "window.setWindowTitle(window_title(name))",
        "dialog.setWindowTitle('Edit spec' if path else 'New spec')",
        "menu.setToolTipsVisible(True)",
    ):
        assert not list(faults(sample, "sample")), sample


def test_only_help_shows_documents_and_only_ours() -> None:
    users = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "gui").rglob("*.py"))
        if "DocumentWindow" in path.read_text() and path != ROOT / OWN
    ]
    assert users == ["gui/shell/about.py"]
    source = (ROOT / users[0]).read_text()
    assert source.count("DocumentWindow(") == 1
    assert 'DocumentWindow(parent, tr("User\'s guide"), page)' in source
    calls = re.findall(r"\n    *_show\((.*)\)", source)
    assert calls == ["parent, GUIDE", "parent, page"]
    # Of findings: one of those that are there, by a code that is known, whatever a session says.
    assert "page = finding_pages().get(code)" in source
    assert 'DOCS / "findings" / f"{code}.md" for code in FINDINGS}' in source
