"""Life of external links: asked of the net, outside the build, a few at a time, and remembered.

`python -m docscheck links --online` collects the addresses of all pages (`collect`), asks those that are new, were bad
or were asked long ago (`cache`, `run`), and writes a report for an issue (`report`).
"""

from docscheck.online.command import add_arguments, execute, main

__all__ = ["add_arguments", "execute", "main"]
