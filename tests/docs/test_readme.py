"""What the README and the pages tell people to type and to open is there."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\"")
_OPTION = re.compile(r"(?<![\w-])--?[a-z][a-z-]*")


def blocks(page: Path, language: str) -> list[str]:
    return [text for kind, text in _BLOCK.findall(page.read_text()) if kind == language]


def commands() -> list[str]:
    """Each line that a reader is told to type, without its comment."""
    lines = [line for page in PAGES for block in blocks(page, "sh") for line in block.splitlines()]
    return sorted({shlex.join(shlex.split(line, comments=True)) for line in lines if line.strip()})


def anchors(page: Path) -> set[str]:
    """The names that GitHub gives to the headings of a page."""
    text = _BLOCK.sub("", page.read_text())
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def help_of(subcommand: str) -> str:
    command = [sys.executable, "-B", str(ROOT / "main.py"), subcommand, "--help"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("command", commands())
def test_each_command_that_a_reader_is_told_to_type_exists(command: str) -> None:
    program, *arguments = shlex.split(command)
    if program == "make":
        makefile = (ROOT / "Makefile").read_text()
        known = re.findall(r"^([a-z-]+):", makefile, re.MULTILINE)
        known += re.findall(r"^(?:export )?([A-Z_]+) \?=", makefile, re.MULTILINE)
        assert {word.partition("=")[0] for word in arguments} <= set(known)
    elif program == ".":
        assert arguments == [".venv/bin/activate"]  # made by .ci/setup
    elif program == "pipx":
        assert arguments == ["install", "."]
    elif program == "spawnscope":
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        assert "spawnscope" in project["scripts"]
    else:
        assert (program, arguments[0]) in {("python", "main.py"), ("uv", "run")}
        rest = arguments[arguments.index("main.py") + 1 :]
        if rest:
            check_command_line(*rest)


def check_command_line(subcommand: str, *arguments: str) -> None:
    known = set(_OPTION.findall(help_of(subcommand)))
    # `-m package.module` is a target, and an option after it is the target's.
    own = arguments[: arguments.index("-m")] if "-m" in arguments else arguments
    assert {word for word in own if word.startswith("-")} <= known
    for word in own:
        if word.startswith("resources/"):
            assert (ROOT / word).exists()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_link_of_a_page_leads_somewhere(page: Path) -> None:
    for groups in _LINK.findall(page.read_text()):
        target = next(filter(None, groups))
        if target.startswith("https://"):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name) if name else page
        assert file.exists(), f"{page.name} names {target}"
        if anchor:
            assert anchor in anchors(file), f"{page.name} names {target}"


@pytest.mark.parametrize("subcommand", ["run", "record"])
def test_the_guide_tells_all_options_of_a_command_and_no_others(subcommand: str) -> None:
    guide = (ROOT / "docs" / "user-guide.md").read_text()
    _, shared, alone = re.split("Options of `run` and `record`|Options of `record` alone", guide)
    told = option_rows(shared) | (option_rows(alone) if subcommand == "record" else set())
    said = set(re.findall(r"^  (?:-\w \w+, )?(--[a-z-]+|-o)", help_of(subcommand), re.MULTILINE))
    said = {"-o" if option == "--output" else option for option in said} - {"--help"}
    assert told == said


def option_rows(text: str) -> set[str]:
    """The options in the first column of tables."""
    cells = re.findall(r"^\| (`-.*?) \|", text, re.MULTILINE)
    return {option for cell in cells for option in re.findall(r"`(--?[a-z-]+) ?", cell)}


def test_the_fields_of_a_launch_spec_are_told_with_their_defaults() -> None:
    from spawnscope.core.launch.spec_text import from_toml
    from spawnscope.core.vocabulary.launch_spec import LaunchSpec

    page = ROOT / "docs" / "launch-specs.md"
    fields = page.read_text().split("## Fields")[1].split("## Four kinds")[0]
    rows = re.findall(r"^\| `(\w+)` \| \w+ \| (.*?) \|", fields, re.MULTILINE)
    assert [name for name, _ in rows] == list(LaunchSpec.__struct_fields__)
    plain = from_toml('kind = "script"\ntarget = "a.py"\n')
    for name, default in rows:
        if default.startswith("`"):
            told = tomllib.loads(f"value = {default.strip('`')}")["value"]
            actual = getattr(plain, name)
            assert told == (list(actual) if isinstance(actual, tuple) else actual), name


def test_the_example_of_a_launch_spec_is_one() -> None:
    from spawnscope.core.launch.spec_text import from_toml
    from spawnscope.core.vocabulary.launch_spec import shape_faults

    (example,) = blocks(ROOT / "docs" / "launch-specs.md", "toml")
    assert shape_faults(from_toml(example)) == []
