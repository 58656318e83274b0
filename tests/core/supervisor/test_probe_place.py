"""Nobody writes into the folder of the probe; what Pythons compile lies in the user's cache."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from interpreters import VERSIONS, interpreters
from probing import PROBE, recorded

from spawnscope.core.supervisor import probe_place

# What Spawnscope itself imports of it, as of all its own modules.
OURS = {f"{name}.{sys.implementation.cache_tag}.pyc" for name in ("__init__", "layout")}


def _files(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path.name not in OURS
    }


def _pythons() -> dict[str, str]:
    old = {
        path.parts[-3]: str(path)
        for version in ("2.7", "3.6", "3.7")
        for path in Path.home().glob(f".pyenv/versions/{version}.*/bin/python")
    }
    return {**old, **interpreters()}


def test_no_python_writes_into_the_folder_of_the_probe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pythons = _pythons()
    if not any(version.startswith("2.7") for version in pythons):
        pytest.skip("NOT CHECKED: there is no Python 2.7 here")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    script = tmp_path / "all.sh"
    script.write_text(
        "".join(f"{p} -c 'import multiprocessing.queues'\n" for p in pythons.values())
    )
    recorded(tmp_path, "--", "true")  # what Spawnscope itself uses of it may not be compiled yet
    before = _files(PROBE)
    recorded(tmp_path, "--", "sh", script)
    assert _files(PROBE) == before
    (place,) = (tmp_path / "spawnscope").iterdir()
    written = {path for path in _files(place) if path.endswith(".pyc")}
    assert "sitecustomize.pyc" in written
    for version in set(VERSIONS) & set(pythons):
        tag = "cpython-" + version.replace(".", "")
        assert f"__pycache__/sitecustomize.{tag}.pyc" in written
        assert f"_spawnscope_probe/__pycache__/queues.{tag}.pyc" in written


def test_the_place_is_made_once_and_brought_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "new"))
    place = Path(probe_place.probe_place(str(tmp_path)))
    sources = {str(path.relative_to(PROBE)) for path in PROBE.rglob("*.py")}
    assert _files(place) == sources
    package = place / "_spawnscope_probe"
    (package / "gone.py").symlink_to(tmp_path / "nowhere")
    (package / "layout.py").unlink()
    (package / "queues.py").unlink()
    (package / "queues.py").write_text("not ours")
    (package / "kept.pyc").write_text("")
    assert probe_place.probe_place(str(tmp_path)) == str(place)
    assert _files(place) == {*sources, "_spawnscope_probe/kept.pyc"}
    assert all(os.path.samefile(place / name, PROBE / name) for name in sources)


def test_a_cache_that_others_may_change_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, run = tmp_path / "cache", tmp_path / "run"
    for folder in (cache, run):
        folder.mkdir(0o700)
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    cache.chmod(0o777)
    place = Path(probe_place.probe_place(str(run)))
    assert place.parent == run
    assert (place / "sitecustomize.py").exists()
    assert list(cache.iterdir()) == []
    if os.geteuid() == 0:
        cache.chmod(0o700)
        os.chown(cache, 65534, 65534)
        assert Path(probe_place.probe_place(str(run))) == place
    run.chmod(0o777)
    monkeypatch.setattr(probe_place, "SOURCE", tmp_path / "source")
    assert probe_place.probe_place(str(run / "none")) == str(tmp_path / "source")
