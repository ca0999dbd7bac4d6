"""Figures of the pages on classic."""
