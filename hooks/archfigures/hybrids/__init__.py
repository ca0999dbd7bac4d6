"""Figures of the pages on hybrids."""
