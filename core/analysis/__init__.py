"""What follows from what is known: who waits for whom, who uses what, what served what.

    a store   --> waits, wiring, inspection, process filter and folds
    the file  --> flows, timeline

Pure functions and values, the same live, at a moment and in a past session. Imports the vocabulary,
the session and the store.
"""
