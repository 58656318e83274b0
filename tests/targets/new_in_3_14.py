"""What multiprocessing has since Python 3.14, by the start method named first."""

import concurrent.futures
import multiprocessing
import signal
import sys
import time


def nap(ready):
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    ready.release()
    time.sleep(600)


def keep(ready):
    global begun
    begun = ready


def nap_in_pool(_):
    begun.release()
    time.sleep(600)


def main():
    context = multiprocessing.get_context(sys.argv[1])
    ready = context.Semaphore(0)
    interrupted = context.Process(target=nap, args=(ready,), kwargs=None, name="interrupted")
    interrupted.start()
    ready.acquire()
    interrupted.interrupt()
    interrupted.join()
    print(interrupted.exitcode)
    for end in ("terminate_workers", "kill_workers"):
        executor = concurrent.futures.ProcessPoolExecutor(1, context, keep, (ready,))
        future = executor.submit(nap_in_pool, 0)
        ready.acquire()
        getattr(executor, end)()
        print(type(future.exception()).__name__)
    with context.Manager() as manager:
        bag = manager.set([1, 2])
        held = manager.Lock()
        bag.add(3)
        bag |= {4}
        with held:
            print(sorted(bag.copy()), held.locked())
    lock = context.Lock()
    with lock:
        print(lock.locked())
    print(lock.locked())


if __name__ == "__main__":
    main()
