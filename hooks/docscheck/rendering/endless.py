"""A page whose rendering would never be done."""


class EndlessError(Exception):
    """The same header of a block is read over and over: the page would repeat itself, or never be done."""
