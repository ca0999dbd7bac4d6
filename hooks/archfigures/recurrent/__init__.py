"""Figures of the pages on recurrent."""
