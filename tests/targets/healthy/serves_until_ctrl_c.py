"""All work is done and everybody rests: workers until they are told, main until somebody presses
Ctrl-C, which it is there to take."""

import contextlib
import multiprocessing as mp
import os
import signal
import subprocess
import sys


def thumbnails(jobs, made):
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # main tells us
    while (photo := jobs.get()) is not None:
        made.put(photo.replace(".raw", ".jpg"))


def prints(orders):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(EOFError):
        while True:
            print("printed", orders.recv())


def main():
    jobs, made = mp.Queue(), mp.Queue()
    orders, shop = mp.Pipe(duplex=False)
    workers = [mp.Process(target=thumbnails, args=(jobs, made)) for _ in range(2)]
    printer = mp.Process(target=prints, args=(orders,))
    for each in (*workers, printer):
        each.start()
    for photo in ("a.raw", "b.raw", "c.raw"):
        jobs.put(photo)
    for _ in range(3):
        shop.send(made.get())
    clock = subprocess.Popen(["sh", "-c", f"sleep 4.5; kill -INT {os.getpid()}"])
    try:
        for each in (*workers, printer):
            each.join()
    except KeyboardInterrupt:
        print("closing")
        for _ in workers:
            jobs.put(None)
        printer.terminate()
    for each in (*workers, printer):
        each.join()
    clock.wait()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
