"""One node of the picture: a process, a group of them, or a shared object.

It draws a Face and repaints only when that differs. From far away it shows less: first the name
alone, then the bare shape.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from spawnscope.core.analysis.wiring.graph import NodeKey

from ...kit.object_look import type_look
from ...kit.process_look import ROLE_ICONS
from ...kit.style import theme
from ...kit.style.blending import blend
from ...kit.style.icons import icon
from ...kit.style.theme import Theme
from .face import Face
from .ink import kind_color
from .shapes import STACK, box_of, details, outline, shape_of

_ICON = 16.0
_PAD = 11.0
_NAME_ALONE = 0.62  # zoom below which details could not be read
_BARE = 0.3
_MARGIN = 6.0  # around the box: sheets, rings
_TINT = {False: 0.07, True: 0.10}  # of the kind's colour in the ground, light and dark
_BADGE = 16.0
_FAULT = 18.0  # the mark of what is wrong


class NodeItem(QGraphicsItem):
    """Stands at its place with its centre. `selected` and `current` (where the keyboard is) are
    set by the scene."""

    def __init__(self, key: NodeKey, face: Face) -> None:
        super().__init__()
        self.key = key
        self.face = face
        self.selected = False
        self.current = False
        self._texts: dict[bool, tuple[str, str, bool]] = {}  # title, detail, note below
        self._look_at(face)
        self.setZValue(1)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    @property
    def shape_name(self) -> str:
        """The name of its outline."""
        return self._shape

    @property
    def box(self) -> QRectF:
        """The rectangle of its outline in the scene."""
        return box_of(self._shape).translated(self.pos())

    @property
    def has_badge(self) -> bool:
        """Whether it can be unfolded, or folded with its siblings."""
        return self._shape == "group" or self.face.member

    @property
    def badge(self) -> QRectF:
        """Where the "+" of a group is, or the "-" of one of its members; within the item."""
        box = box_of(self._shape)
        return QRectF(box.right() - _PAD - _BADGE + 3, box.top() + 6, _BADGE, _BADGE)

    def show_face(self, face: Face) -> bool:
        """Draw this from now on; says whether the outline differs."""
        if face is self.face or face == self.face:
            return False
        before, old = self._shape, self.face
        self.face = face
        self._texts.clear()
        if face.look != old.look or face.role is not old.role:
            self._look_at(face)
        self.update()
        return self._shape != before

    def mark(self, selected: bool, current: bool) -> None:
        """Whether it is selected, and whether the keyboard is on it."""
        if (selected, current) != (self.selected, self.current):
            self.selected, self.current = selected, current
            self.update()

    def _look_at(self, face: Face) -> None:
        if face.role is not None:
            self._picture, self._meaning = ROLE_ICONS[face.role], "muted"
        else:
            self._picture, self._meaning = type_look(face.look)
        shape = shape_of(face.look, self._picture, self._meaning)
        if shape != getattr(self, "_shape", ""):
            self.prepareGeometryChange()
            self._shape = shape

    # -- Qt -----------------------------------------------------------------------------------

    def boundingRect(self) -> QRectF:
        return box_of(self._shape).adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)

    def shape(self) -> QPainterPath:
        return outline(self._shape)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        colors = theme.current()
        zoom = option.levelOfDetailFromTransform(painter.worldTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setOpacity(0.5 if self.face.faded and self.face.fault is None else 1.0)
        self._paint_ground(painter, colors)
        painter.setOpacity(1.0)  # what is said of who has ended must be read as well
        if zoom >= _BARE:
            self._paint_inside(painter, colors, zoom)
        if self.face.fault is not None:
            box = box_of(self._shape)
            mark = QRectF(box.left() - 5, box.top() - 6, _FAULT, _FAULT)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(colors.base))
            painter.drawEllipse(mark)
            icon(*self.face.fault).paint(painter, mark.adjusted(1, 1, -1, -1).toRect())

    def _paint_ground(self, painter: QPainter, colors: Theme) -> None:
        is_process = self.face.role is not None
        path = outline(self._shape)
        tint = theme.process_color(self.face.number).name() if is_process else ""
        line = tint or kind_color(colors, self._meaning).name()
        ground = blend(colors.raised, line, _TINT[colors.dark])
        edge = blend(colors.raised, line, 0.75)
        fault = self.face.fault
        if fault is not None:
            line = kind_color(colors, fault[1]).name()
            ground, edge = blend(colors.raised, line, _TINT[colors.dark]), theme.color(line)
        if self.selected:
            ground, edge = theme.color(colors.selection), theme.color(colors.accent)
        if self.current:
            painter.setPen(QPen(theme.color(colors.accent), 1, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = box_of(self._shape).adjusted(-4.5, -4.5, 4.5, 4.5)
            painter.drawRoundedRect(ring, 12, 12)
        style = Qt.PenStyle.DashLine if self.face.faded else Qt.PenStyle.SolidLine
        painter.setPen(QPen(edge, 2.0 if self.selected or fault is not None else 1.25, style))
        painter.setBrush(ground)
        if self._shape == "group":
            for sheet in (2, 1):
                shift = sheet * STACK / 2
                painter.drawPath(path.translated(shift, shift))
        painter.drawPath(path)
        if self._shape == "posts":
            painter.drawPath(details(self._shape))
        if is_process:
            box = box_of(self._shape)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.process_color(self.face.number))
            painter.drawRoundedRect(QRectF(box.left(), box.top() + 9, 4, box.height() - 18), 2, 2)

    def _paint_inside(self, painter: QPainter, colors: Theme, zoom: float) -> None:
        box = box_of(self._shape)
        inset = _PAD + (4 if self._shape in ("hexagon", "tube", "slant", "posts") else 0)
        far = zoom < _NAME_ALONE
        title_font, detail_font = _fonts(painter.font(), far)
        metrics = QFontMetricsF(title_font)
        left = box.left() + inset
        width = box.width() - 2 * inset
        ink = colors.muted if self.face.faded else colors.text
        if self.selected:
            ink = colors.selection_text
        note = "" if far else self.face.note
        spare = width if far else width - _ICON - 7
        if far and self.face.unseen:
            spare -= title_font.pixelSize() + 4
        if self.has_badge and not far:
            spare -= _BADGE + 3
        small = QFontMetricsF(detail_font)
        note_width = small.horizontalAdvance(note)
        texts = self._texts.get(far)
        if texts is None:
            taken = note_width + 6 if note else 0.0
            # Where the name needs all of its line, the note goes to the next one.
            low = bool(note) and metrics.horizontalAdvance(self.face.title) > spare - taken
            elide = Qt.TextElideMode.ElideRight
            title = metrics.elidedText(self.face.title, elide, spare - (0 if low else taken))
            detail = small.elidedText(self.face.detail, elide, spare - (taken if low else 0))
            texts = self._texts[far] = title, detail, low
        if far:
            painter.setFont(title_font)
            painter.setPen(theme.color(ink))
            middle = box.adjusted(inset, 0, -inset, 0)
            if self.face.unseen:
                side = title_font.pixelSize()
                mark = QRectF(middle.left(), middle.center().y() - side / 2, side, side)
                icon("unseen", "warning").paint(painter, mark.toRect())
                middle.setLeft(mark.right() + 4)
            painter.drawText(middle, int(Qt.AlignmentFlag.AlignCenter), texts[0])
            return
        picture = QRectF(left, box.center().y() - _ICON / 2, _ICON, _ICON)
        meaning = "faint" if self.face.faded else self._meaning
        look = ("unseen", "warning") if self.face.unseen else (self._picture, meaning)
        icon(*look).paint(painter, picture.toRect())
        left += _ICON + 7
        full = self.face.fullness is not None
        base = box.top() + (16.5 if full else 19.0)
        below = 13.5 if full else 15.0
        painter.setFont(title_font)
        painter.setPen(theme.color(ink))
        painter.drawText(QPointF(left, base), texts[0])
        painter.setFont(detail_font)
        meaning = self.face.ink
        if self.selected and meaning == "muted":
            painter.setPen(theme.color(colors.selection_text))
        else:
            painter.setPen(kind_color(colors, meaning))
        painter.drawText(QPointF(left, base + below), texts[1])
        if note:
            meaning = self.face.note_ink
            chosen = self.selected and meaning == "muted"
            painter.setPen(theme.color(ink) if chosen else kind_color(colors, meaning))
            right = box.right() - inset - (_BADGE + 3 if self.has_badge else 0)
            painter.drawText(QPointF(right - note_width, base + (below if texts[2] else 0)), note)
        if full:
            self._paint_bar(painter, colors, left, width - _ICON - 7)
        if self.has_badge:
            self._paint_badge(painter, colors)

    def _paint_bar(self, painter: QPainter, colors: Theme, left: float, width: float) -> None:
        fullness = self.face.fullness or 0.0
        bar = QRectF(left, box_of(self._shape).bottom() - 9.5, width, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(colors.border))
        painter.drawRoundedRect(bar, 2, 2)
        if fullness > 0:
            bar.setWidth(max(4.0, width * fullness))
            painter.setBrush(theme.color(colors.warning if fullness >= 0.8 else colors.accent))
            painter.drawRoundedRect(bar, 2, 2)

    def _paint_badge(self, painter: QPainter, colors: Theme) -> None:
        badge = self.badge
        painter.setPen(QPen(theme.color(colors.muted), 1.2))
        painter.setBrush(theme.color(colors.raised))
        painter.drawRoundedRect(badge, 4, 4)
        middle = badge.center()
        painter.drawLine(QPointF(middle.x() - 4, middle.y()), QPointF(middle.x() + 4, middle.y()))
        if self._shape == "group":
            top, bottom = QPointF(middle.x(), middle.y() - 4), QPointF(middle.x(), middle.y() + 4)
            painter.drawLine(top, bottom)


_made: dict[tuple[str, bool], tuple[QFont, QFont]] = {}


def _fonts(plain: QFont, far: bool) -> tuple[QFont, QFont]:
    """For the title and for the rest, made from the view's font; from far away, a large title."""
    key = (plain.key(), far)
    found = _made.get(key)
    if found is None:
        title, detail = QFont(plain), QFont(plain)
        title.setPixelSize(22 if far else 13)
        title.setWeight(QFont.Weight.DemiBold)
        detail.setPixelSize(11)
        if len(_made) > 16:
            _made.clear()
        found = _made[key] = title, detail
    return found
