"""What the window is made of: one folder or file for each panel."""
