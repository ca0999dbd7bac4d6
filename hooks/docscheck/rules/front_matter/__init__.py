"""Rules on the YAML at the top of a page."""
