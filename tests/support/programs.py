"""Programs with a known fault, and healthy ones that are hard to tell from them.

    tests/targets/sick/<code>/*.py, tests/targets/healthy/*.py --a few at a time--> one session
                                          '--> findings of each --compare--> what is not as it says

The docstring of each says what is to be found: `finds:` the code and others that may come with it,
`says:` texts that its title or explanation holds, `methods:` the start methods under which it can
happen, `ends: yes` where it comes to an end by itself, `options: check-forkserver` where it is
watched with this option.

Run as a program, it tries them on another Python or with another start method:
python tests/support/programs.py --python 3.9 --method spawn [part of a name ...]
With `--strict` a healthy one may have no hint where its time goes either, which is so on a machine
that does little else: where processes wait for a processor, they wait for one another, too.
"""

from __future__ import annotations

import argparse
import ast
import select
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from interpreters import interpreters
from live import TARGETS, Live

from spawnscope.core.analysis.findings.afterwards import find_afterwards
from spawnscope.core.record_findings import RecordFindings
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.events import HELPERS
from spawnscope.core.vocabulary.findings import Finding, Severity
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind

AT_ONCE = 20
SETTLED_SECONDS = 1.5  # for which what was found is to stay as it is
LONGEST_SECONDS = 40.0
_TIME = ("straggler", "serial-bottleneck", "oversubscribed", "pickling-dominates")
_METHODS = "fork spawn forkserver"


