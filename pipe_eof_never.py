import multiprocessing as mp
import sys


def w(c):
    for i in range(3):
        c.send(i)
    c.close()


def main():
    a, b = mp.Pipe()
    p = mp.Process(target=w, args=(b,))
    p.start()
    try:
        while True:
            a.recv()
    except EOFError:
        pass
    p.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
