"""A small AT-SPI client, as a screen reader is one: what it cannot find, nobody can hear.

session bus --org.a11y.Bus--> address of the accessibility bus --> the tree of each program
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, HeaderFields, MessageType, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

_ACCESSIBLE = "org.a11y.atspi.Accessible"
_LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")


@contextlib.contextmanager
def accessibility_bus(environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """A session bus with AT-SPI on it; yields the environment for programs that shall be heard."""
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1"],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert daemon.stdout is not None
    address = daemon.stdout.readline().strip()
    launcher = next(path for path in _LAUNCHERS if Path(path).exists())
    heard = {
        **environment,
        "DBUS_SESSION_BUS_ADDRESS": address,
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
    }
    bus = subprocess.Popen([launcher, "--launch-immediately"], env=heard, stderr=subprocess.DEVNULL)
    try:
        yield heard
    finally:
        for process in (bus, daemon):
            process.terminate()
            process.wait()
        daemon.stdout.close()


@dataclass(frozen=True)
class Accessible:
    """One object: a bus name and a path. Each property is asked for anew."""

    reader: Reader
    bus: str
    path: str

    @property
    def name(self) -> str:
        """The accessible name."""
        return str(self.reader.get(self, _ACCESSIBLE, "Name"))

    @property
    def role(self) -> str:
        """The role in words, such as "push button"."""
        return str(self.reader.call(self, _ACCESSIBLE, "GetRoleName")[0])

    @property
    def children(self) -> list[Accessible]:
        """What it holds."""
        found = self.reader.call(self, _ACCESSIBLE, "GetChildren")[0]
        return [Accessible(self.reader, bus, path) for bus, path in found]

    def child(self, index: int) -> Accessible:
        """One of what it holds."""
        bus, path = self.reader.call(self, _ACCESSIBLE, "GetChildAtIndex", "i", (index,))[0]
        return Accessible(self.reader, bus, path)

    @property
    def extents(self) -> tuple[int, int, int, int]:
        """x, y, width, height on the screen."""
        x, y, width, height = self.reader.call(
            self, "org.a11y.atspi.Component", "GetExtents", "u", (0,)
        )[0]
        return x, y, width, height

    @property
    def centre(self) -> tuple[int, int]:
        """Where a person would click."""
        x, y, width, height = self.extents
        return x + width // 2, y + height // 2

    def press(self) -> None:
        """Do its first action."""
        self.reader.call(self, "org.a11y.atspi.Action", "DoAction", "i", (0,))

    def select_child(self, index: int) -> None:
        """Select one of its children."""
        self.reader.call(self, "org.a11y.atspi.Selection", "SelectChild", "i", (index,))

    def walk(self, deepest: int = 40) -> Iterator[Accessible]:
        """It and everything below it."""
        yield self
        if deepest:
            try:
                children = self.children
            except LookupError:  # it went away while we looked
                return
            for child in children:
                yield from child.walk(deepest - 1)

    def find(self, name: str, role: str = "") -> Accessible | None:
        """The first below it whose name starts with `name`."""
        for found in self.walk():
            with contextlib.suppress(LookupError):
                if found.name.startswith(name) and role in found.role:
                    return found
        return None


class Reader:
    """A connection to the accessibility bus of one environment."""

    def __init__(self, environment: dict[str, str]) -> None:
        session = _connect(environment["DBUS_SESSION_BUS_ADDRESS"])
        try:
            bus = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
            address = _ask(session, new_method_call(bus, "GetAddress"))[0]
        finally:
            session.close()
        self._bus = _connect(address)

    def close(self) -> None:
        """Leave the bus."""
        self._bus.close()

    def application(self, name: str) -> Accessible | None:
        """The program of this name, once it is on the bus."""
        root = Accessible(self, "org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
        for child in root.children:
            with contextlib.suppress(LookupError):
                if child.name.lower() == name.lower():
                    return child
        return None

    def call(
        self,
        target: Accessible,
        interface: str,
        method: str,
        signature: str | None = None,
        body: tuple[Any, ...] = (),
    ) -> Any:
        """Call a method; LookupError when the object is gone or cannot do that."""
        address = DBusAddress(target.path, target.bus, interface)
        return _ask(self._bus, new_method_call(address, method, signature, body))

    def get(self, target: Accessible, interface: str, name: str) -> Any:
        """A property."""
        address = DBusAddress(target.path, target.bus, "org.freedesktop.DBus.Properties")
        answer = _ask(self._bus, new_method_call(address, "Get", "ss", (interface, name)))
        return answer[0][1]


def _ask(connection: DBusConnection, message: Any) -> Any:
    answer = connection.send_and_get_reply(message, timeout=10)
    if answer.header.message_type is MessageType.error:
        raise LookupError(answer.header.fields.get(HeaderFields.error_name), answer.body)
    return answer.body


def _connect(address: str) -> DBusConnection:
    before = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = address.split(";")[0]
    try:
        return open_dbus_connection("SESSION")
    finally:
        if before is None:
            del os.environ["DBUS_SESSION_BUS_ADDRESS"]
        else:
            os.environ["DBUS_SESSION_BUS_ADDRESS"] = before
