"""Everything between a wish and a start: reading, keeping and checking launch specs.

    typed text, a stored spec, an example  ->  LaunchSpec  ->  preflight  ->  the supervisor

Owns the text of targets and calls (`target_text`, `call_text`, `call`), the user's specs and the
recent ones (`spec_store`, `spec_text`, `recent`), the bundled examples, and the look at the
machine before a start (`preflight` and what it asks: `interpreter`, `module_search`,
`module_outline`, `command_search`, `pickle_check`). It starts no worker and imports no code of
the user's; the only program it runs is an interpreter, to ask what it is. Imports the vocabulary,
the standard library, msgspec, platformdirs and tomli-w; no Qt.
"""
