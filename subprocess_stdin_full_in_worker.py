import multiprocessing as mp
import subprocess
import sys


def w():
    p = subprocess.Popen(
        [sys.executable, "-c", "import sys; print('y' * 200000); sys.stdin.read()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    p.stdin.write(b"x" * 200000)
    p.stdin.close()
    p.stdout.read()
    p.wait()


def main():
    p = mp.Process(target=w)
    p.start()
    p.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
