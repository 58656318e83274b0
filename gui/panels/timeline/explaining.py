"""What is said of the thing under the pointer, and the arrow from who ended its wait.

hit --at once--> card: operation, object, how long --(file)--> place, size, preview
 '--the pointer rests--> who served it --> a line on the card, and the arrow
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPen

from spawnscope.core.sentences.serving import served
from spawnscope.core.translation import tr, trn
from spawnscope.core.vocabulary.kinds import MAIN_THREAD
from spawnscope.core.vocabulary.operation import Operation

from ...kit.row_text import exact_name
from ...kit.style import theme
from ...kit.text.figures import memory_text, site_text
from ...kit.text.span import span_text
from .hit import Hit, hit_now
from .hover_card import HoverCard
from .lane_shape import bar_rect, task_rect
from .lane_view import LaneView
from .lanes import Lane
from .overlays import paint_arrow
from .ruler import moment_text

_REST = 180  # ms: to find out who ended a wait takes a look at many operations
_AROUND = 8  # px that a thing may be beside the pointer


class Explaining:
    """The hovered thing, and the one that was clicked (`pinned`), which keeps its arrow."""

    def __init__(self, view: LaneView) -> None:
        self._view = view
        self.card = HoverCard(view.viewport())
        self.hit: Hit | None = None
        self.pinned: Hit | None = None
        self._at = QPoint()
        self._title = ""
        self._lines: list[str] = []
        self._servers: dict[int, tuple[int, Operation] | None] = {}
        self._rest = QTimer(view)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._on_rest)

    def show(self, hit: Hit | None, at: QPoint) -> None:
        """The pointer is at `at`, over this."""
        before = self.hit
        self.hit, self._at = hit, at
        if hit is None:
            if before is not None or self.card.isVisible():
                self.leave()
            return
        if before is None or before.key != hit.key:
            self._title, self._lines = self._told(hit)
            self._rest.start(_REST)
            self._view.viewport().update()
        self._show_card()

    def show_flag(self, title: str, lines: list[str], at: QPoint) -> None:
        """The pointer is at `at`, over a mark on the ruler."""
        self.leave()
        self.card.show_lines(title, lines, at)

    def moved_on(self) -> None:
        """The lanes have moved, perhaps below a pointer that rests: what is told must be there."""
        hit, view = self.hit, self._view
        if hit is None:
            return
        lane = self._lane(hit.lane.process.number, hit.lane.thread)
        now = None if lane is None else hit_now(hit, lane, view.now_ns)
        if now is not None and now.deed is not None:
            self.hit = hit = now
            told = self._told(hit)
            if told != (self._title, self._lines):
                self._title, self._lines = told
                self._show_card()
        if lane is not None and now is not None:
            left = view.point_of(lane, hit.start_ns, 0).x() - _AROUND
            right = view.point_of(lane, hit.end_ns, 0).x() + _AROUND
            top = view.top_of(lane)
            if left <= self._at.x() <= right and top <= self._at.y() <= top + lane.height:
                return
        self.leave()

    def leave(self) -> None:
        """The pointer is over nothing."""
        self._rest.stop()
        self.card.hide()
        if self.hit is not None:
            self.hit = None
            self._view.viewport().update()

    def pin(self, hit: Hit | None) -> None:
        """This one was clicked."""
        self.pinned = None if hit is None or hit.is_message else hit
        if self.pinned is not None:
            self._find_server(self.pinned)
        self._view.viewport().update()

    def clear(self) -> None:
        """Forget everything: another session."""
        self.pinned = None
        self._servers.clear()
        self.leave()

    def server_of(self, hit: Hit) -> tuple[int, Operation] | None:
        """(id, operation) of who ended its wait, as far as that was found out."""
        return self._servers.get(hit.id)

    def paint(self, painter: QPainter) -> None:
        """Draw a frame around what is hovered and pinned, and the arrow to it."""
        for hit in (self.pinned, self.hit):
            if hit is None or hit.is_message:
                continue
            lane = self._lane(hit.lane.process.number, hit.lane.thread)
            now = None if lane is None else hit_now(hit, lane, self._view.now_ns)
            if lane is None or now is None:
                continue
            self._paint_frame(painter, now, lane)
            if hit is self.pinned and self.hit is not None and self.hit.key != hit.key:
                continue  # one arrow at a time
            server = self._servers.get(hit.id)
            if server is not None:
                self._paint_arrow(painter, hit, lane, server[1])

    # -- pictures -----------------------------------------------------------------------------

    def _paint_frame(self, painter: QPainter, hit: Hit, lane: Lane) -> None:
        row = (task_rect if hit.is_task else bar_rect)(lane, self._view.top_of(lane))
        left = self._view.point_of(lane, hit.start_ns, 0).x()
        right = max(left + 2, self._view.point_of(lane, hit.end_ns, 0).x())
        area = self._view.area
        left, right = max(left, area.left() - 4), min(right, area.right() + 4)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color(theme.current().text), 1.4))
        painter.drawRect(QRectF(left - 1, row.top() - 1, right - left + 2, row.height() + 2))

    def _paint_arrow(self, painter: QPainter, hit: Hit, lane: Lane, server: Operation) -> None:
        view = self._view
        source = self._lane(server.process, server.thread)
        if source is None:
            return
        begins_here = hit.is_task
        until = (
            hit.start_ns
            if begins_here
            else hit.start_ns
            + min(hit.waited_ns or hit.end_ns - hit.start_ns, hit.end_ns - hit.start_ns)
        )
        middle = bar_rect(source, 0).center().y()
        target = (task_rect if hit.is_task else bar_rect)(lane, 0).center().y()
        start = view.point_of(source, server.end_ns, middle)
        end = view.point_of(lane, until, target)
        paint_arrow(painter, _near(start), _near(end))

    def _lane(self, process: int, thread: str) -> Lane | None:
        return self._view.lanes.of(process, thread)

    # -- words --------------------------------------------------------------------------------

    def _told(self, hit: Hit) -> tuple[str, list[str]]:
        if hit.is_message:
            return self._message(hit)
        view = self._view
        row = hit.lane.process
        who = f"{row.label} ({row.pid})"
        if hit.lane.thread not in ("", MAIN_THREAD):
            who += f", {hit.lane.thread}"
        when = moment_text(hit.start_ns, view.scale, view.relative)
        took = hit.end_ns - hit.start_ns
        if hit.deed is not None:
            since = (
                tr("since {when}, for {time}", when=when, time=span_text(took))
                if row.is_live
                else tr("since {when}, until its end, for {time}", when=when, time=span_text(took))
            )
            lines = [who, since, site_text(hit.deed.site)]
            return hit.deed.phrase, [line for line in lines if line]
        operation = view.source.operation(hit.id)
        if operation is None:
            return who, [f"{when}, {span_text(took)}"]
        lines = [who, _took(when, operation.end_ns - operation.start_ns, operation.waited_ns)]
        if operation.outcome != "ok":
            lines.append(tr("Outcome: {outcome}", outcome=operation.outcome))
        facts = [memory_text(operation.bytes) if operation.bytes else "", operation.preview or ""]
        lines += [" · ".join(fact for fact in facts if fact), site_text(operation.site)]
        if hit.others > 0:
            lines.append(
                trn("{count} more under the pointer", "{count} more under the pointer", hit.others)
            )
        return self._phrase(operation), [line for line in lines if line]

    def _phrase(self, operation: Operation) -> str:
        name = self._view.name_of(operation.object) if operation.object else ""
        if operation.text and name:
            return tr(
                "{operation} {text} of {object}",
                operation=operation.operation, text=operation.text, object=name,
            )  # fmt: skip
        return " ".join(filter(None, (operation.operation, operation.text, name)))

    def _message(self, hit: Hit) -> tuple[str, list[str]]:
        view = self._view
        message = view.source.message(hit.id)
        row = hit.lane.process
        when = moment_text(hit.start_ns, view.scale, view.relative)
        if message is None:
            return when, [row.label]
        source = tr(
            "{stream} of {process}, {when}",
            stream=message.stream.label, process=f"{row.label} ({row.pid})", when=when,
        )  # fmt: skip
        text = message.text.strip() or tr("(an empty line)")
        return text, [source, tr("Double-click to show it among the messages")]

    def _on_rest(self) -> None:
        hit = self.hit
        if hit is not None and not hit.is_message and hit.id:
            self._find_server(hit)
            self._show_card()
            self._view.viewport().update()

    def _find_server(self, hit: Hit) -> None:
        if hit.id and hit.id not in self._servers:
            if len(self._servers) > 500:
                self._servers.clear()
            self._servers[hit.id] = self._view.source.served_by(hit.id)

    def _show_card(self) -> None:
        hit = self.hit
        if hit is None:
            return
        lines = list(self._lines)
        server = None if hit.is_message else self._servers.get(hit.id)
        if server is not None:
            lines.append(self._ended_by(hit, server[1]))
        self.card.show_lines(self._title, lines, self._at)

    def _ended_by(self, hit: Hit, server: Operation) -> str:
        who = exact_name(self._view.people, server.process)
        end = hit.start_ns if hit.is_task else hit.start_ns + hit.waited_ns
        ago = end - server.end_ns
        return served(server.operation, who, span_text(ago) if ago >= 1000 else "")


def _took(when: str, took_ns: int, waited_ns: int) -> str:
    """When it was, and how long it took; of what is over at once, only the moment was noted."""
    took, waited = span_text(took_ns), span_text(waited_ns)
    if took_ns and waited_ns:
        return tr("{when}, took {took}, waited {waited}", when=when, took=took, waited=waited)
    if took_ns:
        return tr("{when}, took {took}", when=when, took=took)
    return tr("{when}, waited {waited}", when=when, waited=waited) if waited_ns else when


def _near(point: QPointF) -> QPointF:
    """Qt draws nothing sensible millions of pixels away."""
    return QPointF(min(max(point.x(), -4000.0), 12_000.0), point.y())
