"""Raw HTML tags that do not pair up."""
