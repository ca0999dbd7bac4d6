"""A link or image names a file that the site does not have."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from fnmatch import fnmatch
from urllib.parse import unquote

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.mentions import Mention
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.programs import is_generated, led_elsewhere, makes_files, may_generate, named_by_hooks, rewrites_links
from docscheck.rules.links import is_in_own_folder, is_no_path, judged
from docscheck.targets import Verdict, files_of, relative

RULE = Rule("LNK101", "missing-file")


def check(page: Page) -> Iterator[Finding]:
    """Judge every relative path, unless a plugin may make the file."""
    if _is_for_templates(page):
        return
    for mention, target in judged(page):
        if page.site is None or target.verdict is not Verdict.MISSING or is_no_path(mention):
            continue
        path = posixpath.normpath(posixpath.join(posixpath.dirname(page.uri), unquote(mention.path)))
        if makes_files(page.site, posixpath.splitext(mention.path.rstrip("/"))[1] or ".md") and not (
            posixpath.basename(target.file) == posixpath.basename(path) and not may_generate(page.site, path)
        ):
            continue
        if path.startswith("../") and (rewrites_links(page.site) or mention.path.startswith(led_elsewhere(page.site))):
            continue
        if not mention.path.endswith(".md") and mention.path.startswith(named_by_hooks(page.site)):
            continue
        if _is_neighbour(page, mention.path, path) and not _ends_alike(path, target.file):
            continue
        if not target.file and _is_of_version(page, path):
            continue
        if is_in_own_folder(page, mention) or page.site.is_of_blog(path) or page.site.is_of_blog(_place(page, mention)):
            continue
        if _is_beside_post(page, mention) or _is_left_out(page, path) or _is_rendered_first(page, path):
            continue
        if not is_generated(page.site, path):
            yield _finding(mention, path, relative(target.file, page.uri) if target.file else "")


def _is_for_templates(page: Page) -> bool:
    """Whether the page is in the folder from which templates take text into others: its links are seen from there."""
    folder = page.config.plugins.get("macros", {}).get("include_dir")
    return bool(folder) and (page.config.docs_dir / page.uri).is_relative_to(page.config.root / str(folder))


def _is_neighbour(page: Page, written: str, path: str) -> bool:
    """Whether an address, which ends with a slash, leads to another site under the same host."""
    if page.site is None or not path.startswith("../") or not written.endswith("/"):
        return False
    return files_of(page.site).leaves_site(page.uri, written) and not (page.config.docs_dir / path).exists()


def _ends_alike(path: str, file: str) -> bool:
    """Whether a path out of the site ends with the folder of the page that has its name, so that it climbs too far."""
    above = posixpath.basename(posixpath.dirname(path))
    return file != "" and above in ("..", posixpath.basename(posixpath.dirname(file)))


def _is_left_out(page: Page, path: str) -> bool:
    """Whether the site tells a plugin that checks its links to leave this one out, as one to what is made later."""
    ignored = page.config.plugins.get("htmlproofer", {}).get("ignore_urls")
    names = [str(name) for name in ignored] if isinstance(ignored, list) else []
    local = [_CLIMB.sub("", name) for name in names if "://" not in name and not name.startswith("*")]
    return any(fnmatch(path, name) for name in local)


def _is_rendered_first(page: Page, path: str) -> bool:
    """Whether another program makes the page before the build: its source for Quarto, R or a template is there."""
    stem, suffix = posixpath.splitext(path)
    names = (f"{stem}.qmd", f"{stem}.Rmd", f"{path}.j2", f"{path}.jinja", f"{path}.tmpl")
    return suffix == ".md" and any((page.config.docs_dir / name).is_file() for name in names)


_CLIMB = lazy(r"^(?:\.{1,2}/|/)+")


def _is_beside_post(page: Page, mention: Mention) -> bool:
    """Whether a post names the address of another: the blog plugin gives both of them addresses by their days."""
    site = page.site
    named = mention.path.removeprefix("../").rstrip("/")
    is_post = site is not None and bool(site.posts) and page.uri.startswith(site.posts)
    return is_post and mention.path.startswith("../") and _SLUG.fullmatch(named) is not None


_SLUG = lazy(r"(?:(?:\.\./)*\d{4}(?:/\d\d){0,2}/)?[\w-]+")
_VERSIONS = frozenset(("latest", "stable", "dev", "devel", "next"))


def _is_of_version(page: Page, path: str) -> bool:
    """Whether a path leads to another version of a site, which `mike` puts into a folder that has its name."""
    return "mike" in page.config.plugins and not _VERSIONS.isdisjoint(path.split("/"))


def _place(page: Page, mention: Mention) -> str:
    """Where a link that MkDocs leaves alone leads to, seen from the page's address."""
    address = files_of(page.site).address(page.uri) if page.site is not None else ""
    return posixpath.normpath(posixpath.join(posixpath.dirname(address), unquote(mention.path)))


def _finding(mention: Mention, path: str, meant: str) -> Finding:
    what = "image" if mention.kind == "image" else "link"
    help = f"did you mean `{meant}`?" if meant else "correct the path, or add the file"
    has_suffix = bool(posixpath.splitext(mention.path.rstrip("/"))[1])
    severity = Severity.ERROR if has_suffix or meant else Severity.WARNING
    return RULE.at(mention.span, f"the {what} leads to `{path}`, which does not exist", help=help, severity=severity)
