"""The session file: what a run of the supervisor leaves behind, in one SQLite file.

The supervisor writes it (`writer`), anyone reads it (`reader`, `message_query`), also while it is
being written. It imports the vocabulary, `plain_text`, msgspec and the standard library.
"""
