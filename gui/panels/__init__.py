"""The panels of a session: one folder each, with its model, its view and its words."""
