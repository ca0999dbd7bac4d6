"""Figures that a macro draws from the data, for the family or the models that a page names; they have no key."""
