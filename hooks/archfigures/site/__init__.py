"""Figures of the site as a whole."""
