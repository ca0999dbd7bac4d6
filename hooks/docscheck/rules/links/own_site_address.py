"""A page of this site, linked by its full address: the build cannot check it, and a preview leads away."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import lru_cache

from docscheck import addresses
from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.mentions import Mention, mentions
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.programs import makes_files
from docscheck.site_files import SiteFiles
from docscheck.targets import Files, Verdict, base_path, begins_like_ours, files_of, relative

RULE = Rule("LNK107", "own-site-address", Severity.WARNING)


def check(page: Page) -> Iterator[Finding]:
    """Compare addresses with `site_url`; versions that another build puts there are left alone."""
    host = addresses.host(page.config.site_url)
    if page.site is None or not host or addresses.is_local_host(page.config.site_url):
        return
    for mention in mentions(page):
        if mention.kind in ("link", "definition", "raw") and addresses.host(mention.address) == host:
            yield from _judge(page, mention)


def _judge(page: Page, mention: Mention) -> Iterator[Finding]:
    assert page.site is not None
    base = base_path(page.config.site_url)
    path = "/" + mention.path.split("://", 1)[-1].partition("/")[2]
    if not path.startswith(base) or path == base or _is_shown(mention):
        return
    files = files_of(page.site)
    below = path.removeprefix(base)
    target = files.judge_absolute(below)
    if target.verdict is Verdict.FILE:
        if not target.file:
            return
        help = f"link to the file: `{relative(target.file, page.uri)}`"
        yield RULE.at(mention.span, "a page of this site is linked by its full address", help=help)
    elif post := _post(page.site, below):
        help = f"link to the file: `{relative(post, page.uri)}`"
        yield RULE.at(mention.span, "a page of this site is linked by its full address", help=help)
    elif other := _of_other_kind(files, below):
        help = f"link to the file: `{relative(other, page.uri)}`"
        yield RULE.at(mention.span, "this site writes the addresses of its pages in another way", help=help)
    elif _stands_beside_ours(files, below) and not makes_files(page.site) and not _is_of_blog(page.site, below):
        yield RULE.at(mention.span, "this site has no page at that address", help="correct the address")


def _of_other_kind(files: Files, below: str) -> str:
    """The page that an address with `.html` means on a site that writes `/`, or the other way round."""
    bare = below.removesuffix("/").removesuffix(".html")
    tries = (f"{bare}/", f"{bare}.html") if bare and "." not in bare.rpartition("/")[2] else ()
    found = [files.judge_absolute(other) for other in tries if other != below]
    return next((target.file for target in found if target.verdict is Verdict.FILE), "")


_DATED = lazy(r"\d{4}-\d{2}-\d{2}-")


def _post(site: SiteFiles, path: str) -> str:
    """The post that the blog plugin moves to an address of its own: the address ends in the name of its file."""
    slug = path.strip("/").rpartition("/")[2].removesuffix(".html").lower()
    return _posts(site).get(slug, "") if site.posts else ""


@lru_cache(maxsize=4)
def _posts(site: SiteFiles) -> dict[str, str]:
    """The posts by the names of their files without a date."""
    folder = posixpath.normpath(site.posts) + "/"
    posts = [uri for uri in site.page_uris if uri.startswith(folder)]
    return {_DATED.sub("", posixpath.basename(uri)).removesuffix(".md").lower(): uri for uri in posts}


def _stands_beside_ours(files: Files, path: str) -> bool:
    """Whether the folder of an address is one of the site's: what lies deeper may come from another build."""
    folder = path.strip("/").rpartition("/")[0]
    return begins_like_ours(files, path) and any(address.startswith(f"{folder}/") for address in files.addresses)


def _is_of_blog(site: SiteFiles, path: str) -> bool:
    """Whether a path is under the blog, whose plugin makes pages and moves posts."""
    return bool(site.posts) and path.startswith(site.blog + "/")


def _is_shown(mention: Mention) -> bool:
    """Whether the reader is told the address itself, or sees a picture from there."""
    is_image = mention.tag is not None and mention.tag.name != "a"
    return is_image or "://" in mention.text or mention.text.strip().startswith("www.")
