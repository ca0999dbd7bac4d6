"""Figures of the pages on language models."""
