"""The recorder's binary layout, version 1: what the probe writes and `core.observe` reads.

    +---------+----------------------+-----------------------+------------------------------+
    | header  | blocks of 64 bytes   | definitions           | ring of operations           |
    | 256 B   | threads, counters    | texts, objects (log)  | 128 bytes a record           |
    +---------+----------------------+-----------------------+------------------------------+

All numbers are unsigned 64-bit words in the machine's byte order. One process writes a file, under
its interpreter lock; nobody else does. Every word is written with one store, so a reader sees the
old or the new one. Times are nanoseconds of CLOCK_MONOTONIC. Indices and text ids begin at 1.

A record counts only when its first word, which is written last, is its sequence number plus 1; that
word is zeroed before the others are written, so a kill in between leaves no torn record.
"""

MAGIC = 0x31434552_4E575053  # "SPWNREC1"
VERSION = 1
LARGEST_BYTES = 1 << 20  # and the usual size
SMALLEST_BYTES = 1 << 16
SHARE = 512  # a recorder begins with at most so small a part of what is free where it lies
LARGEST_DEFINITIONS = LARGEST_BYTES // 4
LONGEST_TEXT = 8000  # bytes; of a definition as well

# The header, by word.
H_MAGIC, H_VERSION, H_BYTES, H_PID, H_CREATED_NS, H_PYTHON, H_STATE = range(7)
H_BLOCKS_USED, H_BLOCKS_AT, H_BLOCKS = 7, 8, 9  # used and capacity in blocks; where: bytes
H_DEFINITIONS_AT, H_DEFINITIONS, H_DEFINITIONS_END = 10, 11, 12  # bytes
H_RING_AT, H_RING, H_WRITTEN = 13, 14, 15  # bytes, records, records ever begun
H_UNWATCHED = 16  # objects and counters for which there was no room
HEADER_WORDS = 32
HEADER_BYTES = HEADER_WORDS * 8
RECORDING, SWITCHED_OFF = 1, 2  # of H_STATE

# A block's first word: kind << 56 | operation << 48 | index or text << 0. A counter's high half
# below the operation, bits 32 to 47, is the number of its thread's block. A counter of the calls of
# one method has in its index, from bit METHOD_SHIFT on, above the object's, its name's text.
METHOD_SHIFT, OTHER_METHODS = 20, 0xFFF  # all those whose texts cannot be told
BLOCK_BYTES, BLOCK_WORDS = 64, 8
THREAD, COUNTER = 1, 2
# A thread takes three blocks: word 1 is the kernel's thread id; then frames of four words each:
# operation << 32 | object (0: not in one), since when, site << 32 | text, argument. Frame 0 is the
# operation that waits now; the others are what it is nested in, the outermost first. The operation
# has LIMITED added where it comes to an end by itself, when the time that it was given is over, and
# READY where the program is there to take Ctrl-C meanwhile.
THREAD_BLOCKS, FRAMES, FRAMES_AT, FRAME_WORDS = 3, 5, 2, 4
LIMITED, READY = 1 << 62, 1 << 61
# Behind them: the operation << 32 | object in which the thread has the lock inside of the object
# that others need for the same; 0: none.
T_LOCK = FRAMES_AT + FRAMES * FRAME_WORDS
# A counter, by word. C_COUNT is twice how many there were, and 1 more while the thread is in one.
# C_STATUS, of a process's `start`: how it ended, as a wait status plus 1 (0: not known yet).
C_COUNT, C_WAITED_NS, C_WAITS, C_BYTES, C_TIMEOUTS, C_ERRORS, C_STATUS = range(1, 8)

# A definition: uint32 length, uint32 kind, then that many bytes, padded to 8.
TEXT, OBJECT, PART, FACT = 1, 2, 3, 4
SEPARATOR = "\x1f"
VIA = "\x1e"  # in a place, between a line of the user's and one of the library that it called
# The fields of an object's definition, joined by SEPARATOR: number in this file, type, identity
# (the same in every process), 1 if this process created it, site's text, hint of a name, capacity
# (0: none), when (ns). A part's definition: an identity, and the identity of the object that it
# is a part of. A fact's, of the process: its name, then its fields; the last one of a name counts.
# How many fields: the exception that ended it, as type, text, place, traceback; who forked it, how
# many threads lived in the parent then, and where; that it may run further interpreters; the number
# of the last file that it keeps tasks in, see `kept_layout`; of checked starts, the last one's
# method, at how many places, and how often that was left out; what would break in a child by
# forkserver: see `survival`. Of that there may be several: each has FACT_NUMBER and a number behind
# its name.
FACTS = {"raised": 4, "made": 3, "interpreters": 0, "tasks": 1, "checked": 3, "breakage": 9}
FACT_NUMBER = "#"
UNSEEN = "[?]"  # the hint of a queue that others may use in ways of their own

# A record of the ring, by word.
RECORD_BYTES, RECORD_WORDS = 128, 16
R_COMMIT, R_START_NS, R_END_NS, R_WAITED_NS = range(4)
R_WHAT = 4  # operation << 32 | object
R_HOW = 5  # outcome << 48 | flags << 32 | number of the thread's block
R_PLACE = 6  # site's text << 32 | a text: a function's name, a traceback
R_BYTES = 7  # size plus 1; 0: unknown
R_ARGUMENT = 8  # a pid, a task's number
R_PREVIEW, R_PREVIEW_AT, PREVIEW_BYTES = 9, 10, 48  # its length; its bytes
SIZE_FOLLOWS = 1  # flag: R_BYTES is written by the feeder thread, later

OPERATIONS = (
    "", "put", "get", "task_done", "join", "feed", "acquire", "release", "wait", "notify", "set",
    "clear", "send", "recv", "poll", "submit", "task", "start", "run", "terminate", "kill", "call",
    "create", "attach", "close", "unlink", "replace", "exception",
    "idle", "initializer", "result", "broken", "cancel", "shutdown",
    "communicate", "await", "read", "write", "deliver", "flush",
    "interrupt", "empty", "qsize", "cancel_join_thread", "accept", "connect", "serve",
    "closed", "arrived", "taken", "expected",
)  # fmt: skip
CODE = {name: code for code, name in enumerate(OPERATIONS)}
OUTCOMES = ("ok", "timeout", "Empty", "Full", "error")
OK, TIMED_OUT, WAS_EMPTY, WAS_FULL, FAILED = range(5)

# Of the file `tick`: word 0 counts the supervisor's rounds; word 1 asks a process for its stacks:
# number of the question << 32 | pid.
TICK_BYTES = 4096
