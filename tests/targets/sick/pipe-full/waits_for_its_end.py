"""A program is started with its output in a pipe, waited for, and read only then.

finds: pipe-full
says: stdout | full | communicate
"""

import subprocess
import sys

LISTING = "for number in range(4000): print('file', number, '-' * 60)"


def main():
    lister = subprocess.Popen([sys.executable, "-c", LISTING], stdout=subprocess.PIPE)
    if lister.wait() == 0:
        print(len(lister.stdout.read().splitlines()), "files")


if __name__ == "__main__":
    main()
