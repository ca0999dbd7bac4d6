"""Checks of MkDocs-flavoured Markdown: what a reader would see broken, found in the source, with the remedy.

`check_site` checks a site by its mkdocs.yml, `check_page` a single text. The package never imports MkDocs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docscheck.config import Config, ConfigError, load_config
    from docscheck.diagnostics import Diagnostic, Edit, Severity
    from docscheck.engine import check_page, check_site
    from docscheck.source import Span

__version__ = "0.1.0"
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
_HOMES = {
    "Config": "config",
    "ConfigError": "config",
    "load_config": "config",
    "Diagnostic": "diagnostics",
    "Edit": "diagnostics",
    "Severity": "diagnostics",
    "check_page": "engine",
    "check_site": "engine",
    "Span": "source",
}


def __getattr__(name: str) -> Any:
    """Import a name when it is first asked for: an unchanged run is answered without the rules."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
