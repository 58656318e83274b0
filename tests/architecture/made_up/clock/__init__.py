"""A made-up panel."""
