"""`--report`: one page for whoever was not there, in which nothing that a program says is more than
text."""

from __future__ import annotations

import os
import stat
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from probing import TARGETS
from recording import record, run, sentence

from spawnscope.core.report.content import Branch, Report, Stack, Talk
from spawnscope.core.report.html import html_page
from spawnscope.core.report.markdown import markdown_page
from spawnscope.core.report.wiring import Wiring, WiringBox, WiringLine

HOSTILE = (
    "</pre></td><script>alert(1)</script>",
    '"><img src=//evil.example/x onerror=alert(1)>',
    "![x](http://evil.example/x) [y](javascript:alert(1)) <http://evil.example>",
    "``` | *a* _b_ ~~c~~ `d` <b>e</b> &lt; &#60; http://evil.example www.evil.example",
    "1. # one | two",
    "- - -",
)
_TAGS = {
    "html", "head", "meta", "title", "style", "body", "main", "header", "h1", "h2", "h3", "h4", "p",
    "section", "article", "b", "ul", "ol", "li", "code", "a", "div", "table", "tr", "td", "th",
    "details", "summary", "pre", "span", "svg", "marker", "path", "g", "rect", "text",
}  # fmt: skip


class _Page(HTMLParser):
    """The tags of a page, what they refer to, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.handlers: list[str] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("src", "href", "srcset", "data"):
                self.links.append(value or "")
            if name.startswith("on"):
                self.handlers.append(name)

    def handle_data(self, data: str) -> None:
        self.words += data


def _hostile() -> Report:
    """A page of which every text is hostile."""
    one, two = HOSTILE[0], HOSTILE[1]
    return Report(
        title=" ".join(HOSTILE),
        facts=two,
        findings=(),
        tree=tuple(Branch(1, each, 5, each, each, "bad", True) for each in HOSTILE),
        more_processes=0,
        stacks=tuple(Stack(each, ((each, ((each, each, True),)),), each) for each in HOSTILE),
        wiring=Wiring(
            tuple(WiringBox(each, each, True, True, 0, 0) for each in HOSTILE),
            (WiringLine(0, 1, "into", one, two, HOSTILE[2], True),),
            300,
            100,
        ),
        talks=(
            Talk(one, tuple((each, True) for each in HOSTILE)),
            Talk(HOSTILE[3], ((two, False),)),
        ),
    )


def test_nothing_that_a_program_says_becomes_part_of_a_page() -> None:
    page = _Page(html_page(_hostile()))
    assert set(page.tags) <= _TAGS
    assert page.links == page.handlers == []
    for each in HOSTILE:
        assert each in page.words


def test_nothing_that_a_program_says_becomes_markdown() -> None:
    page = markdown_page(_hostile())
    shown = _Page(MarkdownIt("commonmark").enable("table").enable("strikethrough").render(page))
    allowed = {
        "h1",
        "h2",
        "p",
        "strong",
        "pre",
        "code",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }
    assert set(shown.tags) <= allowed
    assert shown.tags.count("strong") == len(HOSTILE) + 2  # of the heads alone
    assert "http://" not in page.replace("```text", "").split("## ")[0]  # nothing links by itself
    for each in HOSTILE:
        assert each.strip() in shown.words


def test_a_page_tells_why_a_program_was_stuck(tmp_path: Path) -> None:
    session, page, again = tmp_path / "s", tmp_path / "why.html", tmp_path / "why.md"
    program = TARGETS / "sick" / "deadlock" / "two_locks.py"
    done = record(
        "--quiet", "--timeout", 4, "--grace", 0.5, "-o", session, "--report", page,
        "--python", sys.executable, program,
    )  # fmt: skip
    assert done.returncode == 143, done.stderr.decode()
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    shown = _Page(page.read_text())
    assert set(shown.tags) <= _TAGS
    assert all(link.startswith("https://docs.python.org/") for link in shown.links)
    for word in ("deadlock", "What to do", "two_locks.py:", "MainThread", "SIGTERM"):
        assert word in shown.words, word
    assert "svg" in shown.tags

    run("diagnose", session, "--report", again)
    text = again.read_text()
    assert "### Error deadlock: " in text
    assert "| process | shared object | does |" in text
    assert sorted(each.name for each in tmp_path.iterdir()) == ["s", "why.html", "why.md"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("page.txt", "must end with .html or .md"),
        ("none/page.md", "there is no folder"),
        ("folder.md", "it is a folder"),
        ("pipe.md", "no ordinary file"),
        ("session.md", "name the same file"),
    ],
)
def test_a_report_that_cannot_be_written_starts_nothing(
    tmp_path: Path, name: str, why: str
) -> None:
    (tmp_path / "folder.md").mkdir()
    os.mkfifo(tmp_path / "pipe.md")
    mark = tmp_path / "mark"
    done = record(
        "-o", tmp_path / "session.md", "--report", tmp_path / name, "--", "touch", mark
    )  # fmt: skip
    assert why in sentence(done)
    assert not mark.exists()


def test_a_report_that_cannot_be_written_later_costs_a_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    done = record(
        "--quiet", "--report", folder / "x.md", "--", "sh", "-c", f"rmdir {folder}; exit 5"
    )
    assert done.returncode == 5
    assert done.stderr.decode().startswith("spawnscope: There is no report: ")
    assert done.stderr.count(b"\n") == 1
