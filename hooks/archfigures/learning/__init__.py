"""Figures of the pages on learning."""
