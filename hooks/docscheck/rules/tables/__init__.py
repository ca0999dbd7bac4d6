"""Tables that are none for the parser, or lose cells."""
