"""A session for other programs: JSON lines, CSV, Chrome trace."""
