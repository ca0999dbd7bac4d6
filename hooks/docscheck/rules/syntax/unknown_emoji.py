"""A shortcode for an emoji or icon that does not exist."""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from docscheck.config import Config
from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.proofs import prints
from docscheck.settings_file import Inert
from docscheck.source import Span
from docscheck.words.distance import nearest
from docscheck.words.lists import frequencies

RULE = Rule("SYN108", "unknown-emoji", Severity.ERROR)
_SHORTCODE = lazy(r"(:(?<![\w:/]:)[a-z][a-z0-9_]*(?:-[a-z0-9_]+)*:)(?![\w:/\x00])")
"""Not before code, where it is a role of reStructuredText, of which another rule tells."""
_HALF = lazy(r"(:(?<![\w:/]:)(?:material|octicons|fontawesome|simple)-[a-z0-9-]+)(?=[\s.,;)\]{\"|]|$)", re.MULTILINE)
_SLASHED = lazy(r"(:(?<![\w:/]:)(?:material|octicons|fontawesome|simple)(?:/[a-z0-9-]+)+:)(?![\w:/])")
_NEVER_CLOSED = lazy(r"(:(?<![\w:/]:)(?:[a-z]+(?:_[a-z]+)+|[a-z]{7,}))(?=[\s.,;)|]|$)", re.MULTILINE)
_ENDS_HEADING = lazy(r"[ ](:[a-z]{4,})$")
_SPACED = lazy(r"(:(?<![\w:]:)(?:([a-z][a-z0-9_+]{2,}) :| ([a-z][a-z0-9_+]{2,}):))(?![\w:])")
_SPACED_ICON = lazy(r"(: (?<!\S: )(?:material|octicons|fontawesome|simple)-[a-z0-9-]+:)(?![\w:/])")
_SETS = frozenset(("material", "octicons", "fontawesome", "simple"))
_ICON_SETS = ("material-", "fontawesome-", "octicons-", "simple-")


def check(page: Page) -> Iterator[Finding]:
    if not page.config.has("pymdownx.emoji"):
        return
    for match in _HALF.finditer(page.prose) if page.config.is_material else ():
        line = page.source.line_of(match.start(1))
        yield RULE.at(
            Span(*match.span(1)),
            "this icon's name is never closed",
            help="end it with `:`",
            proof=prints(line, match[1]),
        )
    for match in _SLASHED.finditer(page.prose) if page.config.is_material else ():
        right = match[1].replace("/", "-")
        yield RULE.at(
            Span(*match.span(1)),
            "the name of an icon has no slash in a text, only in the settings and the front matter",
            help=f"write `{right}`",
            fix=Edit(Span(*match.span(1)), right),
            proof=prints(page.source.line_of(match.start(1)), match[1]),
        )
    for match in _SPACED_ICON.finditer(page.prose) if page.config.is_material else ():
        yield RULE.at(Span(*match.span(1)), "because of a space this is not an icon", help="remove the space")
    for match in _SPACED.finditer(page.prose) if _uses_standard_names(page) else ():
        if f":{match[2] or match[3]}:" in _emoji():
            yield RULE.at(Span(*match.span(1)), "because of a space this is not an emoji", help="remove the space")
    for heading in page.headings if _uses_standard_names(page) else ():
        half = _ENDS_HEADING.search(heading.markup)
        if half and f"{half[1]}:" in _emoji() and frequencies().get(half[1][1:]):
            yield RULE.at(
                page.source.find(heading.line, half[1]),
                "this emoji's name is never closed",
                help="end it with `:`",
                proof=prints(heading.line, half[1]),
            )
    for match in _NEVER_CLOSED.finditer(page.prose) if _uses_standard_names(page) else ():
        if f"{match[1]}:" in _emoji() and not frequencies().get(match[1][1:]):
            yield RULE.at(
                Span(*match.span(1)),
                "this emoji's name is never closed",
                help="end it with `:`",
                proof=prints(page.source.line_of(match.start(1)), match[1]),
            )
    for match in _SHORTCODE.finditer(page.prose):
        name = match[1].strip(":")
        kind = "icon" if name.startswith(_ICON_SETS) else "emoji"
        meant = None
        if not _is_option(page, match):
            meant = _icon_meant(page.config, name) if kind == "icon" else _emoji_meant(page, name)
        if meant is not None:
            yield RULE.at(
                Span(*match.span(1)),
                f"there is no {kind} `{match[1]}`",
                help=f"did you mean `:{meant}:`?" if meant else "look up the name; until then it is printed as text",
            )


