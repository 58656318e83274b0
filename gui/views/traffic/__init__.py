"""The Traffic panel: the objects that processes share, and what is done to them.

It shows an ObjectTable, which the session view fills, and reads operations from the session file.
"""
