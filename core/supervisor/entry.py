"""Where the supervisor's process begins.

Called in a fork of the guardian, which has loaded next to nothing.
"""

from __future__ import annotations

import gc
import socket
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.queues import SimpleQueue


def supervise(
    options: dict[str, Any],
    queue: SimpleQueue[bytes],
    command_socket: socket.socket,
) -> None:
    """Run one session. `options`: the fields of Settings."""
    command_socket.setblocking(False)
    gc.disable()  # hardly anything of what is loaded from here on is garbage: see below
    import msgspec

    from .. import translation
    from ..session.session_error import SessionError
    from .session_place import new_session_path
    from .settings import Settings
    from .supervisor import Supervisor

    translation.stay_english()
    mark = translation.mark
    settings = Settings(**options)
    if not settings.session_path:
        try:
            path = new_session_path(settings.session)
        except OSError as error:
            sentence = mark("A session cannot begin in '{path}': {error}.")
            if not error.filename:
                sentence = mark("A session cannot begin in the user's data folder: {error}.")
            _tell(queue, sentence, path=error.filename or "", error=str(error.strerror))
            return
        settings = msgspec.structs.replace(settings, session_path=path)
    try:
        supervisor = Supervisor(settings, queue, command_socket)
    except OSError as error:
        sentence = mark("A session cannot begin in '{path}': {error}.")
        _tell(queue, sentence, path=settings.session_path, error=str(error.strerror))
        return
    except SessionError as error:
        _tell(queue, "{error}", error=str(error))
        return
    # Nothing of what is loaded by now is ever garbage; not looking at it keeps forks cheap.
    gc.freeze()
    gc.enable()
    supervisor.run()


def _tell(queue: SimpleQueue[bytes], sentence: str, **values: str) -> None:
    """Say why there will be no session, in a sentence with values; the end of the queue follows."""
    import time

    import msgspec

    from ..vocabulary.events import Batch, Problem
    from .known_process import shown_text

    shown = {name: shown_text(value) for name, value in values.items()}
    problem = Problem(time.time_ns(), sentence, "", shown)
    queue.put(msgspec.msgpack.encode(Batch(1, (problem,))))
