"""A path from the root of the host, on a site that does not stand there, or to a page that does not exist."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path

from docscheck.diagnostics import Finding, Rule
from docscheck.mentions import Mention, mentions
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.plugins import reads_from_docs
from docscheck.programs import makes_files, reads
from docscheck.stamps import settings_files
from docscheck.targets import Files, Verdict, base_path, begins_like_ours, files_of, from_root, relative, validation

RULE = Rule("LNK106", "absolute-path")


def check(page: Page) -> Iterator[Finding]:
    """Judge paths that begin with a slash; what another program may serve on the host is left alone."""
    if page.site is None:
        return
    files, site = files_of(page.site), page.site
    from_docs = validation(page.config, "absolute_links") == "relative_to_docs"
    for mention in mentions(page):
        if mention.kind in ("bare", "autolink") or not mention.path.startswith("/") or mention.path.startswith("//"):
            continue
        if reads(site, mention.path[: mention.path.find("/", 1) + 1] or mention.path):
            continue  # a hook makes an address of such paths
        by_plugin = mention.path.endswith(".md") and reads_from_docs(page.config)
        if (from_docs or by_plugin) and mention.kind != "raw":
            yield from _from_docs(page, mention, files)
        else:
            yield from _from_root(page, mention, files)


def _from_docs(page: Page, mention: Mention, files: Files) -> Iterator[Finding]:
    target = files.judge("index.md", mention.path.lstrip("/") or "index.md")
    if target.verdict is not Verdict.FILE and page.site is not None and not makes_files(page.site):
        help = f"did you mean `/{target.file}`?" if target.file else ""
        yield RULE.at(mention.span, f"there is no `{mention.path}` among the pages", help=help)


def _from_root(page: Page, mention: Mention, files: Files) -> Iterator[Finding]:
    base = base_path(page.config.site_url)
    path = from_root(mention.path)
    below = path.removeprefix(base) if path.startswith(base) else path.lstrip("/")
    target = files.judge_absolute(below)
    source = files.judge("index.md", below) if below else target
    seen = source if source.verdict is Verdict.FILE or not target.file else target
    meant, help = seen.file, "link to the file by a relative path"
    if meant:
        path_to = relative(meant, page.uri)
        is_guess = seen.verdict is Verdict.MISSING
        help = f"did you mean `{path_to}`?" if is_guess else f"link to the file: `{path_to}`"
    if below.startswith(f"{page.config.docs_dir.name}/"):
        message = f"`{page.config.docs_dir.name}` is the folder of the pages, and not part of an address"
        yield RULE.at(mention.span, message, help=help)
    elif source.verdict is Verdict.FILE and below.endswith(".md"):
        yield RULE.at(mention.span, "no page has an address that ends in `.md`", help=help)
    elif base != "/" and not path.startswith(base) and target.verdict is Verdict.FILE:
        yield RULE.at(mention.span, f"the site is under `{base}`, so this leads out of the site", help=help)
    elif "mike" in page.config.plugins and target.verdict is Verdict.FILE and below:
        message = "`mike` puts each version of the site into a folder, so this leads out of it"
        yield RULE.at(mention.span, message, help=help)
    elif target.verdict is not Verdict.FILE and _is_meant_here(page, mention, files, below, meant):
        if _is_handed_down(page, below) or (page.site is not None and page.site.is_of_blog(below)):
            return
        if not below.endswith(".md") and f"{below}'" in str(page.config.values.get("nav")):
            return  # the navigation names it as well: something else puts it on the host
        yield RULE.at(mention.span, f"the site has no page at `{mention.path}`", help=help)


def _is_handed_down(page: Page, below: str) -> bool:
    """Whether the site from which this one inherits its settings has the file: both stand on one host."""
    folders = (posixpath.dirname(file) for file in settings_files(page.config.file)[1:])
    return any(Path(folder, page.config.docs_dir.name, below).is_file() for folder in folders)


def _is_meant_here(page: Page, mention: Mention, files: Files, below: str, meant: str) -> bool:
    """Whether a path that leads to nothing of the site was to lead to something of it."""
    base = base_path(page.config.site_url)
    # The host may answer other paths with another program.
    is_ours = base == "/" or from_root(mention.path).startswith(base)
    if not page.config.site_url:
        return is_ours and (below.endswith(".md") or (mention.kind == "image" and _is_near(files, below, meant)))
    if begins_like_ours(files, below) or (is_ours and _in_other_case(files, below)):
        return True
    return is_ours and not _OTHER_BUILD.match(below) and (below.endswith(".md") or _has_same_name(meant, below))


def _is_near(files: Files, below: str, meant: str) -> bool:
    """Whether a folder of the site has a file whose name is much like that of one that it lacks."""
    folder, name = posixpath.split(below)
    return bool(folder) and posixpath.dirname(meant) == folder and meant in files.addresses and meant != name


_OTHER_BUILD = lazy(r"(?:v?\d[\w.-]*|latest|stable|dev|devel|main|master|edge|next|[a-z]{2}(?:[-_][A-Za-z]{2,4})?)/")
"""How the address of another version begins, or of another language: they are not built from these pages."""


def _in_other_case(files: Files, path: str) -> bool:
    """Whether a page stands at the path but for capitals: for most hosts that is another address."""
    folded = path.strip("/").lower()
    return bool(folded) and any(address.strip("/").lower() == folded for address in files.addresses)


def _has_same_name(file: str, path: str) -> bool:
    """Whether a file of the site, elsewhere, has the very name that the path ends in."""
    name = posixpath.basename(path.rstrip("/"))
    return bool(file) and name in (posixpath.basename(file), posixpath.basename(file).removesuffix(".md"))
