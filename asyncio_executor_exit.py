import asyncio
import multiprocessing as mp
import os
import sys
from concurrent.futures import ProcessPoolExecutor


def f(x):
    if x == 2:
        os._exit(7)
    return x


async def go():
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(2) as ex:
        print(await asyncio.gather(*[loop.run_in_executor(ex, f, i) for i in range(4)]))


def main():
    asyncio.run(go())


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
