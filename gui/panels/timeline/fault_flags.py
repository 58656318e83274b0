"""Marks of when something went wrong: a flag on the ruler, and a line across the lanes of those
that it is about."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from spawnscope.core.sentences.severity import severity_word
from spawnscope.core.translation import tr
from spawnscope.core.vocabulary.findings import Finding, Severity

from ...kit.finding_look import severity_ink
from ...kit.style import theme
from .lane_view import LaneView
from .ruler import moment_text

_WIDE, _HIGH = 11.0, 9.0  # px of a flag
_NEAR = 6  # px beside a mark that still mean it


class FaultFlags:
    """The errors and warnings of one view, whether they were resolved or not."""

    def __init__(self, view: LaneView) -> None:
        self._view = view
        self._findings: list[Finding] = []

    def take(self, findings: Iterable[Finding]) -> None:
        """This went wrong. The worst is painted last, over the others."""
        faults = (one for one in findings if one.severity is not Severity.HINT)
        self._findings = sorted(faults, key=lambda one: (-one.severity.rank, one.since_ns))

    def at(self, point: QPointF) -> Finding | None:
        """What the flag at a place of the viewport stands for."""
        view = self._view
        if not view.ruler_area.contains(point.toPoint()):
            return None
        for one in reversed(self._findings):
            x = view.gutter + view.scale.x(one.since_ns)
            if x - _NEAR <= point.x() <= x + _WIDE:
                return one
        return None

    def told(self, finding: Finding) -> tuple[str, list[str]]:
        """(title, lines) of what is said of one."""
        view = self._view
        when = moment_text(finding.since_ns, view.scale, view.relative)
        word = severity_word(finding.severity)
        lines = [tr("{severity}, since {when}", severity=word, when=when)]
        if finding.resolved_ns is not None:
            end = moment_text(finding.resolved_ns, view.scale, view.relative)
            lines.append(tr("Resolved at {when}", when=end))
        lines.append(tr("Click to see all about it"))
        return finding.title, lines

    def paint_lines(self, painter: QPainter) -> None:
        """Across the lanes; the painter is clipped to them."""
        view = self._view
        for one, x in self._seen():
            painter.setPen(QPen(theme.color(_ink(one)), 1.5, Qt.PenStyle.DashLine))
            for process in one.processes:
                lane = view.lanes.of(process)
                if lane is not None:
                    top = view.top_of(lane)
                    painter.drawLine(QLineF(x, top, x, top + lane.height - 1))

    def paint_flags(self, painter: QPainter) -> None:
        """On the ruler."""
        ruler = self._view.ruler_area
        painter.setClipRect(ruler)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for one, x in self._seen():
            color = theme.color(_ink(one))
            top = ruler.top() + 3.0
            painter.fillRect(QRectF(x - 0.75, top, 1.5, ruler.bottom() - top), color)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawPolygon(
                QPolygonF([
                    QPointF(x, top), QPointF(x + _WIDE, top + _HIGH / 2), QPointF(x, top + _HIGH),
                ])
            )  # fmt: skip
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setClipping(False)

    def _seen(self) -> list[tuple[Finding, float]]:
        """Those in view, with where they are; of several on one pixel the last."""
        view = self._view
        found: dict[int, tuple[Finding, float]] = {}
        for one in self._findings:
            x = view.scale.x(one.since_ns)
            if -_WIDE <= x <= view.scale.width + 1:
                found.pop(int(x), None)
                found[int(x)] = one, view.gutter + x
        return list(found.values())


def _ink(finding: Finding) -> str:
    meaning = "faint" if finding.resolved_ns is not None else severity_ink(finding.severity)
    return str(getattr(theme.current(), meaning))
