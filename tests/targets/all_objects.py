"""Uses each of multiprocessing's objects a known number of times: METHOD [LIBRARY]."""

import importlib
import sys
from concurrent.futures import ProcessPoolExecutor
from queue import Empty


def produce(jobs, tasks, simple, count):
    for number in range(count):
        jobs.put(number)
        tasks.put({"number": number})
        simple.put("x" * 10)


def square(number):
    return number * number


def fail(number):
    raise ValueError(number)


def answer(end):
    while True:
        word = end.recv()
        if word is None:
            return
        end.send(word)


def meet(barrier, lock, rlock, semaphore, bounded, total, gate, condition):
    gate.wait()
    barrier.wait()
    for _ in range(5):
        with lock:
            total.value += 1
        with rlock, rlock:
            pass
        semaphore.acquire()
        semaphore.release()
        with bounded:
            pass
    with condition:
        condition.notify_all()


def main():
    library = sys.argv[2] if len(sys.argv) > 2 else "multiprocessing"
    context = importlib.import_module(library).get_context(sys.argv[1])
    jobs = context.Queue()
    tasks = context.JoinableQueue(50)
    simple = context.SimpleQueue()
    producer = context.Process(target=produce, args=(jobs, tasks, simple, 20), name="producer")
    producer.start()
    for _ in range(20):
        jobs.get()
        tasks.get()
        tasks.task_done()
        simple.get()
    tasks.join()
    producer.join()
    try:
        jobs.get(timeout=0.01)
    except Empty:
        pass

    here, there = context.Pipe()
    echo = context.Process(target=answer, args=(there,))
    echo.start()
    for _ in range(7):
        here.send("ping")
        here.recv()
    here.send(None)
    echo.join()

    barrier, gate, lock, rlock = (
        context.Barrier(3), context.Event(), context.Lock(), context.RLock(),
    )  # fmt: skip
    semaphore, bounded = context.Semaphore(2), context.BoundedSemaphore(2)
    total, condition = context.Value("i", 0), context.Condition()
    parts = (barrier, lock, rlock, semaphore, bounded, total, gate, condition)
    workers = [context.Process(target=meet, args=parts) for _ in range(2)]
    for worker in workers:
        worker.start()
    gate.set()
    barrier.wait()
    for worker in workers:
        worker.join()
    assert total.value == 10

    with context.Pool(2) as pool:
        assert pool.map(square, range(8), chunksize=1)[-1] == 49
        try:
            pool.apply(fail, (3,))
        except ValueError:
            pass
    if library == "multiprocessing":
        with ProcessPoolExecutor(2, mp_context=context) as executor:
            assert list(executor.map(square, range(6)))[-1] == 25
    with context.Manager() as manager:
        shared = manager.dict()
        shared["a"] = 1
        assert shared["a"] == 1
    print("done", flush=True)


if __name__ == "__main__":
    main()
