"""The Processes panel: the tree, its toolbar, the filter and the buttons that end processes.

`panel.ProcessesPanel` is the outside; it owns nothing but widgets and reads the store.
"""
