"""Saving the picture."""

from __future__ import annotations

import os
import xml.etree.ElementTree as Tree
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from spawnscope.core.session.reader import SessionReader
from spawnscope.core.session.writer import SessionWriter


def test_an_svg_holds_all_names(shop: Any, tmp_path: Path) -> None:
    shop.pipeline()
    shop.look()
    path = tmp_path / "wiring.svg"
    shop.panel.save_picture(str(path))
    root = Tree.parse(path).getroot()
    assert root.tag.endswith("svg")
    texts = {element.text for element in root.iter() if element.tag.endswith("text")}
    assert {"feeder", "jobs", "left", "right", "done"} <= texts
    assert os.listdir(tmp_path) == ["wiring.svg"]


def test_a_png_is_twice_as_large_as_on_screen(shop: Any, tmp_path: Path) -> None:
    shop.pipeline()
    shop.look()
    shop.panel.canvas.zoom_by(0.2)
    path = tmp_path / "wiring.png"
    shop.panel.save_picture(str(path))
    image = QImage(str(path))
    bounds = shop.panel.scene.bounds()
    assert abs(image.width() - 2 * (bounds.width() + 24)) <= 2
    assert shop.panel.canvas.zoom < 1
    colors = {
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), 7)
        for y in range(0, image.height(), 7)
    }
    assert len(colors) > 8


def test_an_old_file_stays_when_the_new_one_cannot_be_written(
    shop: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.pipeline()
    shop.look()
    path = tmp_path / "wiring.svg"
    path.write_text("old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    said: list[str] = []
    shop.panel.problem_occurred.connect(said.append)
    shop.panel._save(str(path))
    assert said == ["The picture cannot be saved: No space left on device."]
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["wiring.svg"]


def test_a_folder_that_is_not_there_is_said(shop: Any, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(shop.panel.problem_occurred) as caught:
        shop.panel._save(str(tmp_path / "nowhere" / "wiring.png"))
    assert caught.args == ["The picture cannot be saved: There is no such folder."]


def test_a_session_that_is_being_written_is_no_place_for_it(
    shop: Any, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "session.svg"
    writer = SessionWriter(path, about={})
    with qtbot.waitSignal(shop.panel.problem_occurred) as caught:
        shop.panel._save(str(path))
    writer.close()
    assert caught.args is not None
    assert caught.args[0].startswith("The picture cannot be saved: it is a session that is open ")
    SessionReader(path).close()
