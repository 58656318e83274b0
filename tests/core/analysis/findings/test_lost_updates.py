"""Which statements change an item of a manager in a copy, and throw that away."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from spawnscope.core.analysis.findings.changed_in_place import change_at


@pytest.mark.parametrize(
    ("statement", "change"),
    [
        ("ledger['orders'].append(1)", ".append()"),
        ("ledger['orders'][0] = 1", "[...] ="),
        ("ledger['orders'][0] += 1", "[...] ="),
        ("ledger['orders'].state = 1", ".state ="),
        ("self.ledger[key].update(a=1)", ".update()"),
        ("ledger['orders'] += [1]", ""),
        ("ledger['orders'] = ledger['orders'] + [1]", ""),
        ("orders = ledger['orders']; orders.append(1)", ""),
        ("last = ledger['orders'].pop()", ""),
        ("cache['orders' + x].append(ledger['orders'])", ""),
        ("ledger['others'].append(ledger['orders'])", ""),
        ("seen.append(ledger['orders'])", ""),
        ("ledger['orders'].index(1)", ""),
    ],
)
def test_a_change_in_a_copy(statement: str, change: str, tmp_path: Path) -> None:
    program = tmp_path / "shop.py"
    program.write_text(f"def work(self, ledger):\n    {statement}\n")
    assert change_at(f"{program}:2", "'orders'", "ledger", time.time_ns()) == change
    assert change_at(f"{program}:1", "'orders'", "ledger", time.time_ns()) == ""
    assert change_at(f"{program}:2", "'orders'", "ledger", 1) == "", "the file is a newer one"


def test_what_is_no_python_has_no_changes(tmp_path: Path) -> None:
    for name, text in {"a.py": "ledger[", "b.py": "x\0", "c.txt": ""}.items():
        (tmp_path / name).write_text(text)
        assert change_at(f"{tmp_path / name}:1", "'orders'", "ledger", time.time_ns()) == ""
