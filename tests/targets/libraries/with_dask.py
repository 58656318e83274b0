"""dask: delayed functions, computed by its scheduler for processes."""

import dask


def square(number):
    return number * number


def main():
    tasks = [dask.delayed(square)(number) for number in range(20)]
    print(dask.compute(*tasks, scheduler="processes", num_workers=2))


if __name__ == "__main__":
    main()
