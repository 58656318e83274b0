"""The colours and weights that a terminal's SGR sequences (ESC [ ... m) ask for.

A colour is None (the default), 0 to 255 (the terminal's palette), or TRUE_COLOR | 0xRRGGBB.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

TRUE_COLOR = 1 << 24
_LONGEST_PARAMETER = 4  # digits; int() refuses endless ones, and none above 255 means anything


class Style(NamedTuple):
    """How a stretch of text is drawn."""

    foreground: int | None = None
    background: int | None = None
    bold: bool = False
    faint: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    reverse: bool = False


PLAIN = Style()

_SWITCHES: dict[int, dict[str, bool]] = {
    1: {"bold": True},
    2: {"faint": True},
    3: {"italic": True},
    4: {"underline": True},
    7: {"reverse": True},
    9: {"strike": True},
    21: {"underline": True},
    22: {"bold": False, "faint": False},
    23: {"italic": False},
    24: {"underline": False},
    27: {"reverse": False},
    29: {"strike": False},
}


@lru_cache(maxsize=1024)
def apply_sgr(style: Style, parameters: str) -> Style:
    """The style after ESC [ `parameters` m; what is unknown or malformed is passed over."""
    fields = parameters.split(";")
    position = 0
    while position < len(fields):
        field = fields[position]
        position += 1
        if ":" in field:
            style = _apply_with_colons(style, field)
            continue
        code = _number(field)
        if code == 0:
            style = PLAIN
        elif code in _SWITCHES:
            style = style._replace(**_SWITCHES[code])
        elif code in (38, 48):
            used, color = _extended_color(
                [_number(each) for each in fields[position : position + 4]]
            )
            position += used
            style = _colored(style, code, color)
        else:
            style = _apply_color(style, code)
    return style


def _apply_color(style: Style, code: int) -> Style:
    if 30 <= code <= 37:
        return style._replace(foreground=code - 30)
    if 90 <= code <= 97:
        return style._replace(foreground=code - 82)
    if code == 39:
        return style._replace(foreground=None)
    if 40 <= code <= 47:
        return style._replace(background=code - 40)
    if 100 <= code <= 107:
        return style._replace(background=code - 92)
    if code == 49:
        return style._replace(background=None)
    return style


def _apply_with_colons(style: Style, field: str) -> Style:
    """ISO 8613-6 forms: 38:5:N, 38:2:R:G:B, 38:2:SPACE:R:G:B, and 4:N for kinds of underline."""
    numbers = [_number(each) for each in field.split(":")]
    code = numbers[0]
    if code == 4:
        return style._replace(underline=numbers[1] > 0)
    if code not in (38, 48):
        return style
    if numbers[1] == 2 and len(numbers) >= 6:
        del numbers[2]  # the colour space
    return _colored(style, code, _extended_color(numbers[1:])[1])


def _extended_color(numbers: list[int]) -> tuple[int, int | None]:
    """(how many parameters it took, the colour or None) of what follows 38 or 48."""
    if len(numbers) >= 2 and numbers[0] == 5:
        return 2, numbers[1] if 0 <= numbers[1] <= 255 else None
    if len(numbers) >= 4 and numbers[0] == 2:
        red, green, blue = numbers[1:4]
        if all(0 <= part <= 255 for part in (red, green, blue)):
            return 4, TRUE_COLOR | red << 16 | green << 8 | blue
        return 4, None
    return len(numbers), None


def _colored(style: Style, code: int, color: int | None) -> Style:
    if color is None:
        return style
    return style._replace(foreground=color) if code == 38 else style._replace(background=color)


def _number(field: str) -> int:
    if not field:
        return 0
    return int(field) if len(field) <= _LONGEST_PARAMETER and field.isdigit() else -1


def palette_rgb(index: int) -> int:
    """0xRRGGBB of the palette's entries 16 to 255: a 6 x 6 x 6 cube, then 24 greys."""
    if index >= 232:
        grey = 8 + (index - 232) * 10
        return grey << 16 | grey << 8 | grey
    index -= 16
    red, green, blue = index // 36, index // 6 % 6, index % 6
    return _level(red) << 16 | _level(green) << 8 | _level(blue)


def _level(step: int) -> int:
    return 55 + step * 40 if step else 0
