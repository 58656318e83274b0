"""What is where within a lane, in px at 100 %.

|####| map_one |######|              the task of a pool, with the function's name
   ___|||||___get jobs|_|||          waiting stands on the base line, as high as its share
----------------------------x        the base line: alive; a mark where it ended, by outcome
  ' '    '  ''     '                 messages; stderr in red
"""

from __future__ import annotations

from PySide6.QtCore import QRectF

from .lanes import TASKS, Lane

BAR = 15  # the height of the operations
TASK = 16
FOOT = 8  # from the base line to the bottom of the lane


def base_of(lane: Lane) -> int:
    """The height of the base line within its lane."""
    return lane.height - FOOT


def bar_rect(lane: Lane, top: float) -> QRectF:
    """Where the operations of a lane are, if its top is at `top`; without extent to the sides."""
    return QRectF(0, top + base_of(lane) - BAR, 0, BAR)


def task_rect(lane: Lane, top: float) -> QRectF:
    """The same for its tasks."""
    return QRectF(0, top + base_of(lane) - BAR - TASKS, 0, TASK)
