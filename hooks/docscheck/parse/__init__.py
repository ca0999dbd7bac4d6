"""From source text to structure, with a span for everything found."""
