"""How many recorders a process has begun, one after another, and what of them was lost."""


class BegunRecorders:
    """The recorders of a process: how many it began, and what of the earlier ones was lost, and
    only counted."""

    __slots__ = ("files", "lost", "only_counted")

    def __init__(self) -> None:
        self.files = self.lost = self.only_counted = 0
