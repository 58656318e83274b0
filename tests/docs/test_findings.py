"""Each kind of finding that can be found has its page in the guide, with a picture and programs."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from spawnscope.core.vocabulary.findings import FINDINGS, PYTHON_DOCS

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "findings"
IMAGES = ROOT / "docs" / "images" / "findings"
LARGEST = 60_000  # bytes of a picture: there are many, and each is in the wheel
_PARTS = (
    "## How it comes about",
    "## What you see",
    "## What is certain, and what is likely",
    "## How to mend it",
)


def codes() -> list[str]:
    """Those that the modules of the kinds name."""
    modules = sorted((ROOT / "core" / "analysis" / "findings").glob("*.py"))
    nodes = [node for module in modules for node in ast.walk(ast.parse(module.read_text()))]
    texts = {node.value for node in nodes if isinstance(node, ast.Constant)}
    return [code for code in FINDINGS if code in texts]


def pages() -> list[str]:
    return sorted(page.stem for page in FOLDER.glob("*.md") if page.stem != "README")


def test_each_finding_has_its_page_and_its_picture_and_no_others_have() -> None:
    found = sorted(codes())
    assert len(found) > 20
    assert pages() == found
    assert sorted(picture.stem for picture in IMAGES.glob("*")) == found


@pytest.mark.parametrize("code", pages())
def test_a_page_has_its_parts_its_picture_its_programs_and_what_python_says(code: str) -> None:
    text = (FOLDER / f"{code}.md").read_text()
    assert text.startswith(f"# {code}\n\n")
    assert [line for line in text.splitlines() if line.startswith("## ")] == list(_PARTS)
    assert f"(../images/findings/{code}.png)\n\n> **" in text  # what it says there, as text
    assert f"]({PYTHON_DOCS}{FINDINGS[code].python})" in text
    programs = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(programs) == 2
    for program in programs:
        compile(program, f"{code}.md", "exec")


@pytest.mark.parametrize("code", pages())
def test_a_picture_is_small_enough_for_the_wheel(code: str) -> None:
    assert 5_000 < (IMAGES / f"{code}.png").stat().st_size < LARGEST


def test_the_index_has_all_of_them_in_order_with_their_severity() -> None:
    rows = re.findall(r"^\| \[(\S+)\]\((\S+)\.md\) \| (\w+) \|", (FOLDER / "README.md").read_text(),
                      re.MULTILINE)  # fmt: skip
    assert rows == [(code, code, FINDINGS[code].severity.value) for code in codes()]


def test_each_picture_is_of_a_program_that_has_the_fault() -> None:
    module = ast.parse((ROOT / "docs" / "finding_pictures.py").read_text())
    (shown,) = (
        ast.literal_eval(node.value)
        for node in module.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "SHOWN"
    )
    assert sorted(shown) == sorted(codes())
    for code, name in shown.items():
        if not name:  # the program of its page
            assert not (ROOT / "tests" / "targets" / "sick" / code).exists()
            continue
        assert (ROOT / "tests" / "targets" / "sick" / code / f"{name}.py").is_file()
