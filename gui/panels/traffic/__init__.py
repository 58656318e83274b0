"""The Traffic panel: the objects that processes share, and what is done to them.

It shows the objects of the store, and reads operations from the session file.
"""
