"""Figures of the pages on multimodal."""
