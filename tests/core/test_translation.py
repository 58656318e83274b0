"""Sentences in the language of the person who reads them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from spawnscope.core import translation
from spawnscope.core.translation import enumerated, in_english, language, mark, tr, trn

WAITS = "{name} waits for {object}"
FORMS = ("{count} process", "{count} processes")
Speak = Callable[..., None]


@pytest.fixture
def speak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Speak]:
    """Chooses a language, by name, with its translations in a catalogue of this test's own."""
    monkeypatch.setattr(translation, "_FOLDER", str(tmp_path))

    def choose(name: str, translated: dict[str | tuple[str, ...], object] | None = None) -> None:
        monkeypatch.setenv(translation.VARIABLE, name)
        if translated is not None:
            catalogue = Catalog(locale=name)
            for sentence, text in translated.items():
                catalogue.add(sentence, text)
            content = BytesIO()
            write_mo(content, catalogue)
            path = tmp_path / name / "LC_MESSAGES" / f"{translation.DOMAIN}.mo"
            path.parent.mkdir(parents=True)
            path.write_bytes(content.getvalue())
        translation.forget()

    yield choose
    monkeypatch.undo()
    translation.forget()


def test_english_is_the_sentence_itself() -> None:
    assert language() == "en"
    assert tr(WAITS, name="a", object="b") == "a waits for b"
    assert trn(*FORMS, 1) == "1 process"
    assert trn(*FORMS, 12345) == "12,345 processes"
    assert enumerated(["a"]) == "a"
    assert enumerated(["a", "b", "c"]) == "a, b and c"


@pytest.mark.parametrize("name", ["en", "de", "qps"])
def test_values_are_never_interpreted(speak: Speak, name: str) -> None:
    speak(name, {WAITS: "{name} wartet auf {object}"} if name == "de" else None)
    shown = tr(WAITS, name="{object}", object="{0} {name.__class__} }{ <b>")
    assert "{object} " in shown
    assert "{0} {name.__class__} }{ <b>" in shown
    assert "{" in tr("a { alone")


def test_a_catalogue_gives_the_sentence_in_its_language(speak: Speak) -> None:
    speak("de", {WAITS: "Auf {object} wartet {name}", FORMS: ("Ein Prozess", "{count} Prozesse")})
    assert language() == "de"
    assert tr(WAITS, name="a", object="b") == "Auf b wartet a"
    assert [trn(*FORMS, n) for n in (1, 2, 1000)] == ["Ein Prozess", "2 Prozesse", "1,000 Prozesse"]
    assert tr("Nobody translated this") == "Nobody translated this"


@pytest.mark.parametrize(
    "broken",
    ["{who} wartet", "{name} wartet auf {object} und {0}", "{name.__class__} {object}", "{", "{}"],
)
def test_a_broken_translation_is_passed_over(speak: Speak, broken: str) -> None:
    speak("de", {WAITS: broken, FORMS: (broken, broken)})
    assert tr(WAITS, name="a", object="b") == "a waits for b"
    assert trn(*FORMS, 2) == "2 processes"


def test_a_catalogue_that_cannot_be_read_is_passed_over(speak: Speak, tmp_path: Path) -> None:
    speak("de", {})
    (tmp_path / "de" / "LC_MESSAGES" / "spawnscope.mo").write_bytes(b"\xde\x12\x04\x95 and no more")
    translation.forget()
    assert tr(WAITS, name="a", object="b") == "a waits for b"


def test_the_first_language_with_a_catalogue_is_spoken(
    speak: Speak, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak("de", {WAITS: "{name} wartet auf {object}"})
    for variables, chosen in (
        ({"LANG": "de_DE.UTF-8"}, "de_DE"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANGUAGE": "xx:de:fr", "LC_ALL": "en_US"}, "de"),
        ({"LANGUAGE": "xx:en:de"}, "en"),
        ({"LANG": "de", translation.VARIABLE: "qps"}, "qps"),
        ({"LANG": "../de"}, "en"),
        ({}, "en"),
    ):
        # Not the process's own: the C library would keep what it then says of errors.
        monkeypatch.setattr(os, "environ", variables)
        translation.forget()
        assert language() == chosen, variables


def test_the_pseudo_language_is_longer_in_brackets_and_keeps_what_is_no_text(speak: Speak) -> None:
    speak("qps")
    shown = tr(WAITS, name="worker", object="jobs")
    assert shown.startswith("[worker wáíts fór jobs")
    assert shown.endswith("]")
    english = len(" waits for ")
    assert len(shown) == len("worker waits for jobs") + -(-4 * english // 10) + 2
    assert tr("<b class='a'>Note</b> &amp; go").startswith("[<b class='a'>Ñóté</b> &amp; gó")
    assert trn(*FORMS, 2).startswith("[2 próçéssés")


def test_files_are_written_in_english_while_the_window_speaks_another(speak: Speak) -> None:
    speak("qps")
    elsewhere = []
    with in_english():
        assert tr(WAITS, name="a", object="b") == "a waits for b"
        assert trn(*FORMS, 2) == "2 processes"
        thread = threading.Thread(target=lambda: elsewhere.append(tr("Note")))
        thread.start()
        thread.join()
    assert elsewhere == [tr("Note")] != ["Note"]


def test_a_sentence_of_a_table_is_translated_where_it_is_shown(speak: Speak) -> None:
    table = {"a": mark("Note")}
    speak("de", {"Note": "Notiz"})
    assert table["a"] == "Note"
    assert tr(table["a"]) == "Notiz"
