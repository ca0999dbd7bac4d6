"""The Content-Security-Policy of every page: what is not of this site, or not known, does not run.

The theme writes a few scripts into its pages. Each is known by its hash, recorded in `scripts.txt` after somebody has
read it; only these hashes come into a policy. A script that got into a page in another way is not among them, so it is
refused here, and would not run if it were published. `python -m archpublish scripts SITE` records the scripts of a
built site anew, for instance after an update of the theme: read what it prints.

A page carries its policy itself, for hosts whose headers nobody can set; `_headers` has the same for those that read
it, with what only a header can say.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from hashlib import sha256, sha384
from pathlib import Path

from docscheck.parse.tolerant import TolerantParser

KNOWN = Path(__file__).with_name("scripts.txt")
"""Hashes of the scripts within pages, each with where it comes from."""

# Nothing is allowed but what is named. Styles in attributes are numbers of formulas and figures; styles in elements
# would be rules, which can read what a page holds. Pictures in addresses are those of the theme's stylesheet.
_DIRECTIVES = (
    ("default-src", "'none'"),
    ("script-src", "'self'"),
    ("style-src", "'self'"),
    ("style-src-attr", "'unsafe-inline'"),
    ("img-src", "'self' data:"),
    ("font-src", "'self'"),
    ("connect-src", "'self'"),
    ("worker-src", "'self'"),
    ("manifest-src", "'self'"),
    ("base-uri", "'none'"),
    ("form-action", "'self'"),
)
_ONLY_IN_HEADERS = (("frame-ancestors", "'none'"),)
_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
MARK = '<meta http-equiv="Content-Security-Policy"'
_HEAD = re.compile(r"<head[^>]*>\s*(?:<meta charset=[^>]*>)?", re.IGNORECASE)
_SCOPE = re.compile(r'\bnew URL\("(?!//)[\w./~%-]*",location\)')
"""The one part of the theme's scripts that depends on where a page lies: the site's root, seen from the page, or from
the host in `404.html`."""
_FINGERPRINTED = re.compile(
    r'<(?:script src|link rel="stylesheet" href)="([^"?#:]*/[\w.-]+\.[0-9a-f]{8}\.min\.(?:js|css))"(?=[ />])'
)
_PROGRAMS = frozenset({"", "module", "text/javascript", "application/javascript", "text/ecmascript", "importmap"})


class UnknownScriptError(ValueError):
    """A page holds a script that nobody has looked at."""


class _Scripts(TolerantParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        kind = (given.get("type") or "").strip().casefold()
        self._inside = tag == "script" and "src" not in given and kind in {*_PROGRAMS, "speculationrules"}
        if self._inside:
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data


def scripts(html: str) -> list[str]:
    """The programs that stand in a page itself."""
    if html.count("<script") == 0:
        return []
    parser = _Scripts()
    for part in re.findall(r"<script.*?</script\s*>|<script.*", html, re.DOTALL | re.IGNORECASE):
        parser.feed(part)
        parser._inside = False
    return [script for script in parser.found if script.strip()]


def with_policy(html: str, site: Path | None = None) -> str:
    """The page with its policy, and with the hashes of the theme's own files, which lie in the folder `site`.

    Raises `UnknownScriptError` for a script in the page that is not among the known ones.
    """
    if MARK in html:
        return html
    found = dict.fromkeys(scripts(html))
    for script in found:
        if fingerprint(script) not in known():
            begun = " ".join(script.split())[:80]
            raise UnknownScriptError(f"there is a script in the page that is not known: {begun}")
    head = f'{MARK} content="{policy(map(_hash, found))}">'
    if site is not None:
        html = _FINGERPRINTED.sub(lambda match: _with_integrity(match, site), html)
    return _HEAD.sub(lambda match: f"{match[0]}\n{head}", html, count=1)


def policy(hashes: Iterable[str], *, header: bool = False) -> str:
    """The policy for a page with scripts of these hashes."""
    allowed = " ".join(f"'{value}'" for value in sorted(hashes))
    directives = [*_DIRECTIVES, *(_ONLY_IN_HEADERS if header else ())]
    written = [
        (name, f"{value} {allowed}" if name == "script-src" and allowed else value) for name, value in directives
    ]
    return "; ".join(f"{name} {value}" for name, value in written)


def headers(pages: Iterable[str]) -> str:
    """The file `_headers`, as several hosts of static sites read it, for all pages with the scripts in them."""
    hashes = {_hash(script) for html in pages for script in scripts(html)}
    lines = [("Content-Security-Policy", policy(hashes, header=True)), *_HEADERS]
    return "/*\n" + "".join(f"  {name}: {value}\n" for name, value in lines)


def fingerprint(script: str) -> str:
    """The hash of a script wherever in the site its page lies."""
    return sha256(_SCOPE.sub('new URL("",location)', script).encode()).hexdigest()


@cache
def known() -> frozenset[str]:
    """The hashes that are recorded."""
    lines = KNOWN.read_text(encoding="utf-8").splitlines()
    return frozenset(line.split()[0] for line in lines if line and not line.startswith("#"))


def protect(site: Path) -> int:
    """Give each page of a built site its policy, and the site its headers; return how many pages there are."""
    number = 0
    for file, html in _pages(site):
        file.write_text(with_policy(html, site), encoding="utf-8")
        number += 1
    write_headers(site)
    return number


def write_headers(site: Path) -> None:
    """Write `_headers` for a built site."""
    (site / "_headers").write_text(headers(html for _, html in _pages(site)), encoding="utf-8")


def unknown_scripts(site: Path) -> dict[str, tuple[str, str]]:
    """Hash to (script, first page) for each script of a built site that is not recorded."""
    found: dict[str, tuple[str, str]] = {}
    for file, html in _pages(site):
        for script in scripts(html):
            if fingerprint(script) not in known():
                found.setdefault(fingerprint(script), (script, file.relative_to(site).as_posix()))
    return found


def record(site: Path, origin: str) -> Iterator[str]:
    """Record the scripts of a built site as known; yield each, to be read."""
    lines = KNOWN.read_text(encoding="utf-8")
    for value, (script, page) in sorted(unknown_scripts(site).items()):
        lines += f"{value}  {origin}: {' '.join(script.split())[:60]}\n"
        yield f"{page}: {script}"
    KNOWN.write_text(lines, encoding="utf-8")
    known.cache_clear()


def _pages(site: Path) -> Iterator[tuple[Path, str]]:
    for file in sorted(site.rglob("*.html")):
        yield file, file.read_text(encoding="utf-8")


def _hash(script: str) -> str:
    return f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}"


def _with_integrity(match: re.Match[str], site: Path) -> str:
    """A file whose name changes with its content never differs from what a page expects; others may, for a while."""
    path = match[1].lstrip("./")
    value = _integrity(site / path) if (site / path).is_file() else ""
    return f'{match[0]} integrity="{value}"' if value else match[0]


@lru_cache(64)
def _integrity(file: Path) -> str:
    return f"sha384-{b64encode(sha384(file.read_bytes()).digest()).decode()}"
