"""The Wiring panel with 200 processes and 100 objects: laid out, updated, painted.

    python benchmarks/wiring.py [--rounds N] [--picture FILE]

A session file is written with counters of 577 uses; for each update all of them differ, and each
tenth edge takes another look. What an
update costs is everything from reading that file to the last changed item. Painting is compared
with the same number of plain rectangles and lines of Qt. Goals: laid out in 200 ms, updated in
8 ms. A display is needed.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from checkout import spawnscope_importable

PROCESSES, OBJECTS, STAGES = 200, 100, 10
LAYOUT_MS, UPDATE_MS = 200, 8
SECOND = 1_000_000_000
BEGAN = 1_700_000_000 * SECOND


class Session:
    """A session file and the store that goes with it; `go_on` lets everything happen once more."""

    def __init__(self, path: Path) -> None:
        from spawnscope.core.session.writer import SessionWriter
        from spawnscope.core.store.session_store import SessionStore
        from spawnscope.core.vocabulary.events import ObjectCreated, ProcessStarted, Role

        self.now = BEGAN
        self.path = str(path)
        self.store = SessionStore()
        self.store.now_ns = lambda: self.now  # type: ignore[method-assign]
        self.writer = SessionWriter(path, about={})
        dice = random.Random(1)
        for number in range(1, PROCESSES + 1):
            # Names that fold would make it easy.
            name = "".join(dice.choice("bcdfgklmnprst" if i % 2 else "aeiou") for i in range(7))
            event = ProcessStarted(
                number, 1000 + number, number, BEGAN, 1 if number > 1 else None, 1, None,
                name, Role.CHILD, None, (),
            )  # fmt: skip
            self.store.apply([event])
            self.writer.process_started(event)
        for number in range(1, OBJECTS + 1):
            kind = "Lock" if number % 10 == 0 else "Queue"
            made = ObjectCreated(number, 1, BEGAN, kind, f"{kind.lower()}_{number}", "", 50)
            self.store.apply([made])
            self.writer.shared.created(made)
        self.uses: list[tuple[int, int, str]] = []
        width = OBJECTS // STAGES
        for number in range(2, PROCESSES + 1):
            stage = number % STAGES
            for step, operation in ((stage - 1, "get"), (stage, "put")):
                if step >= 0:
                    queue = step * width + dice.randrange(1, width)
                    self.uses.append((queue, number, operation))
            self.uses.append((dice.randrange(1, OBJECTS // 10 + 1) * 10, number, "acquire"))
        self.step = 0
        self.totals = {(number, process): 0 for number, process, _ in self.uses}
        self.go_on()

    def go_on(self) -> None:
        """Half a second passes, in which all objects are used."""
        from spawnscope.core.vocabulary.events import Event, ObjectState, OperationCount

        self.now += SECOND // 2
        self.step += 1
        for key, process in self.totals:
            burst = 40 if (process + self.step) % 10 == 0 else 4
            self.totals[key, process] += burst * (process % 37)
        self.writer.shared.counters(
            (number, process, OperationCount(
                operation, self.totals[number, process], self.step,
                self.step * process * 1_000_000, 0, 0, 0,
            ))
            for number, process, operation in self.uses
        )  # fmt: skip
        self.writer.flush()
        states: list[Event] = []
        for number in range(1, OBJECTS + 1):
            counts = (OperationCount("put", self.step * number, 0, 0, 0, 0, 0),)
            depth = None if number % 10 == 0 else (self.step * number) % 50
            states.append(ObjectState(number, self.now, counts, depth, (), ()))
        self.store.apply(states)


def main() -> None:
    """Measure all of it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--picture", help="save what is shown, too")
    options = parser.parse_args()
    spawnscope_importable()
    os.environ.setdefault("QT_QPA_PLATFORM", "xcb" if os.environ.get("DISPLAY") else "offscreen")
    from PySide6.QtWidgets import QApplication

    application = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        session = Session(Path(folder) / "wiring.spawnscope")
        measure(session, options.rounds, options.picture)
        session.writer.close()
    application.quit()


def measure(session: Session, rounds: int, picture: str | None) -> None:
    """Lay out, update, paint."""
    from PySide6.QtWidgets import QApplication

    from spawnscope.gui.kit.selection import Selection
    from spawnscope.gui.panels.wiring.panel import WiringPanel

    panel = WiringPanel(session.store, Selection())
    session.store.open(session.path)
    panel.resize(1440, 900)
    panel.show()
    panel._beat.stop()
    panel._patience = 0
    parts: dict[str, list[float]] = {"read": [], "scene": []}
    panel.look()
    for _ in range(8):  # until rates are known
        session.go_on()
        panel.look()
    layout = [timed(lambda: panel.layout_.lay_out(panel.model.graph)) for _ in range(5)]
    panel.scene.move(panel.layout_.places)
    panel.canvas.fit()
    QApplication.processEvents()
    updates = []
    for _ in range(rounds):
        session.go_on()
        parts["read"].append(timed(panel.model.update))
        parts["scene"].append(timed(panel._show_graph))
        updates.append(parts["read"][-1] + parts["scene"][-1])
        QApplication.processEvents()
    painted = [timed(lambda: panel.canvas.viewport().grab()) for _ in range(rounds)]
    bare = bare_painting(len(panel.scene.nodes), len(panel.scene.edges), rounds, panel)
    hidden = hidden_cost(panel, session)
    middle = statistics.median
    print(f"{len(panel.scene.nodes)} nodes, {len(panel.scene.edges)} edges")
    print(f"laid out:  {middle(layout):6.1f} ms (worst {max(layout):.1f}); goal {LAYOUT_MS}")
    print(
        f"updated:   {middle(updates):6.1f} ms (worst {max(updates):.1f}): read and put together "
        f"{middle(parts['read']):.1f}, shown {middle(parts['scene']):.1f}; goal {UPDATE_MS}"
    )
    print(
        f"painted:   {middle(painted):6.1f} ms, {middle(painted) / middle(bare):.2f} x plain items "
        f"of Qt ({middle(bare):.1f} ms)"
    )
    print(f"hidden:    {hidden * 1000:6.1f} us for 1,000 news")
    if picture:
        panel.save_picture(picture)
    panel.close()
    panel.close_session()
    session.store.close()


def bare_painting(nodes: int, edges: int, rounds: int, panel: Any) -> list[float]:
    """The same number of rectangles and lines, at the same places, by Qt alone."""
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QGraphicsScene, QGraphicsView

    scene = QGraphicsScene()
    for item in panel.scene.nodes.values():
        scene.addRect(item.box)
    for one, other, _ in panel.scene.edges:
        start, end = panel.scene.nodes[one].box.center(), panel.scene.nodes[other].box.center()
        scene.addLine(start.x(), start.y(), end.x(), end.y())
    view = QGraphicsView(scene)
    view.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    view.resize(panel.canvas.size())
    view.show()
    view.setTransform(panel.canvas.transform())
    times = [timed(lambda: view.viewport().grab()) for _ in range(rounds)]
    view.close()
    return times


def hidden_cost(panel: Any, session: Session) -> float:
    """ms that 1,000 news cost a panel that nobody sees."""
    from spawnscope.core.store.change import StoreChange

    panel.hide()

    def news() -> None:
        for _ in range(1000):
            panel.note(StoreChange())

    return timed(news)


def timed(work: Callable[[], Any]) -> float:
    """ms that it takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
