"""Inline syntax that is printed instead of read."""
