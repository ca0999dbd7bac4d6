"""Figures of the pages on alignment."""
