"""Which package may import which: one table, and nobody outside it.

core:  vocabulary < observe, session, launch < supervisor, store < analysis, export < their users
gui:   kit < panels, of which none knows another < shell
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from import_graph import Import, imports_of

ROOT = Path(__file__).resolve().parents[2]

# What everybody may use: single modules of `core`, and what events say in words.
_BASE = (
    "log_file", "plain_text", "printable", "private_file", "python_command", "telling",
    "translation", "sentences",
)  # fmt: skip


def _core(*names: str) -> frozenset[str]:
    return frozenset(f"core/{name}" for name in names)


# A package -> what it may import beside itself. A line of more than one part stands for all below.
MAY_IMPORT: dict[str, frozenset[str]] = {
    **{f"core/{name}": _core("vocabulary", *_BASE) for name in _BASE},
    "core/vocabulary": _core("translation"),
    "core/probe": frozenset(),
    "core/supervisor/launchpad": frozenset(),
    "core/observe": _core("vocabulary", "probe", "translation"),
    "core/session": _core("vocabulary", *_BASE),
    "core/launch": _core("vocabulary", *_BASE),
    "core/supervisor": _core("vocabulary", "probe", "observe", "session", "launch", *_BASE),
    "core/store": _core("vocabulary", "observe", "session", *_BASE),
    "core/analysis": _core("vocabulary", "session", "store", *_BASE),
    "core/export": _core("vocabulary", "session", "store", "analysis", *_BASE),
    "core/report": _core("vocabulary", "observe", "session", "store", "analysis", *_BASE),
    "core/client": _core("vocabulary", "observe", "launch", "supervisor", *_BASE),
    "core": frozenset(("core",)),  # what a command of ours does: `record` and the like
    "gui/kit": _core("vocabulary", "session", "store", *_BASE),
    # The list of the panels.
    "gui/panels": frozenset(("gui/panels", "gui/kit", "core/store", "core/translation")),
    "gui/panels/*": frozenset(("gui/kit",))
    | _core("vocabulary", "observe", "session", "launch", "store", "analysis", "export", *_BASE),
    "gui/shell": frozenset(("gui", "core")),
}
# To be mended: the one reader of a store is still that of the Inspector.
KNOWN = {(f"core/store/{name}.py", "core/analysis") for name in ("moment", "session", "store")}


def package_of(place: str) -> str:
    """The line of the table that a module or folder belongs to, "gui/kit/text/span.py"."""
    parts = place.removesuffix(".py").removesuffix("/__init__").split("/")
    if parts[:2] == ["gui", "panels"] and len(parts) > 2 and (ROOT / Path(*parts[:3])).is_dir():
        return "/".join(parts[:3])
    for length in range(len(parts), 0, -1):
        found = "/".join(parts[:length])
        if found in MAY_IMPORT:
            return found
    raise AssertionError(f"{place} belongs to no line of the table")


def forbidden(imports: Iterable[Import]) -> Iterator[tuple[str, str, str]]:
    """(file, package that it must not import, place) for what the table does not allow."""
    for each in imports:
        if not each.module.startswith(("spawnscope.core.", "spawnscope.gui.")):
            continue
        file = each.where.rpartition(":")[0]
        own, other = package_of(file), package_of(each.module.partition(".")[2].replace(".", "/"))
        row = MAY_IMPORT[own] if own in MAY_IMPORT else MAY_IMPORT["gui/panels/*"]
        if not any(f"{other}/".startswith(f"{name}/") for name in (own, *row)):
            yield file, other, each.where


def _all_imports() -> Iterator[Import]:
    for folder in ("core", "gui"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield from imports_of(path, ROOT)


def test_each_package_imports_only_what_it_may() -> None:
    assert list(forbidden(_all_imports())) == []


def test_every_package_has_a_line() -> None:
    for folder in ("core", "gui"):
        inside = [
            path.name for path in (ROOT / folder).iterdir() if (path / "__init__.py").exists()
        ]
        assert [name for name in inside if f"{folder}/{name}" not in MAY_IMPORT] == []
    places = (ROOT / name.removesuffix("/*") for name in MAY_IMPORT)
    assert all(place.is_dir() or place.with_suffix(".py").is_file() for place in places)


def test_the_rule_sees_what_is_forbidden() -> None:
    def seen(where: str, module: str) -> bool:
        return bool(list(forbidden([Import(f"spawnscope.{module}", f"{where}:1")])))

    for where, module in (
        ("core/vocabulary/kinds.py", "core.session.reader.SessionReader"),
        ("core/session/reader.py", "core.store.processes"),
        ("core/store/objects.py", "core.analysis.waits.wait"),
        ("core/analysis/flows/flows.py", "core.export.csv"),
        ("core/printable.py", "core.record"),
        ("core/client/client.py", "core.store.processes"),
        ("gui/kit/column_table.py", "gui.panels.processes.columns.LEFT"),
        ("gui/kit/plain.py", "gui.shell.about"),
        ("gui/panels/wiring/text.py", "gui.panels.traffic.columns.rate_text"),
        ("gui/panels/wiring/text.py", "gui.shell.about"),
        ("gui/panels/wiring/text.py", "core.client.client"),
    ):
        assert seen(where, module), (where, module)
    for where, module in (
        ("core/record.py", "core.client.client"),
        ("core/store/objects.py", "core.store.object_row"),
        ("gui/panels/wiring/text.py", "gui.panels.wiring.face"),
        ("gui/panels/wiring/text.py", "gui.kit.text.span"),
        ("gui/panels/__init__.py", "gui.panels.wiring.panel"),
        ("gui/shell/main_window.py", "gui.panels.launch.panel"),
    ):
        assert not seen(where, module), (where, module)
