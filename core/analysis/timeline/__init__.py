"""What happened when, as arrays: the operations of each thread, made to be drawn at any zoom.

    session file --OperationRows, MessageRuns--> Timeline --> a Track for each thread --> columns
                                                     '-----> Ticks for each process

Only numpy and the session's reader are used here; nothing knows of pixels beyond "a column is so
many nanoseconds wide". This package is imported when a timeline is first shown, for numpy's sake.
"""
