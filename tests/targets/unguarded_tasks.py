"""Tasks that raise, of a script that begins anew wherever it is imported: forks need not mind."""

import multiprocessing

try:
    import json
except ImportError:
    json = None

LIMIT: int = 3
LIMITS = [LIMIT]
CONTEXT = multiprocessing.get_context("fork")
print("begun", flush=True)


def work(number):
    if number > min(LIMITS):
        raise ValueError(json.dumps([number, LIMIT]))


class Job:
    def run(self):
        raise KeyError(LIMIT)


with CONTEXT.Pool(1) as pool:
    for function, arguments in ((work, (4,)), (Job().run, ())):
        try:
            pool.apply(function, arguments)
        except (ValueError, KeyError):
            pass
