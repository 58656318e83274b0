"""What follows from a store: pure functions, the same live, at a moment and on a file."""
