"""What a change touches, counted: each is made up, put into a copy of the tree, and tried there."""

from __future__ import annotations

import shutil
from pathlib import Path

from scratch_tree import ScratchTree

from spawnscope.core.session.tables import VERSION
from spawnscope.core.session.writer import SessionWriter
from spawnscope.core.vocabulary.events import Sample

MADE_UP = Path(__file__).resolve().parent / "made_up"
KINDS = "core/vocabulary/kinds.py"
EVENTS = "core/vocabulary/events.py"
SAMPLER = "core/observe/sampler.py"
COLUMNS = "gui/panels/processes/columns.py"
PANELS = "gui/panels/panels.py"
STORE = "core/store/"


def test_a_new_kind_of_object_is_its_hook_and_a_row(tmp_path: Path) -> None:
    """Two operations of its own have a row each, in the same file; and the probe numbers them."""
    tree = ScratchTree(tmp_path / "tree")
    tree.change(
        "core/probe/_spawnscope_probe/layout.py",
        '"unlink", "replace", "exception",\n',
        '"unlink", "replace", "exception", "open", "pass",\n',
    )
    tree.change(
        KINDS,
        "        _MEMORY,\n        _GUARDED",
        '        ObjectKind("Gate", _HOLDS_BACK, "event", named=True,\n'
        '                   ended_by={"pass": (Relation.SETS, "open")}),\n'
        "        _MEMORY,\n        _GUARDED",
    )
    tree.change(
        KINDS,
        '        OperationKind("unlink", GUARD),\n',
        '        OperationKind("unlink", GUARD),\n'
        '        OperationKind("open", INTO, True, inward=True, past="opened", serves="pass"),\n'
        '        OperationKind("pass", OUT, True, outward=True, word="through", past="passed"),\n',
    )
    tree.run(MADE_UP / "new_kind.py", tmp_path)
    assert [path for path in tree.touched if not path.startswith("core/probe/")] == [KINDS]


def test_a_derived_column_is_one_file(tmp_path: Path) -> None:
    tree = ScratchTree(tmp_path / "tree")
    tree.change(
        COLUMNS,
        "    DOING,\n    CPU,\n",
        '    Column(id="age", title="Age", tooltip="", ticks=True,\n'
        '           text=lambda row, now: f"{now - row.sampled_ns} ns",\n'
        '           value=lambda row, now: now - row.sampled_ns, fields=frozenset(("sample",))),\n'
        "    DOING,\n    CPU,\n",
    )
    program = tmp_path / "new_column.py"
    program.write_text(
        "from written_store import WrittenStore\n"
        "from spawnscope.gui.panels.processes.columns import COLUMNS\n"
        "store = WrittenStore()\n"
        "store.process(1)\n"
        "texts = {each.id: each.text_at(store.processes[1], 9) for each in COLUMNS}\n"
        "assert texts['age'] == '9 ns', texts\n"
    )
    tree.run(program)
    assert tree.touched == [COLUMNS]


def test_a_measured_column_is_who_measures_its_field_and_the_column(tmp_path: Path) -> None:
    """In the window, in the session file, of which it is a new version, and in all exports."""
    before = tmp_path / "before.spawnscope"
    writer = SessionWriter(before, about={})
    writer.samples([Sample(1, 11, 5, 12.5, 4096, 2, 9, "running")])
    writer.close()
    tree = ScratchTree(tmp_path / "tree")
    since = f'msgspec.Meta(extra={{"since": {VERSION + 1}}})'
    last = '    fds_limit: Annotated[int, msgspec.Meta(extra={"since": 4})] = 0\n'
    tree.change(EVENTS, last, f"{last}    ctx_switches: Annotated[int, {since}] = 0\n")
    tree.change(
        SAMPLER,
        "                fds_limit,\n            )\n",
        "                fds_limit,\n"
        '                int(open(f"/proc/{watched.pid}/status").read().split()[-1]),\n'
        "            )\n",
    )
    tree.change(
        COLUMNS,
        "    DOING,\n    CPU,\n",
        '    _measured("ctx_switches", str, id="switches", title="Switches", tooltip=""),\n'
        "    DOING,\n    CPU,\n",
    )
    tree.run(MADE_UP / "new_figure.py", before)
    assert sorted(tree.touched) == sorted((EVENTS, SAMPLER, COLUMNS))


def test_a_new_panel_is_a_folder_and_a_row(tmp_path: Path) -> None:
    """It has a tab and its key, is told of changes, remembered and closed, as all others are."""
    tree = ScratchTree(tmp_path / "tree")
    tree.change(
        PANELS,
        "        fault_ink,\n    ),\n",
        "        fault_ink,\n    ),\n"
        '    PanelRow("clock", "Clock", "What time it is", "ClockPanel"),\n',
    )
    shutil.copytree(MADE_UP / "clock", tree.home / "spawnscope" / "gui" / "panels" / "clock")
    tree.run(MADE_UP / "new_panel.py")
    assert tree.touched == [PANELS]


def test_a_new_event_is_its_struct_and_who_applies_it(tmp_path: Path) -> None:
    tree = ScratchTree(tmp_path / "tree")
    tree.change(
        EVENTS,
        "Event = (\n",
        'class ProcessRemarked(msgspec.Struct, frozen=True, tag="process_remarked", gc=False):\n'
        "    process: int\n    time_ns: int\n    text: str\n\n\n"
        "Event = (\n    ProcessRemarked |\n",
    )
    tree.change(
        STORE + "process_row.py", '    title: str = ""', '    remark: str = ""\n    title: str = ""'
    )
    tree.change(
        STORE + "processes.py",
        "    def _apply_doing(",
        "    def _apply_remarked(self, event):\n"
        "        row = self._rows.get(event.process)\n"
        "        if row is None:\n"
        "            return self._keep_for_later(event.process, event)\n"
        "        self._rows[event.process] = replace(row, remark=event.text)\n"
        '        return Change(ChangeKind.CHANGED, event.process, frozenset(("remark",)))\n\n'
        "    def _apply_doing(",
    )
    tree.change(
        STORE + "processes.py",
        "    ProcessDoing: ProcessTable._apply_doing,\n",
        "    ProcessDoing: ProcessTable._apply_doing,\n"
        "    ProcessRemarked: ProcessTable._apply_remarked,\n",
    )
    tree.change(STORE + "processes.py", "    ProcessExited,\n    ProcessStarted,\n",
                "    ProcessExited,\n    ProcessRemarked,\n    ProcessStarted,\n")  # fmt: skip
    tree.run(MADE_UP / "new_event.py")
    assert tree.touched[0] == EVENTS
    assert [path for path in tree.touched[1:] if not path.startswith(STORE)] == []
