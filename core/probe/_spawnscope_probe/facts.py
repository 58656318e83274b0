"""What a process says of itself, besides what it does to shared objects."""

from .layout import FACT, SEPARATOR


def tell(recorder, name, *fields):
    """A fact of this process: see `layout.FACTS`. A later one of this name takes its place."""
    recorder.say(FACT, name, *[field.replace(SEPARATOR, "?") for field in fields])
