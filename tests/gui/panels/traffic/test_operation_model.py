"""The model of the operations: it grows and shrinks at both ends."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from spawnscope.core.store.processes import ProcessTable
from spawnscope.gui.kit.text.span import span_text
from spawnscope.gui.panels.traffic.operation_columns import OUTCOME, PLACE, PREVIEW, PROCESS, TOOK
from spawnscope.gui.panels.traffic.operation_model import OperationModel


@pytest.fixture
def model(qtbot: QtBot, processes: ProcessTable) -> OperationModel:
    model = OperationModel(processes)
    tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Fatal, model
    )
    assert tester.model() is model
    model.modelReset.connect(lambda: pytest.fail("a live model was reset"))
    return model


def test_rows_are_appended_once_and_in_order(model: OperationModel, make: Any) -> None:
    model.append([(2, make.operation(outcome="Full")), (1, make.operation())])
    model.append([(2, make.operation()), (3, make.operation())])
    assert model.rowCount() == 3
    assert model.last_id == 3
    assert model.index(1, OUTCOME).data() == "Full"
    assert model.index(0, PROCESS).data() == "worker 1 (1001)"
    assert model.index(0, TOOK).data() == "5.0 µs"
    assert model.index(0, PREVIEW).data() == "'x'"
    assert model.index(0, PLACE).data() == "app.py:9"


def test_it_grows_and_shrinks_at_both_ends(model: OperationModel, make: Any) -> None:
    each = make.operation()
    model.append([(number, each) for number in range(10, 14)])
    model.prepend([(number, each) for number in range(7, 12)])
    assert [row[0] for row in model._rows] == [7, 8, 9, 10, 11, 12, 13]
    model.cut_oldest(2)
    model.cut_newest(3)
    assert (model.first_id, model.last_id, model.rowCount()) == (9, 10, 2)
    model.cut_newest(99)
    assert (model.first_id, model.last_id, model.rowCount()) == (0, 0, 0)
    model.prepend([(5, each)])
    model.clear()
    assert model.rowCount() == 0


@pytest.mark.parametrize(
    ("span", "text"),
    [(850, "850 ns"), (1200, "1.2 µs"), (45_300, "45 µs"), (3_400_000, "3.4 ms"),
     (999_700_000, "1.00 s"), (1_250_000_000, "1.25 s"), (65_000_000_000, "1:05")],
)  # fmt: skip
def test_spans_have_two_or_three_digits(span: int, text: str) -> None:
    assert span_text(span) == text
