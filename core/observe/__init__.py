"""Looking at processes from outside: /proc, pidfds, and samples of what they use.

Imports the vocabulary only. Called by the supervisor, in its one thread.
"""
