"""Mutated session files, as many as you like: none may hang what reads it, or show a traceback.

    python tests/fuzz_session.py --count 2500 --seed 1

Each file has a seed of its own; `--count 1 --seed N` does one of them again. The status is 1 where
there was a fault. A short form of this is in `make test`.
"""

from __future__ import annotations

import argparse
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[0] = str(HERE / "support")


class Hang(BaseException):
    """Reading took too long."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=2500, help="how many files")
    parser.add_argument("--seed", type=int, default=1, help="of the first one")
    parser.add_argument(
        "--seconds",
        type=float,
        default=10,
        help="of CPU that each may take; of waiting, six times that",
    )
    options = parser.parse_args()
    from session_everything import make_session, read_all
    from session_mutations import mutated

    def give_up(number: int, frame: object) -> None:
        raise Hang

    for number in (signal.SIGALRM, signal.SIGPROF):
        signal.signal(number, give_up)
    kinds, outcomes, faults = Counter[str](), Counter[str](), 0
    slowest = (0.0, 0)
    with tempfile.TemporaryDirectory() as folder:
        whole, path = Path(folder, "whole"), Path(folder, "mutated")
        make_session(str(whole))
        if read_all(str(whole), deep=True):  # and everything is imported
            raise AssertionError("the whole session cannot be read")
        for seed in range(options.seed, options.seed + options.count):
            kind = mutated(whole, seed, path)
            kinds[kind] += 1
            begin = time.perf_counter()
            signal.setitimer(signal.ITIMER_PROF, options.seconds)
            signal.setitimer(signal.ITIMER_REAL, options.seconds * 6)
            try:
                said = read_all(str(path), deep=True)
                outcomes["a sentence" if said else "read"] += 1
                if "\n" in said:
                    raise AssertionError(f"not one sentence: {said!r}")
            except Hang:
                faults += 1
                outcomes["a hang"] += 1
                print(f"seed {seed} ({kind}) hangs", flush=True)
            except Exception:  # noqa: BLE001 - whatever it is, it is what we look for
                faults += 1
                outcomes["a traceback"] += 1
                print(f"seed {seed} ({kind}):\n{traceback.format_exc()}", flush=True)
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
                signal.setitimer(signal.ITIMER_REAL, 0)
            slowest = max(slowest, (time.perf_counter() - begin, seed))
    print(f"{options.count} files: {_listed(outcomes)}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"slowest: {slowest[0]:.2f} s, seed {slowest[1]}; most memory: {memory:.0f} MiB")
    print(f"kinds: {_listed(kinds)}")
    return 1 if faults else 0


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))


if __name__ == "__main__":
    sys.exit(main())
