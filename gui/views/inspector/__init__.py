"""The Inspector: all about the one selected process, as a page of cards.

May import gui.models, gui.text, gui.style and the small widgets of other panels.
"""
