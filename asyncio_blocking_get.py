import asyncio
import multiprocessing as mp
import sys


def w(q):
    pass


async def go():
    q = mp.Queue()
    p = mp.Process(target=w, args=(q,))
    p.start()
    print(q.get())


def main():
    asyncio.run(go())


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
