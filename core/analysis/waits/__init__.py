"""Who waits for whom, and whether that wait can end."""
