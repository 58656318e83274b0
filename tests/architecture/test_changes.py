"""What a change touches, counted: each is made up, put into a copy of the tree, and tried there."""

from __future__ import annotations

from pathlib import Path

from scratch_tree import ScratchTree

MADE_UP = Path(__file__).resolve().parent / "made_up"
KINDS = "core/vocabulary/kinds.py"


def test_a_new_kind_of_object_is_its_hook_and_a_row(tmp_path: Path) -> None:
    """Two operations of its own have a row each, in the same file; and the probe numbers them."""
    tree = ScratchTree(tmp_path / "tree")
    tree.change(
        "core/probe/_spawnscope_probe/layout.py",
        '"unlink", "replace", "exception",\n',
        '"unlink", "replace", "exception", "open", "pass",\n',
    )
    tree.change(
        KINDS,
        "        _MEMORY,\n        _GUARDED",
        '        ObjectKind("Gate", _HOLDS_BACK, "event", named=True,\n'
        '                   ended_by={"pass": (Relation.SETS, "open")}),\n'
        "        _MEMORY,\n        _GUARDED",
    )
    tree.change(
        KINDS,
        '        OperationKind("unlink", GUARD),\n',
        '        OperationKind("unlink", GUARD),\n'
        '        OperationKind("open", INTO, True, inward=True, past="opened", serves="pass"),\n'
        '        OperationKind("pass", OUT, True, outward=True, word="through", past="passed"),\n',
    )
    tree.run(MADE_UP / "new_kind.py", tmp_path)
    assert [path for path in tree.touched if not path.startswith("core/probe/")] == [KINDS]
