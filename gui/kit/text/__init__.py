"""What a line looks like, worked out without Qt: escapes, odd bytes, levels, times.

Pure functions and plain values; imports nothing of Qt, and of ours only the vocabulary and
`printable`.
"""
