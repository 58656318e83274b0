"""What the painting of all cells shares."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...kit.style import theme

if TYPE_CHECKING:
    from ...kit.fonts import LogFonts
    from .ink import Ink

MARGIN = theme.SPACE * 0.75  # px at 100 %, at either side of a cell


class LogStyle:
    """The fonts, how far the text is scrolled (pixels), what is marked in it, and the colours,
    which are set at the beginning of each repaint."""

    def __init__(self, fonts: LogFonts) -> None:
        self.fonts = fonts
        self.offset = 0.0
        self.moment_ns: int | None = None  # what came later is dim
        self.pattern: re.Pattern[str] | None = None
        self.ink: Ink = None  # type: ignore[assignment]
        self.pixel_ratio = 1.0
