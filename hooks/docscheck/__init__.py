"""Checks of MkDocs-flavoured Markdown: what a reader would see broken, found in the source, with the remedy.

`check_site` checks a site by its mkdocs.yml, `check_page` a single text. The package never imports MkDocs.
"""

from docscheck.config import Config, ConfigError, load_config
from docscheck.diagnostics import Diagnostic, Edit, Severity
from docscheck.engine import check_page, check_site
from docscheck.source import Span

__all__ = [
    "Config",
    "ConfigError",
    "Diagnostic",
    "Edit",
    "Severity",
    "Span",
    "check_page",
    "check_site",
    "load_config",
]
