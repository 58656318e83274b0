"""What the window and `record` hold in their hands: the processes as they stand, without Qt.

It imports `core.vocabulary` and the standard library. The window's thread calls all of it.
"""
