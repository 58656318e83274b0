"""The layout of the file in which a worker keeps the task that it has in hand: what `keeping`
writes and the supervisor reads.

    header, 16 words | context: what it takes to make the call again | the task, as it was pickled

Words as in a recorder, of which STATE is written last. The context is texts with NULs between:
names and values by turns; a name that comes several times has a list. See `CONTEXT`.
"""

MAGIC = 0x314B5341_544E5753  # "SWNTASK1"
MAGIC_AT, STATE, SIZE, KEPT, NUMBER = range(5)  # SIZE: of the task in bytes; KEPT: 0 or the same
FUNCTION, ERROR = 5, 6  # texts of the recorder: its function, by what it has failed
OBJECT = 7  # the pool, by its number in the recorder
CONTEXT_BYTES = 8
HEADER_WORDS = 16
HEADER_BYTES = HEADER_WORDS * 8
IN_HAND, RAISED = 1, 2  # of STATE; 0: nothing

LARGEST_TASK = 1 << 20  # bytes
LARGEST_CONTEXT = 128 << 10
FILES = 4  # of one process: of tasks that raised, and the last one of what is in hand
CONTEXT = ("python", "option", "folder", "main", "module", "method", "daemon", "name", "argument",
           "path", "initializer", "given", "unkept")  # fmt: skip
"""python: the interpreter; option: of those it was started with; folder: where it worked; main: the
file of its main module, or module: its name; method: by which it starts processes; daemon: "yes" if
it may have no children; name: of the process; argument: sys.argv; path: sys.path; initializer: of
the worker, as module:name, and given: its arguments, as Python's literal of a tuple; unkept: the
name of an initializer that cannot be called again, for what it was given is handed on at a start.
"""
