"""Workers read lists of a manager's dict, change copies that they keep, and write them back."""

import multiprocessing
import sys


def work(number, plan):
    steps = plan["steps"]
    steps.append("more")  # of its own
    for step in steps:
        mine = plan[number]
        mine.append(step)
        plan[number] = mine
    plan.update({f"done-{number}": len(plan["steps"])})
    plan["steps"].index("cut")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        multiprocessing.set_start_method(sys.argv[1])
    with multiprocessing.Manager() as manager:
        plan = manager.dict(steps=["cut", "sew", "iron"])
        for number in range(3):
            plan[number] = []
        workers = [multiprocessing.Process(target=work, args=(n, plan)) for n in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert [len(plan[number]) for number in range(3)] == [4, 4, 4]
