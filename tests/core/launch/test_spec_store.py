"""The user's specs on disk: written whole, read with reasons, never lost."""

from __future__ import annotations

import datetime
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawnscope.core.launch import spec_store
from spawnscope.core.launch.spec_store import SpecStore, SpecStoreError
from spawnscope.core.launch.spec_text import SpecTextError, from_toml, to_toml
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, Output, StartMethod, TargetKind

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
dates = (
    st.dates()
    | st.times()
    | st.datetimes()
    | st.datetimes(timezones=st.just(datetime.timezone(datetime.timedelta(hours=-3, minutes=30))))
)
values = st.recursive(
    text | st.integers() | st.floats(allow_nan=False) | st.booleans() | dates,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=12,
)
specs = st.builds(
    LaunchSpec,
    kind=st.just(TargetKind.FUNCTION),
    target=text,
    arguments=st.lists(values, max_size=4).map(tuple),
    keywords=st.dictionaries(text, values, max_size=3),
    name=text,
    start_method=st.sampled_from(StartMethod),
    count=st.integers(),
    interpreter=text,
    cwd=text,
    environment=st.dictionaries(text, text, max_size=3),
    daemon=st.booleans(),
    grace_seconds=st.floats(allow_nan=False),
    output=st.sampled_from(Output),
    unbuffered=st.booleans(),
    keep_failed_tasks=st.booleans(),
    check_forkserver=st.booleans(),
)


def _spec(name: str = "Nightly import", **others: Any) -> LaunchSpec:
    others.setdefault("target", "etl.py")
    return LaunchSpec(kind=TargetKind.SCRIPT, name=name, **others)


@pytest.fixture
def store(tmp_path: Path) -> SpecStore:
    return SpecStore(tmp_path / "specs")


@given(specs)
def test_every_spec_comes_back_from_its_text(spec: LaunchSpec) -> None:
    assert from_toml(to_toml(spec)) == spec


@given(specs)
def test_every_spec_comes_back_from_a_store(spec: LaunchSpec) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = SpecStore(folder)
        path = store.save(spec)
        assert store.read(path).spec == spec
        assert path.parent == Path(folder)


def test_tuples_within_arguments_are_saved_as_lists(store: SpecStore) -> None:
    spec = LaunchSpec(
        kind=TargetKind.FUNCTION, target="a:b", arguments=((1, (2, 3)),), keywords={"k": (1,)}
    )
    stored = store.read(store.save(spec)).spec
    assert stored is not None
    assert (stored.arguments, stored.keywords) == (([1, [2, 3]],), {"k": [1]})


def test_only_what_differs_from_the_default_is_written() -> None:
    body = [line for line in to_toml(_spec()).splitlines() if line and not line.startswith("#")]
    assert body == ['kind = "script"', 'target = "etl.py"', 'name = "Nightly import"']


def test_the_comments_on_top_explain_every_field() -> None:
    comments = "\n".join(line for line in to_toml(_spec()).splitlines() if line.startswith("#"))
    for field in LaunchSpec.__struct_fields__:
        assert f"# {field} " in comments or f"# [{field}] " in comments


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (None, "arguments[0] is None, which TOML cannot hold."),
        ([{"a": b"x"}], "arguments[0][0].a is b'x', which TOML cannot hold."),
        ({1: 2}, "arguments[0] has the key 1; in TOML keys are text."),
        ({1, 2}, "arguments[0] is {1, 2}, which TOML cannot hold."),
        ("\ud800", "characters that are no Unicode text"),
        (datetime.time(1, tzinfo=datetime.UTC), "which TOML cannot hold"),
    ],
)
def test_what_toml_cannot_hold_is_refused(value: Any, sentence: str, store: SpecStore) -> None:
    spec = LaunchSpec(kind=TargetKind.FUNCTION, target="a:b", arguments=(value,))
    with pytest.raises(SpecStoreError) as caught:
        store.save(spec)
    assert sentence in str(caught.value)
    assert store.list() == []


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("count = 'three'", "Line 3: count must be a whole number, not 'three'."),
        ("count = 1.5", "Line 3: count must be a whole number, not 1.5."),
        ("grace_seconds = 'x'", "Line 3: grace_seconds must be a number, not 'x'."),
        ("daemon = 1", "Line 3: daemon must be true or false, not 1."),
        ("arguments = 'x'", "Line 3: arguments must be a list, not 'x'."),
        ("environment = 3", "Line 3: environment must be a table, not 3."),
        ("environment = {A = 3}", "Line 3: environment.A must be text, not 3."),
        ("[environment]\n\nB = true", "Line 5: environment.B must be text, not True."),
        (
            "start_method = 'frok'",
            'Line 3: start_method must be one of "fork", "spawn", "forkserver", not \'frok\'.',
        ),
        ("output = 1", "Line 3: output must be"),
        ("cont = 3", "Line 3: 'cont' is no field of a launch spec. Did you mean 'count'?"),
        ("kind = 'script'", "Line 3: Cannot overwrite a value."),
        ("name = 'a\n", 'Expected "\'", at the end of the file.'),
        ("name =", "Line 3: Invalid value"),
    ],
)
def test_a_wrong_file_says_the_line_the_field_and_the_value(body: str, sentence: str) -> None:
    with pytest.raises(SpecTextError) as caught:
        from_toml(f"kind = 'script'\ntarget = 'a.py'\n{body}\n")
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_field_is_named() -> None:
    with pytest.raises(SpecTextError, match="The field 'target' is missing"):
        from_toml("kind = 'script'")