class Program(NamedTuple):
    """See the module. `finds`: empty for a healthy one."""

    path: Path
    finds: tuple[str, ...]
    says: tuple[str, ...]
    methods: tuple[str, ...]
    ends: bool
    options: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its folder and name: "deadlock/two_locks"."""
        return f"{self.path.parent.name}/{self.path.stem}"


def programs(*parts: str) -> list[Program]:
    """Those whose name holds one of `parts`; all without any."""
    paths = sorted((*TARGETS.glob("sick/*/*.py"), *TARGETS.glob("healthy/*.py")))
    found = map(_described, paths)
    return [each for each in found if not parts or any(part in each.name for part in parts)]


def _described(path: Path) -> Program:
    text = ast.get_docstring(ast.parse(path.read_text())) or ""
    fields = dict(line.partition(":")[::2] for line in text.splitlines()[1:] if ":" in line)
    said = fields.get("says", "")
    finds = tuple(fields.get("finds", "").split())
    return Program(
        path,
        finds,
        tuple(part.strip() for part in said.split("|") if part.strip()),
        tuple(fields.get("methods", _METHODS).split()),
        not finds or fields.get("ends", "").strip() == "yes",
        tuple(fields.get("options", "").split()),
    )


class _Run:
    """One program that runs. `settled`: since when nothing about it has changed."""

    def __init__(self, program: Program, process: int) -> None:
        self.program = program
        self.process = process
        self.began = self.settled = time.monotonic()
        self.found: list[Finding] = []
        self.stopped = self.over = False


class Trial(Live):
    """Tries programs in one session. `faults`: what was not as it should be, in sentences."""

    def __init__(self, path: Path, method: str, interpreter: str, strict: bool = False) -> None:
        super().__init__(path)
        self._silly = _TIME if strict else ()
        self._method = method
        self._interpreter = interpreter
        self._findings = RecordFindings(self.client)
        self.faults: list[str] = []
        self._ended: list[tuple[_Run, int | None]] = []  # what only the session's end may show
        self.seconds: dict[str, float] = {}

    def __exit__(self, *exception: object) -> None:
        self._findings.close()
        super().__exit__(*exception)
        store = self._findings.store
        for row in store.objects if store is not None else ():  # some leave it on purpose
            kind, _, name = row.identity.rpartition(":")
            if row.type == "SharedMemory" and kind:
                Path("/dev/shm", name.lstrip("/")).unlink(missing_ok=True)

    def run(self, all_of: list[Program], at_once: int = AT_ONCE) -> None:
        """Run them all, so many at a time."""
        ahead = [each for each in all_of if self._method in each.methods][::-1]
        running: list[_Run] = []
        while ahead or running:
            while ahead and len(running) < at_once:
                program = ahead.pop()
                spec = LaunchSpec(
                    kind=TargetKind.SCRIPT,
                    target=str(program.path),
                    arguments=(self._method,),
                    interpreter=self._interpreter,
                    grace_seconds=0.5,
                    check_forkserver="check-forkserver" in program.options,
                )
                running.append(_Run(program, self.launch(spec)[0]))
            self._take()
            running = [each for each in running if not self._is_done(each)]
        if self._ended:
            self._judge_ended()

    def _judge_ended(self) -> None:
        """What was wrong with those that came to an end by themselves, as the summary would say."""
        self.client.quit()
        self.until(lambda: self.client.lost, 30, "the end of the session")
        store = SessionStore()
        store.load(self.path)
        findings = find_afterwards(store, self._on_fault)
        for run, worker in self._ended:
            run.found = [each for each in findings if _is_of(each, worker, store)]
            self.faults += self._faults(run)
        store.close()

    def _on_fault(self, sentence: str, trace: str) -> None:
        self.faults.append(f"{sentence}\n{trace}")

    def _take(self) -> None:
        due = self._findings.due_in
        select.select([self.client], [], [], 0.05 if due is None else min(due, 0.05))
        before = len(self.events)
        self.events += self.client.receive()
        self._findings.take(self.events[before:])
        self._findings.look()

    def launch(self, spec: LaunchSpec) -> list[int]:
        before = len(self.events)
        launched = super().launch(spec)
        self._findings.take(self.events[before:])
        return launched

    def _is_done(self, run: _Run) -> bool:
        store = self._findings.store
        if store is None:
            return False
        row = store.processes.get(run.process)
        if row is not None and row.is_live and run.stopped:
            return False
        now = time.monotonic()
        worker = None if row is None else row.worker
        found = [each for each in store.findings if _is_of(each, worker, store)]
        if found != run.found and not run.stopped:
            run.found, run.settled = found, now
        over = row is not None and not any(
            each.is_live and each.worker == worker and each.role not in HELPERS
            for each in store.processes
        )
        if over and not run.over:  # what its end shows is found from now on
            run.over, run.settled = True, now
        calm = now - run.settled >= SETTLED_SECONDS
        bad = self._faults(run)
        if not over and now - run.began > LONGEST_SECONDS and run.program.ends:
            bad.append(f"{run.program.name} did not come to its end")
        if over or (calm and not bad and not run.program.ends) or now - run.began > LONGEST_SECONDS:
            if over and not calm and not run.stopped:
                return False  # what its end shows
            if over and bad and not run.stopped:
                self._ended.append((run, worker))
            elif not run.stopped:
                self.faults += bad
                if not bad and run.found:
                    first = run.found[0]
                    self.seconds[run.program.name] = (first.time_ns - first.since_ns) / 1e9
            if not over and not run.stopped:
                self.client.stop(run.process, tree=True, grace=0.3)
                run.stopped = True
                return False
            return True
        return False

    def _faults(self, run: _Run) -> list[str]:
        name, program = run.program.name, run.program
        silly = () if program.finds else self._silly
        grave = [
            each for each in run.found if each.severity is not Severity.HINT or each.code in silly
        ]
        wrong = [each for each in grave if each.code not in program.finds]
        faults = [f"{name}: {each.code} found: {each.title}: {each.explanation}" for each in wrong]
        if not program.finds:
            return faults
        mine = [each for each in run.found if each.code == program.finds[0]]
        if len(mine) != 1:
            told = ", ".join(each.code for each in run.found) or "nothing"
            return [*faults, f"{name}: {program.finds[0]} found {len(mine)} times; {told}"]
        text = f"{mine[0].title} {mine[0].explanation} {mine[0].advice}"
        return faults + [
            f"{name}: '{word}' not in: {text}" for word in program.says if word not in text
        ]


def _is_of(finding: Finding, worker: int | None, store: SessionStore) -> bool:
    return any(store.processes[number].worker == worker for number in finding.processes)


def main() -> int:
    """Try programs as the command line says; the exit status."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", default="")
    parser.add_argument("--method", default="fork")
    parser.add_argument("--at-once", type=int, default=AT_ONCE)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("parts", nargs="*")
    options = parser.parse_args()
    python = interpreters()[options.python] if options.python else sys.executable
    all_of = programs(*options.parts)
    with (
        tempfile.TemporaryDirectory() as folder,
        Trial(Path(folder) / "s.spawnscope", options.method, python, options.strict) as trial,
    ):
        trial.run(all_of, options.at_once)
    for fault in trial.faults:
        print(fault)
    if options.verbose:
        for name, seconds in trial.seconds.items():
            print(f"{name}: {seconds:.2f} s")
    print(f"{len(all_of)} programs, {len(trial.faults)} faults")
    return bool(trial.faults)


if __name__ == "__main__":
    sys.exit(main())
