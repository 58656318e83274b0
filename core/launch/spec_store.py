"""The user's own specs: one TOML file each, in the user's configuration folder.

Nothing is ever lost: a file that cannot be read is listed with the reason and kept, a write
replaces a file whole or not at all, and what is deleted moves to the folder `deleted` beside.
Called by the window's main thread; the files may change at any time under it.
"""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

import msgspec

from ..translation import tr
from ..vocabulary.launch_spec import LaunchSpec
from .spec_text import SpecTextError, from_toml, to_toml

FILE_LIMIT = 1 << 20  # bytes: no spec is longer


class SpecStoreError(Exception):
    """Why a spec was not saved, moved or read: one sentence. `field`: the spec's field at fault."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class StoredSpec(msgspec.Struct, frozen=True):
    """A file of the store: its spec, or None and the sentence that says why not."""

    path: Path
    spec: LaunchSpec | None
    fault: str = ""

    @property
    def title(self) -> str:
        return self.spec.title if self.spec is not None else self.path.name


class SpecStore:
    """The specs in `folder` (by default the user's). The folder is made by the first save."""

    def __init__(self, folder: str | os.PathLike[str] | None = None) -> None:
        if folder is None:
            import platformdirs

            folder = Path(platformdirs.user_config_dir("spawnscope")) / "specs"
        self.folder = Path(folder)

    def list(self) -> list[StoredSpec]:
        """All files, by title ("job 9" before "job 10").

        Raises SpecStoreError when the folder cannot be read.
        """
        try:
            paths = [path for path in self.folder.iterdir() if path.suffix == ".toml"]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise SpecStoreError(
                tr("'{folder}' cannot be read: {error}.", folder=self.folder, error=_said(error))
            ) from None
        return sorted(map(self.read, paths), key=_place)

    def stamp(self) -> tuple[tuple[str, int, int], ...]:
        """The state of the folder's files: unequal to an earlier one when `list` may differ."""
        try:
            with os.scandir(self.folder) as entries:
                states = [
                    (entry.name, state.st_mtime_ns, state.st_size)
                    for entry in entries
                    if entry.name.endswith(".toml") and (state := entry.stat(follow_symlinks=False))
                ]
        except OSError:
            return ()
        return tuple(sorted(states))

    def read(self, path: Path) -> StoredSpec:
        """One file; never raises."""
        try:
            if path.stat().st_size > FILE_LIMIT:
                return StoredSpec(path, None, tr("The file is too long for a launch spec."))
            return StoredSpec(path, from_toml(path.read_bytes().decode("utf-8-sig")))
        except SpecTextError as error:
            return StoredSpec(path, None, str(error))
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            return StoredSpec(path, None, tr("Line {line}: it is not UTF-8 text.", line=line))
        except OSError as error:
            return StoredSpec(
                path, None, tr("The file cannot be read: {error}.", error=_said(error))
            )

    def save(self, spec: LaunchSpec, path: Path | None = None) -> Path:
        """Write `spec` to `path`, or to a new file named after it; returns the path.

        The title must be unlike those of all other files. A broken file that is replaced goes to
        `deleted` first. Raises SpecStoreError.
        """
        others = {each.title for each in self.list() if each.spec and each.path != path}
        if spec.title in others:
            raise SpecStoreError(
                tr("There is already a spec named '{title}'.", title=spec.title), "name"
            )
        try:
            text = to_toml(spec)
            if _plain(from_toml(text)) != _plain(spec):
                raise SpecTextError(tr("TOML would not give its values back unchanged."))
        except SpecTextError as error:
            raise SpecStoreError(
                tr("The spec cannot be saved: {error}", error=error), error.field
            ) from None
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if path is None:
                path = self._free(_slug(spec.title))
            elif path.exists() and self.read(path).spec is None:
                self._put_aside(path)
            replace_file(path, text.encode())
        except OSError as error:
            raise SpecStoreError(
                tr("The spec cannot be saved: {error}.", error=_said(error))
            ) from None
        return path

    def duplicate(self, path: Path) -> Path:
        """A copy of the spec in `path` under a name of its own. Raises SpecStoreError."""
        stored = self.read(path)
        if stored.spec is None:
            raise SpecStoreError(
                tr("'{name}' cannot be duplicated: {fault}", name=path.name, fault=stored.fault)
            )
        return self.save(self.renamed(stored.spec))

    def renamed(self, spec: LaunchSpec) -> LaunchSpec:
        """`spec` with a name that no file of the store has: its own, or one with `(copy 2)`."""
        titles = {each.title for each in self.list()}
        if spec.title not in titles:
            return spec
        stem = re.sub(r" \(copy(?: \d+)?\)$", "", spec.title)
        number = 1
        while (name := f"{stem} (copy{f' {number}' if number > 1 else ''})") in titles:
            number += 1
        return msgspec.structs.replace(spec, name=name)

    def delete(self, path: Path) -> Path:
        """Move a file to `deleted`; returns where it went, for `undo`. Raises SpecStoreError."""
        try:
            return self._put_aside(path)
        except OSError as error:
            raise SpecStoreError(
                tr("'{name}' cannot be deleted: {error}.", name=path.name, error=_said(error))
            ) from None

    def undo(self, deleted: Path) -> Path:
        """Bring back what `delete` moved away; returns its path. Raises SpecStoreError."""
        try:
            target = self._free(re.sub(r"~\d+$", "", deleted.stem))
            os.rename(deleted, target)
        except OSError as error:
            raise SpecStoreError(
                tr("'{name}' cannot be restored: {error}.", name=deleted.name, error=_said(error))
            ) from None
        return target

    def _put_aside(self, path: Path) -> Path:
        trash = self.folder / "deleted"
        trash.mkdir(mode=0o700, parents=True, exist_ok=True)
        target, number = trash / path.name, 1
        while target.exists():
            number += 1
            target = trash / f"{path.stem}~{number}{path.suffix}"
        os.rename(path, target)
        return target

    def _free(self, stem: str) -> Path:
        path, number = self.folder / f"{stem}.toml", 1
        while path.exists() or path.is_symlink():
            number += 1
            path = self.folder / f"{stem}-{number}.toml"
        return path


def _plain(spec: LaunchSpec) -> LaunchSpec:
    """The spec with lists for the tuples within its values, as TOML gives them back."""

    def plain(value: object) -> object:
        if isinstance(value, (list, tuple)):
            return [plain(item) for item in value]
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        # NaN is unlike itself, and an int subclass or an enum is like what TOML makes of it.
        return "nan" if isinstance(value, float) and value != value else value

    arguments = tuple(plain(value) for value in spec.arguments)
    keywords = {key: plain(value) for key, value in spec.keywords.items()}
    return msgspec.structs.replace(spec, arguments=arguments, keywords=keywords)


def _place(stored: StoredSpec) -> tuple[list[tuple[bool, int, str]], Path]:
    parts = re.split(r"([0-9]+)", stored.title.casefold())
    return [
        (part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts
    ], stored.path


def _slug(title: str) -> str:
    ascii_text = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-")[:60] or "spec"


def replace_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, readable by its owner only: specs may hold secrets.

    Raises OSError.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _said(error: OSError) -> str:
    return error.strerror or str(error)
