"""The wiring as a picture inside a page: colours come from the page, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from ..translation import tr
from ..vocabulary.kinds import GUARD
from .wiring import HEIGHT, WIDTH, Wiring, WiringBox, WiringLine

_MOST_LETTERS = 24  # of a name in a box, which is as wide as that
_BEND = 70


def wiring_picture(wiring: Wiring) -> Iterator[str]:
    """The lines of an SVG element; none where there is nothing to draw."""
    if not wiring.width:
        return
    # It fits into the page as long as its letters can be read so.
    width = f"width:min(100%,{wiring.width}px);min-width:{wiring.width * 8 // 10}px"
    size = f'viewBox="0 0 {wiring.width} {wiring.height}" style="{width}"'
    yield f'<svg {size} role="img" aria-label="{escape(tr("Wiring"))}">'
    for name in ("arrow", "wrong"):
        yield (
            f'<marker id="{name}" class="{name}" viewBox="0 0 8 8" refX="7" refY="4" '
            'markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>'
        )
    for line in wiring.lines:
        yield _line(line, wiring.boxes)
    for box in wiring.boxes:
        yield _box(box)
    yield "</svg>"


def _line(line: WiringLine, boxes: tuple[WiringBox, ...]) -> str:
    tail, head = boxes[line.tail], boxes[line.head]
    y1, y2 = tail.y + HEIGHT // 2, head.y + HEIGHT // 2
    if head.x > tail.x:
        x1, x2, bend = tail.x + WIDTH, head.x, _BEND
    elif head.x < tail.x:  # back: below what leads forwards
        x1, x2, bend = tail.x, head.x + WIDTH, -_BEND
        y1, y2 = y1 + 12, y2 + 12
    else:
        x1, x2, bend = tail.x + WIDTH, head.x + WIDTH, _BEND
    ends = "" if line.kind == GUARD else f' marker-end="url(#{_marker(line)})"'
    style = "line" + " guard" * (line.kind == GUARD) + " wrong" * line.is_faulty
    back = -1 if head.x == tail.x else 1
    path = f"M{x1} {y1}C{x1 + bend} {y1} {x2 - back * bend} {y2} {x2} {y2}"
    title = escape(f"{line.process} – {line.object}: {line.does}")
    return f'<path class="{style}" d="{path}"{ends}><title>{title}</title></path>'


def _marker(line: WiringLine) -> str:
    return "wrong" if line.is_faulty else "arrow"


def _box(box: WiringBox) -> str:
    style = ("thing" if box.is_object else "process") + " wrong" * box.is_faulty
    round_ = HEIGHT // 2 if box.is_object else 6
    middle = box.x + WIDTH // 2
    return (
        f'<g class="{style}"><title>{escape(f"{box.name} {box.about}")}</title>'
        f'<rect x="{box.x}" y="{box.y}" width="{WIDTH}" height="{HEIGHT}" rx="{round_}"/>'
        f'<text x="{middle}" y="{box.y + 20}" class="name">{escape(_cut(box.name))}</text>'
        f'<text x="{middle}" y="{box.y + 36}" class="about">{escape(_cut(box.about))}</text></g>'
    )


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_LETTERS else f"{text[: _MOST_LETTERS - 1]}…"
