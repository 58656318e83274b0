"""What is true of a session, now and at a moment: its processes and its objects."""
