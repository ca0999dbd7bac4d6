"""Which types of boxes a site knows: the theme's, and those its own style sheets and templates define."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from docscheck.config import Config
from docscheck.patterns import lazy

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
_CLASSES = lazy(r"(?:admonition|details)?\.([A-Za-z][\w-]*)")
_ICON = lazy(r"--md-admonition-icon--([\w-]+)")


def style_types(css: str) -> frozenset[str]:
    """Class names that a style sheet uses in rules for boxes."""
    found = set(_ICON.findall(css))
    if "admonition" in css or "details" in css:
        for part in css.split("{")[:-1]:
            selector = part.rpartition("}")[2]
            if "admonition" in selector or "details" in selector:
                found.update(_CLASSES.findall(selector))
    return frozenset(found)


def site_types(config: Config, site_files: Mapping[str, str]) -> frozenset[str]:
    """What a site's style sheets and templates know, with the theme's own types."""
    found = set(MATERIAL if config.is_material else MATERIAL | OTHERS)
    files = [config.docs_dir / path for path in config.paths("extra_css") if "://" not in path]
    custom = config.theme.get("custom_dir")
    if isinstance(custom, str):
        files += [file for file in (config.root / custom).rglob("*") if file.suffix in (".html", ".css", ".scss")]
    files += [Path(file) for uri, file in site_files.items() if uri.endswith(".css")]
    for file in dict.fromkeys(files):
        found |= style_types(read_style(file))
    icons = config.theme.get("icon")
    admonitions = icons.get("admonition") if isinstance(icons, dict) else None
    if isinstance(admonitions, dict):
        found |= {str(name) for name in admonitions}
    return frozenset(found)


def read_style(file: Path) -> str:
    """The text of a style sheet or template; nothing of one that cannot be read, or is too long to be one."""
    try:
        return file.read_text(encoding="utf-8", errors="replace") if file.stat().st_size < 2_000_000 else ""
    except OSError:
        return ""


def css_classes(config: Config) -> frozenset[str]:
    """Every class name in the site's own style sheets."""
    files = [config.docs_dir / path for path in config.paths("extra_css") if "://" not in path]
    return frozenset(name for file in files for name in re.findall(r"\.([A-Za-z][\w-]*)", read_style(file)))
