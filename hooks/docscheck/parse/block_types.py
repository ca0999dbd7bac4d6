"""The blocks that open with `/// name`: which the site has, whether they want a title, and their options."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from docscheck.config import Config
from docscheck.patterns import lazy

_NAME = r"(?:-?[^\x00-\x2f\x30-\x40\x5B-\x5E\x60\x7B-\x9f]|--)[^\x00-\x2c\x2e\x2f\x3A-\x40\x5B-\x5E\x60\x7B-\x9f]*"
_IDENTIFIER = lazy(_NAME)
_SELECTORS = rf"(?:[#.]{_NAME}|\[[^\[\]\n]*\])*"
_ELEMENT = lazy(_NAME + _SELECTORS)
"""What a block of HTML is: `div.side#top[hidden]`."""
_NUMBER = lazy(rf"[<>]?[ ]*(?:\^?[1-9]\d*(?:\.[1-9]\d*)*(?:[ ]+|$))?{_SELECTORS}[ ]*")
"""What stands behind the bar of a caption: where it goes, its number, its class."""
_ADMONITIONS_TEXT = "note attention caution danger error tip hint important warning"
_CAPTIONS_TEXT = "caption figure-caption table-caption"

Check = Callable[[Any], bool]


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def _is_identifier(value: Any) -> bool:
    return isinstance(value, str) and _IDENTIFIER.fullmatch(value) is not None


def _is_mode(value: Any) -> bool:
    return isinstance(value, str) and value.lower() in ("auto", "inline", "block", "raw", "html")


def _is_attributes(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(entry, str) for entry in value.values())


class BlockType(NamedTuple):
    """A kind of block."""

    title: bool | None
    """Whether it has to have a title, or must have none; None where it may."""
    options: Mapping[str, Check]
    box: str = ""
    """`admonition` or `details`, where the block is rendered as one."""
    argument: re.Pattern[str] | None = None
    """What has to stand behind the bar, where it is no title."""

    def opens(self, title: str | None, options: Sequence[str]) -> bool:
        """Whether a header with this title and these indented lines under it opens the block."""
        if self.title is not None and bool(title) != self.title:
            return False
        if title and not self.takes(title):
            return False
        values = read_options(options)
        known = {**self.options, "attrs": _is_attributes}
        return values is not None and all(name in known and known[name](value) for name, value in values.items())

    def takes(self, argument: str) -> bool:
        """Whether the block may have this behind its bar."""
        return self.argument is None or self.argument.fullmatch(argument.strip()) is not None


_KINDS: dict[str, Mapping[str, BlockType]] = {
    "pymdownx.blocks.admonition": {"admonition": BlockType(None, {"type": _is_identifier}, "admonition")},
    "pymdownx.blocks.details": {"details": BlockType(None, {"open": _is_bool, "type": _is_identifier}, "details")},
    "pymdownx.blocks.tab": {"tab": BlockType(True, {"new": _is_bool, "select": _is_bool})},
    "pymdownx.blocks.html": {"html": BlockType(True, {"markdown": _is_mode}, argument=_ELEMENT)},
    "pymdownx.blocks.definition": {"define": BlockType(False, {})},
    "pymdownx.fancylists": {"fancylists": BlockType(True, {})},
}
_OWN_NAMES: dict[str, tuple[str, BlockType]] = {
    "pymdownx.blocks.admonition": (_ADMONITIONS_TEXT, BlockType(None, {}, "admonition")),
    "pymdownx.blocks.details": ("", BlockType(None, {"open": _is_bool}, "details")),
    "pymdownx.blocks.caption": (_CAPTIONS_TEXT, BlockType(None, {}, argument=_NUMBER)),
}
"""Extensions whose `types` name further blocks, with the names they have by default."""


@lru_cache(maxsize=8)
def block_types(config: Config) -> Mapping[str, BlockType]:
    """The blocks of a site by name."""
    found: dict[str, BlockType] = {}
    for extension, kinds in _KINDS.items():
        if config.has(extension):
            found.update(kinds)
    for extension, (usual, kind) in _OWN_NAMES.items():
        if config.has(extension):
            own = config.option(extension, "types")
            names = [_name_of(entry) for entry in own] if isinstance(own, list) else usual.split()
            found.update({name.lower(): kind for name in names})
    return found


def _name_of(entry: object) -> str:
    return str(entry.get("name", "")) if isinstance(entry, dict) else str(entry)


def read_options(lines: Sequence[str]) -> Mapping[str, Any] | None:
    """The options in the indented lines under a header; None where they are no `key: value` lines."""
    if not lines:
        return {}
    from textwrap import dedent  # few blocks have options

    import yaml

    from docscheck.parse import safe_yaml

    try:
        values = safe_yaml.load(dedent("\n".join(lines)))
    except yaml.YAMLError:
        return None
    return {} if values is None else values if isinstance(values, dict) else None
