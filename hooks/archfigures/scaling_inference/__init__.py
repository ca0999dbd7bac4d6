"""Figures of the pages on scaling and inference."""
