"""The window round the panels: application, menus, tabs, status bar, the living session."""
