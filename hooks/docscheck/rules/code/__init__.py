"""Fences, code spans and comments that end too late, too early or never."""
