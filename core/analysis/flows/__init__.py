"""Which operation served which: what was put where it was got, who ended a wait."""
