"""What docscheck finds, shown on the page itself while an author works under `mkdocs serve`.

The panel is put into pages as they are served, never into files: a built site does not know of it. It needs no MkDocs,
only a WSGI application that serves the site.
"""

from docscheck_panel.application import serve_with
from docscheck_panel.panel import Note, Panel

__all__ = ["Note", "Panel", "serve_with"]