def test_a_broken_file_is_listed_with_its_reason_and_kept(store: SpecStore) -> None:
    store.save(_spec())
    broken = store.folder / "broken.toml"
    broken.write_text("kind = \n")
    binary = store.folder / "binary.toml"
    binary.write_bytes(b"kind = 'script'\nname = '\xff'\n")
    dangling = store.folder / "dangling.toml"
    dangling.symlink_to("gone")
    found = {each.path.name: each for each in store.list()}
    assert found["broken.toml"].fault.startswith("Line 1: ")
    assert found["broken.toml"].title == "broken.toml"
    assert found["binary.toml"].fault == "Line 2: it is not UTF-8 text."
    assert "No such file" in found["dangling.toml"].fault
    assert found["nightly-import.toml"].spec == _spec()
    assert broken.read_text() == "kind = \n"


def test_a_broken_file_that_is_replaced_is_put_aside(store: SpecStore) -> None:
    path = store.save(_spec())
    path.write_text("kind = \n")
    store.save(_spec("Other"), path)
    assert store.read(path).spec == _spec("Other")
    assert (store.folder / "deleted" / path.name).read_text() == "kind = \n"


def test_a_file_of_the_same_name_is_never_overwritten(store: SpecStore) -> None:
    first, second = store.save(_spec("A b")), store.save(_spec("a-B"))
    assert (first.name, second.name) == ("a-b.toml", "a-b-2.toml")
    assert [each.title for each in store.list()] == ["A b", "a-B"]


def test_numbers_in_names_are_in_their_order(store: SpecStore) -> None:
    for name in ("Job 10", "job 9", "Job 1a", "a", "²", "Job"):
        store.save(_spec(name))
    titles = [each.title for each in store.list()]
    assert titles == ["a", "Job", "Job 1a", "job 9", "Job 10", "²"]


def test_a_name_is_given_once(store: SpecStore) -> None:
    path = store.save(_spec("A"))
    with pytest.raises(SpecStoreError, match="already a spec named 'A'") as caught:
        store.save(_spec("A", target="other.py"))
    assert caught.value.field == "name"
    assert store.save(_spec("A", target="other.py"), path) == path


@pytest.mark.parametrize("name", ["../../etc", "/", "日本語", "a" * 300, ".hidden", "CON\n"])
def test_any_name_makes_a_file_in_the_folder(name: str, store: SpecStore) -> None:
    path = store.save(_spec(name))
    assert path.parent == store.folder
    assert [each.title for each in store.list()] == [name]


def test_a_save_that_fails_leaves_the_old_file(
    store: SpecStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = store.save(_spec())
    before = path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spec_store.os, "fsync", full)
    with pytest.raises(SpecStoreError, match=r"cannot be saved: No space left on device\."):
        store.save(_spec("Longer than it was before"), path)
    assert path.read_bytes() == before
    assert os.listdir(store.folder) == [path.name]


def test_only_the_owner_may_read_a_spec(store: SpecStore) -> None:
    path = store.save(_spec(environment={"TOKEN": "x"}))
    assert path.stat().st_mode & 0o777 == 0o600


def test_copies_get_names_of_their_own(store: SpecStore) -> None:
    path = store.save(_spec("A"))
    copies = [store.duplicate(path), store.duplicate(path)]
    copies.append(store.duplicate(copies[1]))
    titles = [store.read(copy).title for copy in copies]
    assert titles == ["A (copy)", "A (copy 2)", "A (copy 3)"]


def test_what_is_deleted_can_be_brought_back(store: SpecStore) -> None:
    first = store.save(_spec("A"))
    gone = store.delete(first)
    assert store.list() == []
    again = store.save(_spec("A", target="b.py"))
    gone_too = store.delete(again)
    assert gone != gone_too
    assert store.read(store.undo(gone_too)).spec == _spec("A", target="b.py")
    assert store.read(store.undo(gone)).spec == _spec("A")
    assert sorted(each.path.name for each in store.list()) == ["a-2.toml", "a.toml"]


def test_what_is_gone_already_cannot_be_deleted(store: SpecStore) -> None:
    with pytest.raises(SpecStoreError, match="cannot be deleted: No such file"):
        store.delete(store.folder / "gone.toml")


def test_a_store_without_a_folder_is_empty(store: SpecStore) -> None:
    assert store.list() == []
    assert not store.folder.exists()


def test_the_users_own_folder_is_the_default(home: Path) -> None:
    assert SpecStore().folder == home / ".config" / "spawnscope" / "specs"
