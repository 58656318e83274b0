"""`record --github`: what is wrong, as annotations that a GitHub workflow shows beside the code.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from .plain_text import plain
from .telling import say
from .vocabulary.findings import Finding, Severity

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "notice"}


def tell_github(findings: Iterable[Finding]) -> None:
    """Write a line for each finding that was not resolved, to stderr."""
    root = repository_root()
    for finding in findings:
        if finding.resolved_ns is None:
            say(f"{annotation(finding, root)}\n")


def annotation(finding: Finding, root: str) -> str:
    """The workflow command. `root`: the folder that paths are relative to."""
    properties = []
    path, line = _place(finding, root)
    if path:
        properties += [f"file={_property(path)}", f"line={line}"]
    properties.append(f"title={_property(f'{finding.code}: {plain(finding.title)}')}")
    text = plain(f"{finding.explanation} {finding.advice}".strip())
    return f"::{_LEVELS[finding.severity]} {','.join(properties)}::{_data(text)}"


def repository_root() -> str:
    """Where the paths of annotations begin."""
    workspace = os.environ.get("GITHUB_WORKSPACE", "")
    if workspace:
        return os.path.realpath(workspace)
    here = os.getcwd()
    above = here
    while not os.path.exists(os.path.join(above, ".git")):
        above, last = os.path.dirname(above), above
        if above == last:
            return here
    return above


def _place(finding: Finding, root: str) -> tuple[str, int]:
    """The first place that lies in the repository, relative to it; ("", 0): none does."""
    for fact in (*finding.evidence, *finding.symptoms):
        path, _, line = fact.site.rpartition(":")
        if not path or not line.isdecimal():
            continue
        relative = os.path.relpath(os.path.realpath(path), root)
        if not relative.startswith(".."):
            return relative, int(line)
    return "", 0


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
