"""Events in words: pure functions from what the supervisor tells, in codes and values, to the
sentence that a person reads. Used by the window, by `record` and by the exports alike.
"""
