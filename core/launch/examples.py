"""The bundled examples, as `resources/examples/catalogue.toml` lists them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from ..translation import tr
from ..vocabulary.launch_spec import LaunchSpec, TargetKind

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "examples"


class CatalogueError(Exception):
    """Why the catalogue cannot be read: one sentence."""


class Example(msgspec.Struct, frozen=True):
    """A bundled program: `summary` says what happens, `teaches` what there is to learn."""

    title: str
    summary: str
    teaches: str
    spec: LaunchSpec


class _Entry(msgspec.Struct, frozen=True):
    file: str
    title: str
    summary: str
    teaches: str


class _Catalogue(msgspec.Struct, frozen=True):
    example: tuple[_Entry, ...] = ()


def examples(folder: Path = FOLDER) -> list[Example]:
    """All examples, in the order of the catalogue. Raises CatalogueError."""
    file = folder / "catalogue.toml"
    try:
        catalogue = msgspec.convert(tomllib.loads(file.read_text("utf-8")), _Catalogue)
    except (OSError, ValueError) as error:
        raise CatalogueError(
            tr("The examples in '{file}' cannot be read: {error}.", file=file, error=error)
        ) from None
    return [
        Example(
            title=entry.title,
            summary=entry.summary,
            teaches=entry.teaches,
            spec=LaunchSpec(
                kind=TargetKind.SCRIPT, target=str(folder / entry.file), name=entry.title
            ),
        )
        for entry in catalogue.example
    ]
