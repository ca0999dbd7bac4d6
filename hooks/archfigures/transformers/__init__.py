"""Figures of the pages on transformers."""
