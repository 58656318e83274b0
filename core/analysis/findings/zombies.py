"""A parent that goes on starting children and never waits for those that have ended.

    ended, not waited for: one, another that was started later, another ... --many, for long--> leak

A zombie by itself is nothing: whoever starts four workers, computes, and joins them at the end has
four for an hour, and all is in order. Nor do they grow with multiprocessing, which looks after all
that have ended whenever it starts another. So what counts is that some were started after others
had ended already, and that these are zombies still: whoever does that does not wait on its way. It
is a hint, since it may wait for all of them at its end; and a warning where there are many, for
long, and no end to be seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...sentences.duration import duration
from ...sentences.place import file_and_line
from ...store.process_row import ProcessRow
from ...translation import tr, trn
from ...vocabulary.events import Role
from ...vocabulary.findings import Severity
from ...vocabulary.kinds import STARTED
from ..waits.situation import who
from .cause import Cause, Words
from .closed_words import names_of
from .view import View

_LATER = 4  # zombies that were started after another had ended
_LONG_NS = 5_000_000_000  # for which that one is there
_MANY, _FOR_LONG_NS = 20, 30_000_000_000
_NAMED = 3  # of them, that belong to the finding


def zombies(view: View) -> Iterator[Cause]:
    """One for each parent."""
    for parent in view.processes if not view.over else ():
        if not parent.is_live or parent.zombies <= _LATER:
            continue
        if not parent.is_python or parent.role is Role.SUPERVISOR:
            continue
        rows = [row for each in parent.unreaped if (row := view.store.processes.get(each))]
        rows.sort(key=lambda row: (row.ended_ns or 0, row.number))
        if not rows:
            continue
        first_ns = rows[0].ended_ns or view.now_ns
        later = sum(row.started_ns > first_ns for row in rows)
        if later >= _LATER and view.now_ns - first_ns >= _LONG_NS:
            yield _found(view, parent, rows, first_ns)


def _found(view: View, parent: ProcessRow, rows: Sequence[ProcessRow], first_ns: int) -> Cause:
    """`rows`: the zombies, the oldest first."""
    count, age_ns = parent.zombies, view.now_ns - first_ns
    grave = count >= _MANY and age_ns >= _FOR_LONG_NS
    forked = [row for row in rows if row.making is not None and row.making.by == "os.fork"]
    place = _place(view, rows)

    def words() -> Words:
        story = [
            trn(
                "{count} child of {parent} has ended without being waited for, the first {time} "
                "ago: {names}.",
                "{count} children of {parent} have ended without being waited for, the first "
                "{time} ago: {names}.",
                count,
                parent=who(parent, parent.number), time=duration(age_ns / 1e9),
                names=names_of(rows),
            ),
            tr("It goes on to start others (at {place}).", place=place)
            if place
            else tr("It goes on to start others."),
            tr(
                "Each is a zombie until then, which keeps its PID and counts towards what the "
                "user, or the container, may run; when that is reached, nothing can be started."
            ),
        ]  # fmt: skip
        return Words(
            tr(
                "{parent} does not wait for its children: {count} are zombies",
                parent=parent.label, count=format(count, ","),
            ),
            " ".join(story),
            tr(
                "Keep the PIDs that `os.fork` returns, and call `os.waitpid(pid, os.WNOHANG)` on "
                "each before the next one is forked."
            )
            if forked
            else tr(
                "Call `poll` or `wait` on each `Popen` that is kept, use `with` or "
                "`subprocess.run`, or let go of the object: the next one that is started waits "
                "for those that nobody has any more. Call `join` on what is a `Process`."
            ),
        )  # fmt: skip

    return Cause(
        code="zombies",
        which=(parent.number,),
        words=words,
        since_ns=first_ns,
        processes=(parent.number, *(row.number for row in rows[:_NAMED])),
        severity=None if grave else Severity.HINT,
    )


def _place(view: View, rows: Sequence[ProcessRow]) -> str:
    """Where one of them was started, as far as that is known."""
    for row in rows:
        if row.making is not None and row.making.place:
            return file_and_line(row.making.place)
    ends = {f":{row.pid}" for row in rows}
    for each in view.objects:
        if each.type in STARTED and each.site and each.identity[each.identity.rfind(":") :] in ends:
            return file_and_line(each.site)
    return ""
