"""The window in the pseudo-language: what has no brackets there was forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QMenu, QTabBar, QWidget

from spawnscope.core import translation


def speak(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The pseudo-language as long as a fixture lasts."""
    monkeypatch.setenv(translation.VARIABLE, translation.PSEUDO)
    translation.forget()
    yield
    monkeypatch.undo()
    translation.forget()


def untranslated(widget: QWidget) -> set[str]:
    """Texts, tooltips and names for screen readers in a widget, and in all within it, that have
    words outside of brackets. Names of keys and tags do not count, nor what Qt itself says."""
    found = set()
    for each in (widget, *widget.findChildren(QWidget)):
        for text in _texts(each):
            bare = re.sub(r"<[^<>]*>|&|Ctrl\+\w|^Scroll (Left|Right)$", "", text)
            while (shorter := re.sub(r"\[[^\[\]]*\]", "", bare)) != bare:
                bare = shorter
            if re.search(r"[^\W\d_]{2}", bare):
                found.add(text)
    return found


def _texts(widget: QWidget) -> Iterator[str]:
    yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
    if isinstance(widget, (QLabel, QAbstractButton)):
        yield widget.text()
    elif isinstance(widget, QLineEdit):
        yield widget.placeholderText()
    elif isinstance(widget, QMenu):
        yield from (action.text().partition("\t")[0] for action in widget.actions())
    elif isinstance(widget, QTabBar):
        for place in range(widget.count()):
            yield from (widget.tabText(place), widget.tabToolTip(place))
