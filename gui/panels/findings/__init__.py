"""The Findings panel: what is wrong with the programs, why, and what can be done about it."""
