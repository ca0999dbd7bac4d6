"""Which types of boxes are known on a page: those of its site, and those that it defines itself."""

from __future__ import annotations

from functools import lru_cache

from docscheck.box_types import MATERIAL, NAMES, OTHERS, read_style, style_types
from docscheck.once import of_page
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.site_files import SiteFiles

_MYST = lazy(
    rf"\{{(?:{NAMES}|admonition|figure|image|tab-set|tab-item|dropdown|toctree|list-table|literalinclude|code-block"
    r"|code-cell)\}"
)


def is_directive(page: Page, info: str) -> bool:
    """Whether what stands behind the marks of a fence is a directive of MyST, which nothing on the site reads."""
    return _MYST.match(info) is not None and not page.config.reading_extensions


def page_types(page: Page) -> frozenset[str]:
    """The types known on a page: the site's, and those a style block on the page defines."""
    known = page.site.box_types if page.site else MATERIAL | OTHERS
    own = _own_types(page)
    return known | own if own else known


@of_page
def _own_types(page: Page) -> frozenset[str]:
    return style_types(page.source.text) if page.shows("<style") else frozenset()


def has_styles_to_come(site: SiteFiles) -> bool:
    """Whether the folder of the theme's overrides is not there yet: some sites put it together when they build."""
    custom = site.config.theme.get("custom_dir")
    return isinstance(custom, str) and not (site.config.root / custom).is_dir()


@lru_cache(maxsize=4)
def has_styles_in_macros(site: SiteFiles) -> bool:
    """Whether what the macros plugin runs may print a style sheet, or is not to be seen."""
    settings = site.config.plugins.get("macros") or {}
    module = site.config.root / str(settings.get("module_name") or "main").replace(".", "/")
    text = read_style(module.with_suffix(".py")) or read_style(module / "__init__.py")
    return not text or bool(settings.get("modules")) or any(sign in text for sign in ("<style", "admonition", ".css"))
