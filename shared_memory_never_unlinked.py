import multiprocessing as mp
import sys
from multiprocessing import shared_memory


def w(name):
    s = shared_memory.SharedMemory(name)
    s.close()


def main():
    s = shared_memory.SharedMemory(create=True, size=1000)
    p = mp.Process(target=w, args=(s.name,))
    p.start()
    p.join()
    s.close()
    from multiprocessing import resource_tracker

    resource_tracker.unregister(s._name, "shared_memory")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
