"""A path in raw HTML: nobody rewrites it, so it has to fit the address of the page."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote

from docscheck.diagnostics import Finding, Rule
from docscheck.included import may_be_part
from docscheck.mentions import Mention, mentions
from docscheck.page import Page
from docscheck.programs import is_generated, makes_files
from docscheck.rules.links import is_no_path
from docscheck.site_files import SiteFiles
from docscheck.targets import Files, Verdict, files_of
from docscheck.translations import PLUGINS

RULE = Rule("LNK301", "raw-path")
_REWRITERS = frozenset(["pymdownx.pathconverter", "pymdownx.b64"])


def check(page: Page) -> Iterator[Finding]:
    """Resolve `href` and `src` as a browser does, on the page's own address."""
    site = page.site
    if (
        site is None
        or may_be_part(page)
        or _REWRITERS & page.config.extensions.keys()
        or _has_another_address(site, page.uri)
    ):
        return
    for mention in mentions(page):
        if mention.kind == "raw" and _is_relative(mention) and not _is_parsed(mention) and not _is_read(page, mention):
            yield from _judge(page, mention)


def _has_another_address(site: SiteFiles, uri: str) -> bool:
    """Whether a plugin gives the page an address that its path does not tell: a post, or a translation."""
    return bool(site.posts and uri.startswith(site.posts)) or not PLUGINS.isdisjoint(site.config.plugins)


def _is_relative(mention: Mention) -> bool:
    leads_out = mention.is_external or mention.path.startswith("/") or "{{" in mention.path
    return bool(mention.path) and not leads_out and not is_no_path(mention)


def _is_read(page: Page, mention: Mention) -> bool:
    """Whether a plugin reads the tag, and finds the file beside the page: `<swagger-ui src="api.yaml">`."""
    return mention.tag is not None and f"{mention.tag.name}-tag" in page.config.plugins


def _is_parsed(mention: Mention) -> bool:
    """Whether `md_in_html` makes the tag a part of the page, so that MkDocs does rewrite it."""
    return mention.tag is not None and mention.tag.get("markdown") is not None


def _judge(page: Page, mention: Mention) -> Iterator[Finding]:
    assert page.site is not None
    files = files_of(page.site)
    target = files.judge_address(page.uri, mention.path)
    if target.verdict is Verdict.ASTRAY:
        right = _path(files.address(page.uri), files.address(target.file))
        message = (
            f"paths in raw HTML are not rewritten: from this page's address, this one does not lead to `{target.file}`"
        )
        yield RULE.at(mention.span, message, help=f"write `{right}`, or use Markdown")
    elif (
        target.verdict is Verdict.MISSING
        and not makes_files(page.site)
        and not _is_of_blog(page.site, mention)
        and not _may_be_of_theme(page.site, mention)
        and not is_generated(page.site, _place(files, page, mention))
    ):
        meant = _path(files.address(page.uri), files.address(target.file)) if target.file else ""
        help = f"did you mean `{meant}`?" if meant else "correct the path, or add the file"
        yield RULE.at(mention.span, f"the site has nothing at `{mention.path}`, seen from this page", help=help)


def _is_of_blog(site: SiteFiles, mention: Mention) -> bool:
    """Whether the blog plugin may make what is named: its indexes, archives, and the new addresses of posts."""
    return bool(site.posts) and f"{site.blog}/" in mention.path


_KNOWN_THEMES = frozenset(("material", "materialx", "mkdocs", "readthedocs"))
_STATIC = (".css", ".js", ".woff", ".woff2", ".ttf")


def _may_be_of_theme(site: SiteFiles, mention: Mention) -> bool:
    """Whether a theme that we do not know may bring the file: each puts its own style sheets and scripts on a site."""
    return mention.path.endswith(_STATIC) and site.config.theme.get("name") not in _KNOWN_THEMES


def _place(files: Files, page: Page, mention: Mention) -> str:
    """Where a path leads, seen from the root of the site."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(files.address(page.uri)), unquote(mention.path)))


def _path(page: str, target: str) -> str:
    """A target's address as seen from a page's address."""
    folder = page[: page.rfind("/") + 1] or "."
    path = posixpath.relpath(target or ".", folder)
    return path + "/" if target.endswith("/") or not target else path
