"""Which package may import which: each knows those that it needs, and no panel knows another."""

from __future__ import annotations

from pathlib import Path

from import_graph import imports_of, modules

ROOT = Path(__file__).resolve().parents[2]
_SINGLE = {
    "core.plain_text", "core.printable", "core.private_file", "core.python_command",
    "core.translation",
}  # fmt: skip
"""Modules that stand for themselves and need no package: everybody may use them."""
_STATE = {"core.vocabulary", "core.session", "core.store"}
ALLOWED = {
    "core.vocabulary": set[str](),
    "core.observe": {"core.vocabulary", "core.probe"},
    "core.session": {"core.vocabulary"},
    "core.launch": {"core.vocabulary"},
    "core.supervisor": {"core.vocabulary", "core.probe", "core.observe", "core.session"},
    "core.client": {"core.vocabulary", "core.observe", "core.launch", "core.supervisor"},
    "core.store": {"core.vocabulary", "core.session", "core.observe"},
    "core.analysis": _STATE,
    "core.export": {"core.vocabulary", "core.session", "core.analysis", "core.telling"},
    "gui.kit": _STATE,
    "gui.panels": {*_STATE, "core.analysis", "core.observe", "core.launch", "core.export",
                   "gui.kit"},
}  # fmt: skip
"""Beyond them stand those that put it all together: `record` and its like, and the shell."""
_NOT_YET = {
    ("core.store", "core.analysis"),  # the reader of the session, before it is in one piece
}


def package_of(module: str) -> str:
    """ "core.session" for "spawnscope.core.session.reader"; a panel by its own name."""
    parts = module.split(".")[1:]
    return ".".join(parts[: 3 if parts[:2] == ["gui", "panels"] else 2])


def needs() -> dict[tuple[str, str], str]:
    """(package, another one that it imports): where."""
    found = {}
    for name, path in modules(ROOT).items():
        own = package_of(name)
        for each in imports_of(path, ROOT):
            if each.module.startswith(("spawnscope.core.", "spawnscope.gui.")):
                other = package_of(each.module)
                if other != own:
                    found[own, other] = each.where
    return found


def test_each_package_imports_what_it_may() -> None:
    wrong = {}
    for (own, other), where in needs().items():
        family = "gui.panels" if own.startswith("gui.panels.") else own
        allowed = ALLOWED.get(family)
        fits = allowed is None or other in allowed | _SINGLE or other == "gui.panels"
        if not fits and (own, other) not in _NOT_YET:
            wrong[own, other] = where
    assert wrong == {}


def test_who_stands_alone_needs_no_package() -> None:
    assert {(own, other) for own, other in needs() if own in _SINGLE and other not in _SINGLE} == (
        set()
    )
