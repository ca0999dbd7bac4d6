"""Figures of the pages on mixture of experts."""
