"""The picture that is moved along with time is, pixel by pixel, the one painted from nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QApplication

from spawnscope.core.analysis.timeline.rows import MessageChunk, OperationChunk
from spawnscope.core.analysis.timeline.timeline import Timeline
from spawnscope.core.store.object_row import ObjectRow
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.vocabulary.events import ObjectCreated, ProcessStarted, Role
from spawnscope.gui.kit.object_look import MEANINGS, family_of
from spawnscope.gui.kit.style import theme
from spawnscope.gui.panels.timeline.lane_picture import LanePicture
from spawnscope.gui.panels.timeline.lanes import LaneList
from spawnscope.gui.panels.timeline.names import Name, NameWriter
from spawnscope.gui.panels.timeline.ruler import ruler
from spawnscope.gui.panels.timeline.scale import TimeScale

BEGAN = 1_700_000_000_123_456_789
SECOND = 1_000_000_000
TEXTS = ("", "get", "put", "acquire", "task", "MainThread", "develop")
GET, PUT, ACQUIRE, TASK, MAIN, DEVELOP = range(1, 7)
PEOPLE = range(2, 7)


class NoRows:
    """Stands in for the session's file."""

    def close(self) -> None:
        pass


class World:
    """A session that goes on, and how somebody looks at it."""

    def __init__(self, ratio: float, seed: int) -> None:
        self.dice = random.Random(seed)
        self.timeline = Timeline(NoRows(), len(MEANINGS), family_of)  # type: ignore[arg-type]
        for number, text in enumerate(TEXTS):
            self.timeline.learn(number, text)
        for number, kind in enumerate(("Queue", "Lock", "Pool"), 1):
            event = ObjectCreated(number, 2, BEGAN, kind, f"object_{number}", "", None)
            self.timeline.objects[number] = ObjectRow.from_event(event)
        self.people = ProcessTable()
        for number in PEOPLE:
            self.people.apply(
                ProcessStarted(
                    number, 1000 + number, 1, BEGAN, None, 1, None, f"worker {number}",
                    Role.WORKER, None, (),
                )
            )  # fmt: skip
        self.free = dict.fromkeys(PEOPLE, BEGAN)  # when each has time for something new
        self.now = BEGAN + 20 * SECOND
        self.ids = self.messages = 0
        self.lanes = LaneList()
        self.scale = TimeScale()
        self.scale.ratio = ratio
        self.height, self.offset = 150, 0
        self.selected: frozenset[int] = frozenset()
        self.object = 0
        self.scale.set_width(401)
        self.scale.ns_per_pixel = 30 * SECOND / 401
        self.scale.follow()
        self.go_on()

    def go_on(self) -> None:
        """Some time passes: operations end, lines are written."""
        dice = self.dice
        self.now += int(dice.uniform(0.01, 2.5) * SECOND)
        rows = []
        for who in dice.sample(PEOPLE, dice.randint(0, 3)):
            start = self.free[who] - dice.choice((0, 0, 0, SECOND // 3))  # now and then one is late
            while start < self.now:
                span = min(int(10 ** dice.uniform(5.0, 9.7)), self.now - start)
                task = who % 2 and not dice.randrange(3)
                kind = TASK if task else dice.choice((GET, PUT, ACQUIRE))
                number, text = (3, DEVELOP) if task else (dice.choice((0, 1, 2)), 0)
                rows.append(
                    (start, start + span, int(span * dice.random()), who, kind, number, text)
                )
                start += span + int(10 ** dice.uniform(4, 9))
                if dice.random() < 0.05 and span > 1000:  # many short ones: they become blocks
                    rows += [
                        (start + 1000 * n, start + 1000 * n + 700, 300, who, GET, 1, 0)
                        for n in range(dice.randint(10, 400))
                    ]
                    start += 400_000
            self.free[who] = self.now
        if rows:
            columns = np.array(sorted(rows), np.int64).T
            start_ns, end, waited, process, operation, number, text = columns
            ids = np.arange(self.ids + 1, self.ids + 1 + len(rows))
            self.ids += len(rows)
            main = np.full(len(rows), MAIN)
            self.timeline.add(
                OperationChunk(ids, start_ns, end, waited, process, operation, main, number, text)
            )
        if dice.random() < 0.5:
            self.messages += 1
            who = np.array([dice.choice(PEOPLE)])
            at = np.array([self.now - dice.randrange(SECOND)])
            bad = np.array([dice.random() < 0.5])
            number = np.array([self.messages])
            self.timeline.add_messages(MessageChunk(number, who, bad, at, self.messages))

    def act(self) -> None:
        """Somebody does something."""
        dice, scale = self.dice, self.scale
        what = dice.randrange(14)
        if what == 0:
            seconds = 10 ** dice.uniform(-0.5, 2)
            scale.zoom(scale.span_ns / SECOND / seconds, dice.uniform(0, scale.width))
        elif what == 1:
            scale.pan(dice.choice((-30, 7, 12.5, 120)))
        elif what == 2:
            self.offset = dice.randrange(40)
        elif what == 3:
            scale.set_width(dice.choice((380, 401, 420)))
        elif what == 4:
            self.selected = frozenset(dice.sample(PEOPLE, 1))
        elif what == 5:
            self.object = dice.randrange(3)
        elif what == 6:
            self.height = dice.choice((90, 150, 260))
        elif what == 7:
            dark = theme.current() is theme.DARK
            QGuiApplication.setPalette(theme.palette(theme.LIGHT if dark else theme.DARK))
        elif what < 10:
            scale.pan(-round(scale.width * dice.random()))  # by whole pixels, as a mouse does
        else:
            scale.follow()

    def show(self, picture: LanePicture) -> tuple[Any, list[list[Name]]]:
        """The picture as it stands, and the names that are not in it."""
        scale = self.scale
        self.lanes.rebuild(self.people, self.timeline)
        scale.set_bounds(BEGAN, self.now)
        lanes = self.lanes.between(self.offset, self.offset + self.height)
        size = QSize(scale.width, self.height) * scale.ratio
        picture.update(
            scale, size, self.timeline, ruler(scale, False), QFont(), lanes, self.offset,
            self.selected, self.object,
        )  # fmt: skip
        image = picture.pixmap.toImage()
        image.setDevicePixelRatio(1)
        return image, [picture.cut_off(lane) for lane in lanes]


def new_picture(world: World) -> LanePicture:
    return LanePicture(NameWriter(), lambda number: world.timeline.objects[number].phrase)


@pytest.fixture
def palette(qapp: QApplication) -> Iterator[None]:
    """Whatever a test does to the theme is undone."""
    before = qapp.palette()
    yield
    qapp.setPalette(before)


@pytest.mark.usefixtures("palette")
@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_what_is_moved_and_added_to_is_what_is_painted_from_nothing(
    ratio: float,
) -> None:
    world = World(ratio, seed=int(ratio * 10))
    picture = new_picture(world)
    moved = 0
    for step in range(150):
        if step % 4 == 0:
            world.act()
        elif step % 4 == 2:
            world.scale.follow()
        world.go_on()
        before = picture._left_ns
        found, names = world.show(picture)
        moved += 0 < world.scale.left_ns - before < world.scale.span_ns
        expected, expected_names = world.show(new_picture(world))
        assert names == expected_names, step
        if found != expected:
            pytest.fail(f"step {step}: {differences(found, expected)}")
    assert moved > 30


def differences(one: Any, other: Any) -> str:
    """Where two pictures are not the same."""
    spots = [
        (x, y)
        for y in range(one.height())
        for x in range(one.width())
        if one.pixel(x, y) != other.pixel(x, y)
    ]
    return f"{len(spots)} of {one.width()} x {one.height()} pixels, {spots[:3]} to {spots[-3:]}"
