"""Figures of the pages on diffusion."""
