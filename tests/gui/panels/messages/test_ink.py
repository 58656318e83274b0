"""The colours that a program asks for can be read, whichever theme they meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from contrast import LEAST, contrast
from panel_store import committed
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from spawnscope.gui.kit.style.theme import DARK, LIGHT, Theme
from spawnscope.gui.kit.text.ansi import PLAIN, TRUE_COLOR, apply_sgr
from spawnscope.gui.kit.text.level import Level
from spawnscope.gui.kit.text.line import RunKind
from spawnscope.gui.panels.messages.ink import Ink
from spawnscope.gui.panels.messages.panel import MessagesPanel

if TYPE_CHECKING:
    from .conftest import Session


def codes() -> list[str]:
    """The foregrounds and grounds: 16 colours, the palette, true colours; and none."""
    some = [*range(16), 16, 21, 46, 100, 130, 196, 201, 226, 231, 232, 244, 255]
    true = ("0;0;0", "255;255;255", "128;128;128", "255;255;0", "0;0;255", "119;119;119")
    return ["", *(f"8;5;{code}" for code in some), *(f"8;2;{code}" for code in true)]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("level", [Level.NONE, Level.ERROR])
def test_every_pair_of_colours_can_be_read(theme: Theme, level: Level) -> None:
    ink = Ink(theme)
    bad = []
    for front in codes():
        for back in codes():
            for more in ("", "1", "2", "7", "1;7"):
                wanted = ";".join(filter(None, (more, front and f"3{front}", back and f"4{back}")))
                style = apply_sgr(PLAIN, wanted) if wanted else PLAIN
                text, ground = ink.run(style, RunKind.TEXT, level)
                if contrast(text, ground or QColor(theme.base)) < LEAST:
                    bad.append(wanted)
    assert bad == []


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_white_on_blue_is_as_a_terminal_has_it(theme: Theme) -> None:
    """What could be read anyway keeps its ground, and a colour near its own."""
    text, ground = Ink(theme).run(apply_sgr(PLAIN, "44;97"), RunKind.TEXT, Level.NONE)
    assert ground == QColor(theme.ansi[4])
    assert contrast(text, ground) >= LEAST
    red = TRUE_COLOR | 0xC00000
    text, ground = Ink(theme).run(PLAIN._replace(background=0xF | 231), RunKind.TEXT, Level.NONE)
    assert ground is not None
    exact, _ = Ink(LIGHT).run(PLAIN._replace(foreground=red), RunKind.TEXT, Level.NONE)
    assert exact == QColor(0xC00000)  # nothing to help


def test_the_word_of_a_level_keeps_to_the_ground_that_the_program_chose(
    panel: MessagesPanel, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    coloured: list[Level] = []
    word = Ink.word

    def noting(ink: Ink, level: Level) -> QColor:
        coloured.append(level)
        return word(ink, level)

    monkeypatch.setattr(Ink, "word", noting)
    session.say("\x1b[41mERROR\x1b[0m it broke", "\x1b[41mERROR\x1b[0m es ist entzwei: ä")
    session.open_in(panel, qtbot)
    panel.grab()
    assert coloured == []
    session.say("ERROR it broke")
    committed(panel, 3)
    qtbot.waitUntil(lambda: panel.log.total == 3)
    panel.grab()
    assert set(coloured) == {Level.ERROR}
