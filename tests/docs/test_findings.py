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
NO_PICTURE = frozenset[str]()
_PARTS = (
    "## How it comes about",
    "## What you see",
    "## What is certain, and what is likely",
    "## How to mend it",
)


ASKED = "kill-would-strand"  # before it is done: a question, which no module finds


def codes() -> list[str]:
    """Those that the modules of the kinds name, and the one that is a question."""
    modules = sorted((ROOT / "core" / "analysis" / "findings").glob("*.py"))
    nodes = [node for module in modules for node in ast.walk(ast.parse(module.read_text()))]
    texts = {node.value for node in nodes if isinstance(node, ast.Constant)}
    return [code for code in FINDINGS if code in texts or code == ASKED]


def pages() -> list[str]:
    return sorted(page.stem for page in FOLDER.glob("*.md") if page.stem != "README")


def test_each_finding_has_its_page_and_its_picture_and_no_others_have() -> None:
    found = sorted(codes())
    assert len(found) > 20
    assert pages() == found
    pictures = {picture.stem for picture in IMAGES.glob("*")}
    assert pictures == set(found) - NO_PICTURE


@pytest.mark.parametrize("code", pages())
def test_a_page_has_its_parts_its_picture_its_programs_and_what_python_says(code: str) -> None:
    text = (FOLDER / f"{code}.md").read_text()
    assert text.startswith(f"# {code}\n\n")
    assert [line for line in text.splitlines() if line.startswith("## ")] == list(_PARTS)
    if code not in NO_PICTURE:  # what it says stands below, as text
        assert f"![The finding in the window](../images/findings/{code}.png)\n\n> **" in text
    assert f"]({PYTHON_DOCS}{FINDINGS[code].python})" in text
    programs = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(programs) == 2
    for program in programs:
        compile(program, f"{code}.md", "exec")


@pytest.mark.parametrize("code", sorted(set(pages()) - NO_PICTURE))
def test_a_picture_is_small_enough_for_the_wheel(code: str) -> None:
    assert 3_000 < (IMAGES / f"{code}.png").stat().st_size < LARGEST


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
    assert shown.keys() == set(codes()) - NO_PICTURE - {ASKED}
    for code, name in shown.items():
        assert (ROOT / "tests" / "targets" / "sick" / code / f"{name}.py").is_file()
