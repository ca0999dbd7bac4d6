"""What is made from a built site, whichever generator built it: the search index, and copies for machines."""
