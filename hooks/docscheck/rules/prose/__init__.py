"""Words: what was left for later, left unfinished, said twice or misspelt."""
