"""Rules on references to papers and other works on the net."""
