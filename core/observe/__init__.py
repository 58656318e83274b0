"""Looking at processes from outside: /proc, pidfds, and samples of what they use.

It reads the files of the recorders too, and the stacks of threads. Imports the vocabulary, and of
the probe the layout of its files. Called by the supervisor, in its one thread; stacks are asked for
by the window.
"""
