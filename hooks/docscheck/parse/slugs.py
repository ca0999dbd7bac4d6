"""Heading ids as the site's slug function makes them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from docscheck.patterns import lazy
from docscheck.settings_file import Inert

Slugify = Callable[[str, str], str]

_TAGS = lazy(r"</?[^>]*>")
_NOT_IN_SLUG = lazy(r"[^\w\s-]")
_INLINE = lazy(r"[`\[\]<>*_~^=:\\&\x02]")


def slug_function(setting: Any) -> Slugify | None:
    """The function that `toc.slugify` names, or None where it is one we do not know."""
    if setting is None:
        return _python_markdown
    if not isinstance(setting, Inert):
        return None
    name = setting.name
    arguments: Mapping[str, Any] = {}
    if isinstance(setting.arguments, dict):
        keywords = setting.arguments.get("kwds")
        arguments = keywords if isinstance(keywords, dict) else setting.arguments
    known: dict[str, Slugify] = {
        "markdown.extensions.toc.slugify": _python_markdown,
        "markdown.extensions.toc.slugify_unicode": lambda text, separator: _python_markdown(text, separator, True),
        "pymdownx.slugs.uslugify": _pymdown("lower"),
        "pymdownx.slugs.uslugify_cased": _pymdown("none"),
        "pymdownx.slugs.uslugify_encoded": _pymdown("lower", percent_encode=True),
        "pymdownx.slugs.uslugify_cased_encoded": _pymdown("none", percent_encode=True),
        "pymdownx.slugs.gfm": _pymdown("lower-ascii"),
        "pymdownx.slugs.gfm_encoded": _pymdown("lower-ascii", percent_encode=True),
    }
    if name == "pymdownx.slugs.slugify":
        return _pymdown(
            str(arguments.get("case", "none")),
            bool(arguments.get("percent_encode")),
            str(arguments.get("normalize", "NFC")),
        )
    return known.get(name)


def _python_markdown(text: str, separator: str, unicode: bool = False) -> str:
    if not unicode and not text.isascii():
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    words = text.split()
    if separator in ("-", "_") and "".join(words).isalnum() and text.isascii():  # what most are
        return separator.join(words).lower()
    text = _NOT_IN_SLUG.sub("", text).strip().lower()
    return _separators(separator).sub(separator, text)


@lru_cache(maxsize=4)
def _separators(separator: str) -> re.Pattern[str]:
    return re.compile(rf"[{re.escape(separator)}\s]+")


def _pymdown(case: str, percent_encode: bool = False, normalize: Any = "NFC") -> Slugify:
    def slugify(text: str, separator: str) -> str:
        slug = _TAGS.sub("", unicodedata.normalize(normalize, text)).strip()
        if case == "lower":
            slug = slug.lower()
        elif case == "lower-ascii":
            slug = re.sub(r"[A-Z]", lambda match: match[0].lower(), slug)
        elif case == "fold":
            slug = slug.casefold()
        slug = re.sub(r"[^\w\- ]", "", slug).replace(" ", separator)
        return quote(slug.encode("utf-8")) if percent_encode else slug

    return slugify


class Ids:
    """The ids of a page, each of which is taken once."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._reached: dict[tuple[str, int], int] = {}
        """Where the search for a free number ended last, so that many equal headings do not each begin anew."""

    def take(self, slug: str) -> str:
        """The id a heading gets, numbered when others have taken its slug."""
        if slug in self._taken or not slug:
            match = re.fullmatch(r"(.*)_([0-9]+)", slug)
            base, first = (match[1], int(match[2])) if match else (slug, 0)
            count = self._reached.get((base, first), first) + 1
            while f"{base}_{count}" in self._taken:
                count += 1
            self._reached[base, first] = count
            slug = f"{base}_{count}"
        self._taken.add(slug)
        return slug


def plain_text(markup: str) -> str:
    """What a reader sees of a line of inline Markdown."""
    if markup.replace(" ", "").isalnum() or not _INLINE.search(markup):
        return markup.strip()
    spans: list[str] = []

    def keep(match: re.Match[str]) -> str:
        spans.append(match[2].strip())
        return f"\x02{len(spans) - 1}\x03"

    text = re.sub(r"(?<!\\)(`+)(?!`)(.+?)(?<!`)\1(?!`)", keep, markup)
    text = re.sub(r"!\[[^\]]*\](\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\]]*\])", "", text)
    for _ in range(3):  # an image in a link, a link in brackets
        text = re.sub(
            r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\](\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\]]*\])(\{[^}]*\})?", r"\1", text
        )
    text = re.sub(r"\[\^[^\]]+\]", "", text)
    text = re.sub(r"(?<![\w:]):[a-z0-9_+-]+(?:-[a-z0-9_+-]+)*:(?:\{[^}]*\})?(?!\w)", "", text)
    text = re.sub(r"</?[A-Za-z][^<>]*>", "", text)
    text = re.sub(r"(\*{1,3}|~~|\^\^|==)(?=\S)(.+?)(?<=\S)\1", r"\2", text)
    text = re.sub(r"(?<!\w)(_{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)", r"\2", text)
    text = re.sub(r"\\([\\`*_{}\[\]()>#+\-.!~^=:|])", r"\1", text)
    text = re.sub(r"\x02(\d+)\x03", lambda match: spans[int(match[1])], text)
    if "&" not in text:
        return text.strip()
    from html import unescape  # its table of names takes longer to import than a page to be checked

    return unescape(text).strip()
