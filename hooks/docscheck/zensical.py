"""The settings of a site that Zensical builds: a zensical.toml says what mkdocs.yml does, and has other defaults."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from docscheck.settings_file import Inert

FILE = "zensical.toml"
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "abbr": {},
    "admonition": {},
    "attr_list": {},
    "def_list": {},
    "footnotes": {},
    "md_in_html": {},
    "toc": {"permalink": True},
    "pymdownx.arithmatex": {"generic": True},
    "pymdownx.betterem": {},
    "pymdownx.caret": {},
    "pymdownx.details": {},
    "pymdownx.emoji": {
        "emoji_generator": "zensical.extensions.emoji.to_svg",
        "emoji_index": "zensical.extensions.emoji.twemoji",
    },
    "pymdownx.highlight": {"anchor_linenums": True, "line_spans": "__span", "pygments_lang_class": True},
    "pymdownx.inlinehilite": {},
    "pymdownx.keys": {},
    "pymdownx.magiclink": {},
    "pymdownx.mark": {},
    "pymdownx.smartsymbols": {},
    "pymdownx.superfences": {"custom_fences": [{"name": "mermaid", "class": "mermaid"}]},
    "pymdownx.tabbed": {"alternate_style": True, "combine_header_slug": True},
    "pymdownx.tasklist": {"custom_checkbox": True},
    "pymdownx.tilde": {},
}
"""The extensions of a site that names none."""
_GROUPS = frozenset(("pymdownx", "pymdownx.blocks", "zensical", "zensical.extensions"))
"""Beginnings of extensions' names that TOML, where a dot makes a table, reads as tables."""
_FUNCTIONS = frozenset(("slugify", "emoji_index", "emoji_generator"))
"""Options whose values name Python code."""


def settings(text: str) -> dict[str, Any]:
    """What a zensical.toml says, in the shape of mkdocs.yml. Raises ValueError where it cannot be read."""
    values = tomllib.loads(text)
    project = values.get("project", values)
    if not isinstance(project, dict):
        raise ValueError("`project` is not a table")
    theme = project.get("theme")
    theme = dict(theme) if isinstance(theme, dict) else {"name": theme}
    theme["name"] = theme.get("name") or "material"
    if theme["name"] == "zensical":  # its own name for the theme that it took over
        theme["name"] = "material"
    extensions = project.get("markdown_extensions", _DEFAULTS)
    if isinstance(extensions, Mapping):
        extensions = {**_named(extensions)}
        extensions.setdefault("pymdownx.superfences", {})
    elif isinstance(extensions, list):
        extensions = [*extensions, "pymdownx.superfences"]
    return {**project, "theme": theme, "markdown_extensions": extensions}


def _named(tables: Mapping[str, Any], group: str = "") -> dict[str, Any]:
    """Extensions with their options, by their full names."""
    found: dict[str, Any] = {}
    for key, value in tables.items():
        name = f"{group}.{key}" if group else key
        if name in _GROUPS and isinstance(value, Mapping):
            found.update(_named(value, name))
        else:
            found[name] = _without_code(value) if isinstance(value, Mapping) else {}
    return found


def _without_code(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options with the names of functions as what they are: names of code that is never run."""
    return {key: _inert(value) if key in _FUNCTIONS else value for key, value in options.items()}


def _inert(value: Any) -> Any:
    if isinstance(value, str):
        return Inert(value)
    if isinstance(value, Mapping):  # a function that makes the function
        return Inert(str(value.get("object", "pymdownx.slugs.slugify")), {"kwds": value.get("kwds", {})})
    return value
