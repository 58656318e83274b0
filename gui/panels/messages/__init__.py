"""The Messages panel: what the processes write, live or from a past session.

MessagesPanel            composition; what the main window sees
  FilterBar, FindBar, TaskStrip
  MessageLog             scrolling, following, selection, keyboard
    MessageTable         the rows that fit, painted by the cells
"""
