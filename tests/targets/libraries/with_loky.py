"""loky: an executor that is reused; a task that fails; a worker that dies."""

import os

from loky import get_reusable_executor


def square(number):
    return number * number


def main():
    executor = get_reusable_executor(max_workers=2, timeout=5)
    print(list(executor.map(square, range(20))))
    print(repr(executor.submit(divmod, 1, 0).exception()))
    try:
        executor.submit(os._exit, 3).result()
    except Exception as error:
        print("died", type(error).__name__)
    executor = get_reusable_executor(max_workers=2, timeout=5)
    print(executor.submit(square, 7).result())
    executor.shutdown()


if __name__ == "__main__":
    main()