def _icon_meant(config: Config, name: str) -> str | None:
    """The icon that was meant, empty where none is near; None for one that exists, or may."""
    folders = _icon_folders(config)
    known = frozenset[str]() if _has_icon(folders, name) else _icon_names(folders)
    if not known or name in known:
        return None
    meant = nearest(name, frozenset(icon for icon in known if icon[:12] == name[:12]))
    # Brands come and go with the theme's version.
    return meant or ("" if name.startswith(("material-", "octicons-")) else None)


def _emoji_meant(page: Page, name: str) -> str | None:
    """The emoji or icon that was meant; None where none is near: other plugins have shortcodes too."""
    if f":{name}:" in _emoji():
        return None
    dashed = name.replace("_", "-")
    if page.config.is_material and dashed.startswith(_ICON_SETS) and _has_icon(_icon_folders(page.config), dashed):
        return dashed
    meant = _nearest_emoji(name) if _uses_standard_names(page) else ""
    first, dash, rest = name.partition("-")
    icons = nearest(first, _SETS) if not meant and dash and page.config.is_material else ""
    return meant or (f"{icons}-{rest}" if icons else None)


def _is_option(page: Page, match: re.Match[str]) -> bool:
    """Whether the name begins a line under `::: path` or `.. name::`: an option of another tool's block."""
    number = page.source.line_of(match.start(1))
    if page.lines[number][: match.start(1) - page.source.starts[number]].strip():
        return False
    while number and page.lines[number].lstrip().startswith(":") and not page.lines[number].startswith(":::"):
        number -= 1
    return page.lines[number].startswith((":::", ".. "))


def _uses_standard_names(page: Page) -> bool:
    index = page.config.option("pymdownx.emoji", "emoji_index")
    return index is None or (
        isinstance(index, Inert) and index.name.rsplit(".", 1)[-1] in ("twemoji", "gemoji", "to_svg")
    )


@lru_cache(maxsize=1)
def _emoji() -> frozenset[str]:
    from pymdownx import gemoji_db, twemoji_db

    names: set[str] = set()
    for database in (twemoji_db, gemoji_db):
        names |= set(database.emoji) | set(database.aliases)
    return frozenset(names)


@lru_cache(maxsize=256)
def _nearest_emoji(name: str) -> str:
    """The known name that was most likely meant, which begins alike; empty where none is near."""
    return nearest(name, frozenset(known.strip(":") for known in _emoji() if known[1:2] == name[:1]))


@lru_cache(maxsize=8)
def _icon_folders(config: Config) -> tuple[str, ...]:
    """Where the icons of a site lie; none where its theme is not installed, or has none."""
    package = "zensical" if config.file.suffix == ".toml" else "material"
    spec = importlib.util.find_spec(package) if config.is_material else None
    if spec is None or not spec.submodule_search_locations:
        return ()
    folders = [str(Path(spec.submodule_search_locations[0]) / "templates" / ".icons")]
    custom = config.theme.get("custom_dir")
    if isinstance(custom, str):
        folders.append(str(config.root / custom / ".icons"))
    options = config.option("pymdownx.emoji", "options")
    extra = options.get("custom_icons") if isinstance(options, dict) else None
    folders += [str(config.root / path) for path in extra or () if isinstance(path, str)]
    return tuple(folders)


@lru_cache(maxsize=1024)
def _has_icon(folders: tuple[str, ...], name: str) -> bool:
    """Whether an icon of this name lies where most do, one to three folders down: to list all takes much longer."""
    paths = [name.replace("-", "/", depth) for depth in (1, 2, 3)]
    return any(os.path.isfile(f"{folder}/{path}.svg") for folder in folders for path in paths)


@lru_cache(maxsize=4)
def _icon_names(folders: tuple[str, ...]) -> frozenset[str]:
    found: set[str] = set()
    for top in folders:
        for folder, _, files in os.walk(top):
            place = os.path.relpath(folder, top).replace(os.sep, "-") + "-" if folder != top else ""
            found |= {place + file.removesuffix(".svg") for file in files if file.endswith(".svg")}
    return frozenset(found)
