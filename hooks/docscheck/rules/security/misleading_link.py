"""Links that lead to another host than their reader believes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote

from docscheck.addresses import is_local_host
from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.mentions import Mention, mentions
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.words.distance import distance

RULE = Rule("SEC107", "misleading-link")

_HOST = lazy(r"\s*(?:https?:)?([/\\]{2,})([^/\\?#\s]*)([/\\]?)", re.I)
_SHOWN = lazy(r"[`*_]*(?:https?://|www\.)(?:www\.)?([\w-]+(?:\.[\w-]+)+)(?![^/:?#`*_])\S*", re.I)
_ARCHIVE = lazy(
    r"https?://(?:web\.archive\.org/(?:web/)?\d+[a-z_]*/|archive\.(?:ph|is|today|md|li|fo|vn)/(?:\d+/)?)(?=https?:)",
    re.I,
)
"""How an archive's address of a page begins; the page's own follows."""
_CREDENTIALS = lazy(r"<?(?:user(?:name)?|login|name)>?:<?(?:pass(?:w(?:or)?d)?|pw|secret|token)>?", re.I)
_LABEL = lazy(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_SLIP = 2
_LONG_NAME = 6
"""Shorter names that differ in a letter are often those of two hosts."""
_LONG_ENDING = 3
_SCRIPTS = frozenset(["LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"])
"""Scripts whose letters can pass for those of another."""
_LIKE_LATIN = frozenset("асеорхуіјԁԛѕԝһӏкгьοανρυικ")
"""Letters of other scripts of which a whole name may consist that looks Latin."""


def check(page: Page) -> Iterator[Finding]:
    """Look at every address with a host."""
    for mention in mentions(page):
        match = _HOST.match(mention.address)
        if not match:
            continue
        user, at, rest = match[2].rpartition("@")
        host = rest.partition(":")[0].casefold()
        if mention.kind == "bare" and match[1] == "//\\" and host.startswith("*"):
            continue  # `https://\*.example`: the star of any host, escaped
        if "\\" in match[1] + match[3]:
            message = f"browsers read `\\` as `/`, so the link leads to `{host}`"
            yield RULE.at(mention.span, message, help="write `/`, or leave the link out")
        elif at and (is_local_host(mention.address) or _CREDENTIALS.fullmatch(user)):
            continue  # the form of an address with a name and a password, which nobody opens
        elif at:
            message = f"`{user}` is not the host but a user name: the link leads to `{host}`"
            yield RULE.at(mention.span, message, help="remove everything before `@` in the host")
        elif letter := _foreign_letter(host):
            message = f"`{letter}` in the host is {unicodedata.name(letter).lower()}, which looks like another letter"
            yield RULE.at(mention.span, message, help="type the name of the host again")
        elif shown := _other_host(mention, host):
            message = f"the text shows `{shown}`, but the link leads to `{host}`"
            yield RULE.at(mention.span, message, help="show the address that the link leads to, or say it in words")
        elif shown := _nearly_the_host(mention, host):
            message = f"the text shows `{shown}`, but the link leads to `{host}`"
            yield RULE.at(mention.span, message, help="find out which is right, and correct the other")
        elif _shows_other_path(mention):
            message = "the text shows a different address from the one the link leads to"
            help = "find out which is right, and correct the other"
            yield RULE.at(mention.span, message, help=help, severity=Severity.WARNING)


def _nearly_the_host(mention: Mention, host: str) -> str:
    """The host that a text shows without a scheme, if the link's is nearly that: a letter more, less or elsewhere."""
    shown = mention.text.strip("`*_ ").casefold()
    names = shown.split(".")
    if mention.kind not in ("link", "definition") or len(names) < 2 or not all(map(_LABEL.fullmatch, names)):
        return ""
    ours, theirs = (name.removeprefix("www.").rpartition(".") for name in (shown, host))
    if len(ours[0]) <= _LONG_NAME:
        return ""
    if ours[0] == theirs[0]:  # `.coffe`, but not `.co` for `.com`
        is_slip = min(len(ours[2]), len(theirs[2])) >= _LONG_ENDING and ours[2] != theirs[2]
        return shown if is_slip and distance(ours[2], theirs[2]) < _SLIP else ""
    return shown if ours[2] == theirs[2] and distance(ours[0], theirs[0]) < _SLIP else ""


def _shows_other_path(mention: Mention) -> bool:
    """Whether the text is an address at the same host, and neither it nor the link's begins the other."""
    shown = mention.text.replace("*", "").strip().strip("`_<>")
    if not _SHOWN.fullmatch(shown) or mention.kind not in ("link", "definition") or "…" in shown or "..." in shown:
        return False
    ours, theirs = (_path(_ARCHIVE.sub("", address, count=1)) for address in (shown, mention.address))
    if ours.partition("/")[0] != theirs.partition("/")[0]:
        return False
    return not (_begins(ours, theirs) or _begins(theirs, ours))


def _begins(address: str, longer: str) -> bool:
    """Whether one address begins another at the end of a word, as a shortened one does."""
    return longer.startswith(address) and not (address[-1:].isalnum() and longer[len(address) :][:1].isalnum())


def _path(address: str) -> str:
    """What tells one page of a host from another."""
    plain = unquote(unescape(address).strip().partition("#")[0]).casefold().replace("\\", "")
    return re.sub(r"^(?:https?:)?(?://)?(?:www\.)?|/?(?:index\.html?)?$|\.git$", "", plain)


def _foreign_letter(host: str) -> str:
    """A letter of another script in a part of the host that is otherwise Latin, or looks so; empty for none."""
    for label in host.split("."):
        if label.startswith("xn--"):
            try:
                label = label[4:].encode("ascii").decode("punycode")
            except UnicodeError:
                continue
        if label.isascii():
            continue
        found = {char: unicodedata.name(char, "").partition(" ")[0] for char in label if char.isalpha()}
        scripts = {script for script in found.values() if script in _SCRIPTS}
        if len(scripts) > 1 or _LIKE_LATIN.issuperset(found):
            return next((char for char, script in found.items() if script != "LATIN"), "")
    return ""


def _other_host(mention: Mention, host: str) -> str:
    """The host that the text of a link shows, if it is not the link's, nor above or below it."""
    is_shown = mention.kind in ("link", "definition") or (mention.tag is not None and mention.tag.name == "a")
    match = _SHOWN.fullmatch(mention.text.strip()) if is_shown else None
    shown = match[1].casefold() if match else ""
    archived = _ARCHIVE.match(mention.address) if shown and shown != host.removeprefix("www.") else None
    if archived and (page := _HOST.match(mention.address, archived.end())):
        host = page[2].casefold()
    host = host.removeprefix("www.")
    if not shown or shown == host or shown.endswith(f".{host}") or host.endswith(f".{shown}"):
        return ""
    return shown
