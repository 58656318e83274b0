"""The words that every part of Spawnscope shares: launch specs, events and commands.

All of them are frozen, slotted, plain values. This package imports nothing of ours.
"""
