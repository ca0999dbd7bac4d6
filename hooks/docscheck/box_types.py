"""Which types of boxes a site knows: the theme's, and those its own style sheets and templates define."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from docscheck.once import of_page
from docscheck.patterns import lazy

if TYPE_CHECKING:
    from docscheck.page import Page
    from docscheck.site import Site

_MATERIAL_TEXT = """
note seealso abstract summary tldr info todo tip hint important success check done question help faq warning caution
attention failure fail missing danger error bug example quote cite
"""
MATERIAL = frozenset(_MATERIAL_TEXT.split())
_OTHERS_TEXT = """
note tip hint important warning caution attention danger error seealso admonition success info
"""
OTHERS = frozenset(_OTHERS_TEXT.split())
MODIFIERS = frozenset(["inline", "end", "left", "right", "expand", "open", "annotate", "collapsed", "result"])
"""Further words of a header that are classes on purpose."""

NAMES = "|".join(sorted(MATERIAL, key=len, reverse=True))
"""Those of Material, the longest first, as a part of regular expressions."""
_MYST = lazy(
    rf"\{{(?:{NAMES}|admonition|figure|image|tab-set|tab-item|dropdown|toctree|list-table|literalinclude|code-block"
    r"|code-cell)\}"
)
_CLASSES = lazy(r"(?:admonition|details)?\.([A-Za-z][\w-]*)")
_ICON = lazy(r"--md-admonition-icon--([\w-]+)")


def is_directive(page: Page, info: str) -> bool:
    """Whether what stands behind the marks of a fence is a directive of MyST, which nothing on the site reads."""
    return _MYST.match(info) is not None and not page.config.reading_extensions


def style_types(css: str) -> frozenset[str]:
    """Class names that a style sheet uses in rules for boxes."""
    found = set(_ICON.findall(css))
    if "admonition" in css or "details" in css:
        for part in css.split("{")[:-1]:
            selector = part.rpartition("}")[2]
            if "admonition" in selector or "details" in selector:
                found.update(_CLASSES.findall(selector))
    return frozenset(found)


def site_types(site: Site) -> frozenset[str]:
    """What the site's style sheets and templates know, with the theme's own types."""
    config = site.config
    found = set(MATERIAL if config.is_material else MATERIAL | OTHERS)
    files = [config.docs_dir / path for path in config.paths("extra_css") if "://" not in path]
    custom = config.theme.get("custom_dir")
    if isinstance(custom, str):
        files += [file for file in (config.root / custom).rglob("*") if file.suffix in (".html", ".css", ".scss")]
    files += [Path(file) for uri, file in site.files.items() if uri.endswith(".css")]
    for file in dict.fromkeys(files):
        found |= style_types(_read(file))
    icons = config.theme.get("icon")
    admonitions = icons.get("admonition") if isinstance(icons, dict) else None
    if isinstance(admonitions, dict):
        found |= {str(name) for name in admonitions}
    return frozenset(found)


def has_styles_to_come(site: Site) -> bool:
    """Whether the folder of the theme's overrides is not there yet: some sites put it together when they build."""
    custom = site.config.theme.get("custom_dir")
    return isinstance(custom, str) and not (site.config.root / custom).is_dir()


@lru_cache(maxsize=4)
def has_styles_in_macros(site: Site) -> bool:
    """Whether what the macros plugin runs may print a style sheet, or is not to be seen."""
    settings = site.config.plugins.get("macros") or {}
    module = site.config.root / str(settings.get("module_name") or "main").replace(".", "/")
    text = _read(module.with_suffix(".py")) or _read(module / "__init__.py")
    return not text or bool(settings.get("modules")) or any(sign in text for sign in ("<style", "admonition", ".css"))


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace") if file.stat().st_size < 2_000_000 else ""
    except OSError:
        return ""


def page_types(page: Page) -> frozenset[str]:
    """The types known on a page: the site's, and those a style block on the page defines."""
    known = page.site.box_types if page.site else MATERIAL | OTHERS
    own = _own_types(page)
    return known | own if own else known


@of_page
def _own_types(page: Page) -> frozenset[str]:
    return style_types(page.source.text) if page.shows("<style") else frozenset()


def css_classes(site: Site) -> frozenset[str]:
    """Every class name in the site's own style sheets."""
    files = [site.config.docs_dir / path for path in site.config.paths("extra_css") if "://" not in path]
    return frozenset(name for file in files for name in re.findall(r"\.([A-Za-z][\w-]*)", _read(file)))
