"""The pipe to the supervisor, as the window and `record` hold it: commands out, events in.

It starts the supervisor, and tells when that is gone. Called by the window's thread, or by that of
`record`.
"""
