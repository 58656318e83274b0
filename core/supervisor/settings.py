"""What the supervisor is told when it starts."""

from __future__ import annotations

import msgspec

CLOSED = -2  # stdin, as `<&-` leaves it


class Settings(msgspec.Struct, frozen=True):
    """`session`: the session's short id. `run_folder`: where its recorders are to lie. `stdin`:
    the descriptor that programs read from, -1 for nothing, or CLOSED. `passthrough`: pairs of
    (stream, descriptor) to hand output on to. `group`: what a worker leads of its own, "session" or
    "group", or the number of the process group that it joins. `detach`: leave the terminal's
    session. `about`: what the session file says of itself. `probe`: whether Python processes carry
    a recorder; `previews`: whether those show items; `tracer`: whom they let look into them, see
    `observe.tracer`.
    """

    session: str
    session_path: str
    about: dict[str, str]
    run_folder: str
    stdin: int = -1
    passthrough: tuple[tuple[int, int], ...] = ()
    group: str = "session"
    detach: bool = True
    probe: bool = True
    previews: bool = True
    tracer: str = ""

    @property
    def probe_options(self) -> str:
        """What `_spawnscope_probe.start` reads."""
        options = [] if self.previews else ["preview=no"]
        return ",".join([*options, f"tracer={self.tracer}"] if self.tracer else options)
