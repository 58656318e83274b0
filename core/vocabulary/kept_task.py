"""A task of a pool or an executor that failed, kept so that it can be run alone."""

from __future__ import annotations

from typing import Annotated

import msgspec


class CallContext(msgspec.Struct, frozen=True, gc=False):
    """What it takes to make a call again, besides the pickled task; see the probe's `kept_layout`.
    Told by the process that had the task: nothing in it can be relied upon."""

    python: str = ""
    option: tuple[str, ...] = ()
    folder: str = ""
    main: str = ""
    module: str = ""
    method: str = ""
    daemon: str = ""
    name: str = ""
    argument: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    initializer: str = ""
    given: str = ""
    unkept: str = ""


_Count = Annotated[int, msgspec.Meta(ge=0, le=2**62)]


class KeptTask(msgspec.Struct, frozen=True, tag="kept_task", gc=False):
    """A task that `process` had when it ended, or that raised `error` there ("" for one that ended
    its process). `task` counts those of a session from 1 on; `object`: the pool; `number`: of the
    task in that, 0 for one that was not rebuilt yet; `size`: of its pickle in bytes, which lies in
    the session file, unless it was too large (`kept`)."""

    task: int
    process: int
    time_ns: int
    object: int | None
    number: int
    function: str
    error: str
    size: _Count
    kept: bool
    context: CallContext
