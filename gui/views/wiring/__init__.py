"""The Wiring panel: processes and what they share as a picture.

It draws what gui.models.wiring_model gives, and changes only what differs.
"""
