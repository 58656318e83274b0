"""What a person reads, in the language of that person: whole sentences with named placeholders.

    tr("{name} waits for {object}", name=..., object=...)
      |  the catalogue of the language: resources/translations/<language>/LC_MESSAGES/*.mo
      v
    the same sentence, translated --format--> shown

The English sentence is the key, and what is shown where there is no translation, or one whose
placeholders are not those of the sentence. Values are put in once and never interpreted: they come
from watched programs and may hold braces. Without values a sentence is not formatted at all.

The language is chosen at the first use, once for each process. In files, logs and codes the
sentences stay English: `in_english` makes them so. docs/translating.md tells how it is worked with.
"""

from __future__ import annotations

import contextlib
import os
import re
import string
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from functools import cache, lru_cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from gettext import NullTranslations

T = TypeVar("T")

VARIABLE = "SPAWNSCOPE_LANGUAGE"
DOMAIN = "spawnscope"
PSEUDO = "qps"
"""A language that needs no catalogue: accents, 40 % longer, in brackets. What is cut off, and what
was forgotten, shows at a glance."""

_FOLDER = os.path.join(os.path.dirname(os.path.dirname(__file__)), "resources", "translations")
_ENGLISH = ("en", "C", "POSIX")
_ACCENTS = str.maketrans("aceinouyACEINOUY", "áçéíñóúýÁÇÉÍÑÓÚÝ")
_COUNT = ("count", "", None)  # the placeholder of `trn`, as a formatter parses it
# What is no text in a sentence: placeholders, tags and entities of rich text.
_KEPT = re.compile(r"(\{[^{}]*\}|</?\w[^<>]*>|&\w+;)")

# Of each thread: whoever writes a file does not change what the window shows meanwhile.
_as_it_is: ContextVar[bool] = ContextVar("english", default=False)


def tr(sentence: str, /, **values: object) -> str:
    """A whole sentence (or title) with its `{named}` values, in the person's language."""
    if not _as_it_is.get():
        sentence = _translated(sentence)
    return sentence.format_map(values) if values else sentence


def trn(one: str, many: str, count: int, /, **values: object) -> str:
    """The same where it depends on a number: `one` and `many` are the English sentences for 1 and
    for all else. `{count}` in them is `count`, with separators of thousands."""
    pattern = (one if count == 1 else many) if _as_it_is.get() else _plural(one, many, count)
    values["count"] = format(count, ",")
    return pattern.format_map(values)


def mark(sentence: str) -> str:
    """The sentence itself, in English: one of a table, to be given to `tr` where it is shown."""
    return sentence


def enumerated(names: Sequence[str], more: int = 0) -> str:
    """Names in a row: "a", "a and b", "a, b and c"; with `more` that are not named, "a, b and 2
    more"."""
    if more > 0:
        return tr("{names} and {count} more", names=", ".join(names), count=format(more, ","))
    if len(names) < 2:
        return "".join(names)
    return tr("{names} and {last}", names=", ".join(names[:-1]), last=names[-1])


@contextlib.contextmanager
def in_english() -> Iterator[None]:
    """While this lasts, in this thread, `tr` and `trn` give the English sentences."""
    token = _as_it_is.set(True)
    try:
        yield
    finally:
        _as_it_is.reset(token)


def english(words: Callable[[T], str], of: T) -> str:
    """What `words(of)` says in English, as files have it."""
    with in_english():
        return words(of)


def stay_english() -> None:
    """This process says all in English: what it says goes into files, and to others as codes."""
    _as_it_is.set(True)


def language() -> str:
    """The language that is spoken: "en", "qps", or one with a catalogue."""
    return _chosen()[0]


def forget() -> None:
    """Choose the language anew at the next use: for tests."""
    for cached in (_chosen, _translated, _plural):
        cached.cache_clear()


def pseudo(sentence: str) -> str:
    """`sentence` in the pseudo-language, with its placeholders and tags as they are."""
    parts = _KEPT.split(sentence)
    more = -(-4 * sum(map(len, parts[::2])) // 10)
    parts[::2] = [part.translate(_ACCENTS) for part in parts[::2]]
    return f"[{''.join(parts)}{('~~~~ ' * more)[:more]}]"


@cache
def _translated(sentence: str) -> str:
    name, catalogue = _chosen()
    if catalogue is None:
        return pseudo(sentence) if name == PSEUDO else sentence
    found = catalogue.gettext(sentence)
    return found if fits(found, sentence) else sentence


@lru_cache(4096)
def _plural(one: str, many: str, count: int) -> str:
    name, catalogue = _chosen()
    english = one if count == 1 else many
    if catalogue is None:
        return pseudo(english) if name == PSEUDO else english
    found = catalogue.ngettext(one, many, count)
    return found if fits(found, many, plural=True) else english


def fits(translation: str, sentence: str, plural: bool = False) -> bool:
    """Whether a translation has the placeholders of the sentence; a form of a plural may leave out
    the count."""
    wanted, found = _fields(sentence), _fields(translation)
    return found == wanted or (plural and found == wanted - {_COUNT})


def _fields(sentence: str) -> set[tuple[str, str | None, str | None]]:
    try:
        parts = list(string.Formatter().parse(sentence))
    except ValueError:  # braces that are none of ours: of a sentence without values
        return {(sentence, None, None)}
    return {(name, spec, how) for _, name, spec, how in parts if name is not None}


@cache
def _chosen() -> tuple[str, NullTranslations | None]:
    for wanted in _wanted():
        short = wanted.partition(".")[0].partition("@")[0]
        if short == PSEUDO:
            return PSEUDO, None
        if short.partition("_")[0] in _ENGLISH:
            break
        try:
            from gettext import translation  # not for who reads English

            return short, translation(DOMAIN, _FOLDER, [wanted])
        except Exception:  # noqa: BLE001 - there is none, or it is damaged in whatever way
            continue
    return "en", None


def _wanted() -> list[str]:
    """Languages by preference, as gettext has them, but for our own variable, which comes first."""
    for name in (VARIABLE, "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return [each for each in value.split(":") if each]
    return []
