"""billiard, which has an implementation of its own: a process, a queue, a pool."""

import billiard


def square(number):
    return number * number


def put(queue, number):
    queue.put(number)


def main():
    queue = billiard.Queue()
    process = billiard.Process(target=put, args=(queue, 5))
    process.start()
    print(queue.get())
    process.join()
    print(process.exitcode)
    pool = billiard.Pool(2)
    print(pool.map(square, range(20)))
    try:
        pool.apply(divmod, (1, 0))
    except ZeroDivisionError as error:
        print("failed", error)
    pool.close()
    pool.join()


if __name__ == "__main__":
    main()
