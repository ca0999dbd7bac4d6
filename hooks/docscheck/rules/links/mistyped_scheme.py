"""An address begins with something that is nearly `https://` and a host."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck import addresses
from docscheck.diagnostics import Edit, Finding, Rule
from docscheck.mentions import Mention, mentions
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.source import Span, holds

RULE = Rule("LNK109", "mistyped-scheme")
_ATTRIBUTES = lazy(r"\]\([^()\s]+[ ]+((?:target|rel|class|style)=[^()\n]*)\)")

_SCHEME_ONLY = lazy(r"https?://\W*", re.I)
_WIDE_COLON = lazy(r"\bhttps?(：)//(?!\S{0,200}\))")
"""In an address in parentheses the colon is reported as a part of that."""
_IN_TEXT = lazy(
    r"https?(?<![\w/:.@-]https)(?<![\w/:.@-]http)(?://|;//|:\\\\)(?=[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}(?:[/\s),.]|$))"
)
"""The same in the text, where nothing makes a link of it."""
_QUOTES = '"“”„»'
_OPEN_TITLE = lazy(r"\S\s+[\"'“„«][^\"'”“»]*$")
_BROKEN = lazy(r"https?://[^\s\"'<]*(?:[/_-][ ]+[^\s\"'<(=]|[ ]+[/?#])[^\s\"'<]*")
"""What is left where a line was broken: inside the name of a file a space may be right."""
_SPACED_PATH = lazy(r"/[^\s\"'/][^\"'\n]*(?:[ ]/[ ]*|/[ ]+)[^\s\"']")
"""A path from the root in which a space stands beside a slash, as a program that translates leaves it."""
_NO_HOST = lazy(r"//[^./:?#]+/[^?#]*\.(?:md|html|png|svg|jpe?g)(?:[?#]|$)")
"""The path of a file behind two slashes: its first part has no dot, as hosts have."""
_NO_DATA = lazy(r"data:[a-z]+/[\w.+-]+(?:;[\w=-]+)*,?$", re.I)
"""`data:image/png;base64`, and no more."""
_CURLY_TITLE = lazy(r"https?://[^\s“”„«»‘’]+[ ]+[“„«‘”’][^“”„«»]{1,100}[”“»’]")
_UNQUOTED = lazy(r"https?://[^\s\"'<]*/(?:[\w-]*(?:\.html?)?)?[ ]+(?:[^\W\d_]{2,}[ ]?){2,}")
"""Behind an address that ends like that of a page there are words, and no quotes around them."""
_RUN_ON = lazy(r"https?://[^\s\"'<]+(?:[ ]+[^\s\"'<]+){2,}[.!?]")
"""An address that takes in the rest of a sentence, up to a parenthesis that closes another one."""
_HOSTS = {"doi": "https://doi.org/", "arxiv": "https://arxiv.org/abs/"}
"""Where what some write as a scheme leads."""


def check(page: Page) -> Iterator[Finding]:
    """Judge how each address begins."""
    for mention in mentions(page):
        if mention.kind == "bare" and _SCHEME_ONLY.fullmatch(mention.address):
            continue  # "it begins with http:// or https://": no extension makes a link of that
        fault = addresses.scheme_fault(mention.address) or addresses.host_fault(mention.address)
        if fault:
            yield _faulty(mention, fault)
        elif mention.kind in ("link", "image") and _NO_DATA.match(mention.address):
            message = "the address cannot be opened: nothing stands behind the kind of its data"
            yield RULE.at(mention.span, message, help="put the picture into a file, and name that")
        elif _NO_HOST.match(mention.address):
            message = "the address cannot be opened: after two slashes, its first part is read as the name of a host"
            yield RULE.at(mention.span, message, help="write one slash, or none")
        elif mention.kind in ("link", "image") and _ends_with_quote(mention.address):
            yield RULE.at(mention.span, "the address cannot be opened: it ends with a quote", help="remove the quote")
        elif mention.kind in ("link", "image") and mention.is_external and _OPEN_TITLE.search(mention.address):
            message = "the address cannot be opened: the quote of a title after it is never closed"
            yield RULE.at(mention.span, message, help='write `[text](address "title")`')
        elif mention.kind in ("link", "definition") and mention.is_external and _is_followed(mention.address):
            message = f"the address ends with `{mention.address[-1]}`, which belongs to the sentence"
            yield RULE.at(mention.span, message, help="remove it")
        elif mention.kind == "link" and " " in mention.address and _CURLY_TITLE.fullmatch(mention.address):
            message = "the address cannot be opened: curly quotes make no title, so they are part of it"
            yield RULE.at(mention.span, message, help='write `[text](address "title")`')
        elif mention.kind == "link" and " " in mention.address and _UNQUOTED.fullmatch(mention.address):
            message = "the address cannot be opened: words stand after it without quotes"
            yield RULE.at(mention.span, message, help='write `[text](address "title")`')
        elif mention.kind == "link" and " " in mention.address and _RUN_ON.fullmatch(mention.address):
            message = "the address cannot be opened: it takes in the rest of the sentence"
            yield RULE.at(mention.span, message, help="close its parenthesis with `)`")
        elif mention.kind in ("link", "image") and _SPACED_PATH.match(mention.address):
            message = "the address cannot be opened: there is a space beside one of its slashes"
            yield RULE.at(mention.span, message, help="remove the space")
        elif mention.kind in ("link", "image") and " " in mention.address and _BROKEN.fullmatch(mention.address):
            message = "the address cannot be opened: there is a space at the end of one of its parts"
            yield RULE.at(mention.span, message, help="remove the space")
    yield from _wide_colons(page)
    yield from _in_text(page)
    yield from _with_attributes(page)


def _faulty(mention: Mention, fault: str) -> Finding:
    """What is found of a scheme or a host that is none; some write as a scheme what is the name of a host."""
    name, _, number = mention.address.partition(":")
    host = _HOSTS.get(name.casefold())
    help = "write `mailto:` and the mail address" if "mail" in fault else "write `https://` and the host"
    return RULE.at(
        mention.span,
        f"the address cannot be opened: {fault}",
        help=f"write `{host}…`" if host else help,
        fix=Edit(mention.span, host + number.strip()) if host else None,
    )


def _wide_colons(page: Page) -> Iterator[Finding]:
    for match in _WIDE_COLON.finditer(page.prose) if "：//" in page.signs else ():
        yield RULE.at(
            Span(*match.span()),
            "the address cannot be opened: the colon is a full-width one",
            help="write `https://` and the host",
            fix=Edit(Span(*match.span(1)), ":"),
        )


def _with_attributes(page: Page) -> Iterator[Finding]:
    """`[text](address target=_blank)`."""
    for match in _ATTRIBUTES.finditer(page.prose) if '="' in page.signs or "=_" in page.signs else ():
        yield RULE.at(
            Span(*match.span(1)),
            "the address cannot be opened: it holds attributes of the link",
            help="write them in braces after the link: `[text](address){ target=_blank }`",
        )


def _in_text(page: Page) -> Iterator[Finding]:
    """`https//example.org` in the text."""
    text = page.prose
    if not any(f"http{rest}" in text for rest in ("s//", "//", "s;//", ";//", "s:\\\\", ":\\\\")):
        return
    linked = tuple(mention.span for mention in mentions(page))
    for match in _IN_TEXT.finditer(text):
        if not holds(linked, match.start()):
            message = "the address cannot be opened: its scheme is mistyped"
            yield RULE.at(Span(*match.span()), message, help="write `https://` and the host")


def _is_followed(address: str) -> bool:
    """Whether an address ends with a sign of the sentence; in what is asked of a server it may be meant."""
    return address[-1] in ",;" and "?" not in address


def _ends_with_quote(address: str) -> bool:
    """Whether the last sign is a quote, and the only one."""
    return address[-1] in _QUOTES and sum(map(address.count, _QUOTES)) == 1
