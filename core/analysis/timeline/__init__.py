"""What happened when, as arrays: the operations of each thread, made to be drawn at any zoom.

    session file --rows by the thousand--.--> Timeline --> a Track for each thread --> columns
    what threads are in now -------------'       '-------> Ticks for each process

Only numpy is used here, and the session's file; nothing knows of pixels beyond "a column is so many
nanoseconds wide". This package is imported when a timeline is first shown, for numpy's sake.
"""
