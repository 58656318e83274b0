"""Spawnscope without a window: sessions, the supervisor, launching, and the client of both.

Nothing below this package imports Qt. `record` and everything it needs live here and run on a
machine without a display.
"""
