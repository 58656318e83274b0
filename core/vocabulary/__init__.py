"""The words that every part of Spawnscope shares: launch specs, events, commands, operations, and
what there is to be known of each kind of object (`kinds`).

All of them are frozen, slotted, plain values. This package imports nothing of ours.
"""
