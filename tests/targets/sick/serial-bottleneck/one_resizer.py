"""Pictures are read, resized and uploaded, each by a process; resizing takes longest by far.

finds: serial-bottleneck
says: resizer holds up | reader | uploader | pictures
"""

import multiprocessing as mp
import sys
import time


def read(pictures):
    number = 0
    while True:
        time.sleep(0.005)
        pictures.put(f"picture-{number}.png")
        number += 1


def resize(pictures, small):
    while True:
        name = pictures.get()
        time.sleep(0.06)
        small.put(f"small {name}")


def upload(small):
    while True:
        name = small.get()
        time.sleep(0.004)
        if name.endswith("00.png"):
            print("uploaded", name)


def main():
    pictures, small = mp.Queue(8), mp.Queue(8)
    stages = [
        mp.Process(target=read, args=(pictures,), name="reader", daemon=True),
        mp.Process(target=resize, args=(pictures, small), name="resizer", daemon=True),
        mp.Process(target=upload, args=(small,), name="uploader", daemon=True),
    ]
    for each in stages:
        each.start()
    for each in stages:
        each.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
