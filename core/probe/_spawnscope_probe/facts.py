"""What a process says of itself, besides what it does to shared objects."""

from .layout import FACT, SEPARATOR


def interpreters(module, recorder):
    """`module`: concurrent.interpreters, just imported. What other interpreters do is not seen."""
    tell(recorder, "interpreters")


def tell(recorder, name, *fields):
    """A fact of this process: see `layout.FACTS`. A later one of this name takes its place."""
    recorder.say(FACT, name, *[field.replace(SEPARATOR, "?") for field in fields])
