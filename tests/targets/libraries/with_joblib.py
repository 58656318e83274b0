"""joblib: a thousand tasks on loky and multiprocessing as its backends; a task that fails."""

from joblib import Parallel, delayed


def square(number):
    return number * number


def fail(number):
    raise ValueError(number)


def main():
    for backend in ("loky", "multiprocessing"):
        done = Parallel(n_jobs=2, backend=backend)(delayed(square)(n) for n in range(1000))
        print(backend, sum(done))
        try:
            Parallel(n_jobs=2, backend=backend)(delayed(fail)(n) for n in range(3))
        except ValueError as error:
            print("failed", type(error).__name__)


if __name__ == "__main__":
    main()
