"""What is known of words: which are misspelt, which wordings are wrong in any sentence, how far two names are apart."""
