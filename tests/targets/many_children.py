"""Forks many children that live until a line comes in; each has an exit status of its own."""

import os
import sys

count = int(sys.argv[1])
reader, writer = os.pipe()
children = []
for number in range(count):
    pid = os.fork()
    if pid == 0:
        os.close(writer)
        os.read(reader, 1)
        os._exit(number % 7)
    children.append(pid)
print("pids", *children, flush=True)
sys.stdin.readline()
os.close(writer)
for pid in children:
    os.waitpid(pid, 0)
