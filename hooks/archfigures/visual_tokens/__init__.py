"""Figures of the pages on visual tokens."""
