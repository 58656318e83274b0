"""Two children fill the pipes of main, which reads them only after some seconds."""

import multiprocessing as mp
import subprocess
import sys


def send(mine):
    mine.send(bytes(500_000))


def main():
    theirs, mine = mp.Pipe(duplex=False)
    sender = mp.Process(target=send, args=(mine,))
    sender.start()
    lines = "for number in range(4000): print('file', number, '-' * 60)"
    lister = subprocess.Popen([sys.executable, "-c", lines], stdout=subprocess.PIPE)
    try:
        lister.wait(4.5)
    except subprocess.TimeoutExpired:
        print("it takes its time", flush=True)
    print(len(lister.communicate()[0]), len(theirs.recv()))
    sender.join()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mp.set_start_method(sys.argv[1])
    main()
