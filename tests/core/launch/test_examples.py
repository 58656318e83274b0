"""The catalogue of the bundled examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from spawnscope.core.launch.examples import FOLDER, CatalogueError, examples
from spawnscope.core.launch.preflight import preflight
from spawnscope.core.vocabulary.launch_spec import TargetKind

ENTRY = """
[[example]]
file = "{file}"
title = "{title}"
summary = "S."
teaches = "T."
"""


def test_examples_come_in_the_order_of_the_catalogue_with_absolute_paths(tmp_path: Path) -> None:
    catalogue = ENTRY.format(file="a.py", title="A") + ENTRY.format(file="b.py", title="B")
    (tmp_path / "catalogue.toml").write_text(catalogue)
    first, second = examples(tmp_path)
    assert (first.title, second.title) == ("A", "B")
    assert (first.summary, first.teaches) == ("S.", "T.")
    assert first.spec.kind is TargetKind.SCRIPT
    assert first.spec.target == str(tmp_path / "a.py")
    assert first.spec.title == "A"


@pytest.mark.parametrize("damage", ["[[example]]\nfile = 1\n", "=", None])
def test_a_damaged_catalogue_is_one_error(damage: str | None, tmp_path: Path) -> None:
    if damage is not None:
        (tmp_path / "catalogue.toml").write_text(damage)
    with pytest.raises(CatalogueError, match=r"catalogue\.toml' cannot be read"):
        examples(tmp_path)


def test_every_bundled_example_can_start() -> None:
    assert FOLDER.is_dir()
    bundled = examples()
    assert bundled
    assert [example.title for example in bundled if preflight(example.spec)] == []
