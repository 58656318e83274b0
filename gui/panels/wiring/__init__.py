"""The Wiring panel: processes and what they share as a picture.

It draws what `model` gives, and changes only what differs.
"""
