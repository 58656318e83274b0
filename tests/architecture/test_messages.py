"""The template of the translations holds all sentences; each translation fits its sentence."""

from __future__ import annotations

import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / ".ci" / "messages"


@pytest.fixture
def messages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The script, with translations of this test's own."""
    loader = SourceFileLoader("messages", str(SCRIPT))
    spec = spec_from_loader("messages", loader)
    assert spec is not None
    module = module_from_spec(spec)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # it would lie beside the script
    loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    monkeypatch.setattr(module, "TEMPLATE", tmp_path / "spawnscope.pot")
    return module


def test_the_sentences_are_collected() -> None:
    done = subprocess.run([sys.executable, SCRIPT, "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_translation_is_brought_up_to_date_checked_and_compiled(
    messages: Any, tmp_path: Path
) -> None:
    (tmp_path / "core").mkdir()
    (tmp_path / "gui").mkdir()
    (tmp_path / "core" / "one.py").write_text('tr("{a} of {b}", a=1, b=2)\ntr("New")\n')
    path = tmp_path / "de" / "LC_MESSAGES" / "spawnscope.po"
    path.parent.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    path.write_text(head + 'msgid "{a} of {b}"\nmsgstr "{a} von {c}"\n')
    with pytest.raises(SystemExit) as wrong:
        messages.main(check=False)
    assert "has other placeholders than '{a} of {b}'" in str(wrong.value)

    path.write_text(path.read_text().replace("{c}", "{b}"))
    with pytest.raises(SystemExit) as stale:
        messages.main(check=True)
    assert "spawnscope.mo is not up to date" in str(stale.value)
    with pytest.raises(SystemExit) as written:
        messages.main(check=False)
    assert written.value.code == 0
    with path.open("rb") as file:
        assert {message.id for message in read_po(file)} == {"", "{a} of {b}", "New"}
    assert b"{a} von {b}" in path.with_suffix(".mo").read_bytes()
