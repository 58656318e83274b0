"""The figures of what a process uses."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot

from spawnscope.core.vocabulary.events import Sample
from spawnscope.gui.panels.inspector.usage import UsageFigures


@pytest.mark.parametrize(("limit", "text"), [(1024, "1,009 of 1,024"), (0, "1,009")])
def test_descriptors_are_told_with_how_many_there_may_be(
    qtbot: QtBot, limit: int, text: str
) -> None:
    figures = UsageFigures()
    qtbot.addWidget(figures)
    widths = []
    for step in (0, 100):  # those that rise have a curve
        samples = [
            Sample(1, 11, 9, 0.0, 4096, 1, 1009 - step * (9 - n), "sleeping", fds_limit=limit)
            for n in range(10)
        ]
        figures.show_samples(SimpleNamespace(samples=tuple(samples)))  # type: ignore[arg-type]
        assert dict(figures.texts)["Files"] == text
        widths.append(figures.sizeHint().width())
    assert widths[0] < widths[1]
