"""Rules on links: where they lead, how they are written, and what was meant as one."""
