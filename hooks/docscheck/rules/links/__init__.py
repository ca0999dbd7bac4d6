"""Rules on links: where they lead, how they are written, and what was meant as one."""

from __future__ import annotations

import posixpath
from urllib.parse import unquote

from docscheck import addresses
from docscheck.mentions import Mention, internal
from docscheck.once import of_page
from docscheck.page import Page
from docscheck.plugins import adds_endings, finds_by_name
from docscheck.targets import Files, Target, Verdict, files_of


@of_page
def judged(page: Page) -> tuple[tuple[Mention, Target], ...]:
    """The relative links of a page, and where each leads as far as the files tell."""
    if page.site is None:
        return ()
    files = files_of(page.site)
    found = tuple((mention, files.judge(page.uri, mention.path)) for mention in internal(page))
    if not adds_endings(page.config):
        return found
    return tuple((mention, _found_by_plugin(page, files, mention, target)) for mention, target in found)


def _found_by_plugin(page: Page, files: Files, mention: Mention, target: Target) -> Target:
    """Where a plugin leads a link that MkDocs itself leaves as it is."""
    if target.verdict not in (Verdict.ASTRAY, Verdict.MISSING, Verdict.OUTSIDE) or mention.kind == "raw":
        return target
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(page.uri), unquote(mention.path) + ".md"))
    if beside in files.built:
        return Target(Verdict.FILE, beside)
    name = posixpath.basename(unquote(mention.path)).removesuffix(".md").lower()
    is_named = posixpath.basename(target.file).removesuffix(".md").lower() == name
    if not finds_by_name(page.config):
        return target
    end = f"/{name}.md"
    found = target.file if is_named else next((file for file in files.built if f"/{file}".lower().endswith(end)), "")
    return Target(Verdict.FILE, found) if found else target


@of_page
def all_lead_to_files(page: Page) -> bool:
    """Whether each relative link of a page names a file of the site."""
    return all(target.verdict is Verdict.FILE for _, target in judged(page))


def is_in_own_folder(page: Page, mention: Mention) -> bool:
    """Whether a browser finds a file in the folder that has the name of a page: at the address of that page.

    MkDocs warns of it, and leaves the path alone.
    """
    if page.site is None or page.config.values.get("strict") or not page.config.directory_urls:
        return False
    files = files_of(page.site)
    found = files.judge_address(page.uri, mention.path)
    return found.verdict is Verdict.FILE and posixpath.dirname(found.file) + ".md" in files.built


def is_no_path(mention: Mention) -> bool:
    """Whether other rules speak of the address: it was never meant as a path."""
    address = mention.address
    if addresses.is_mail(address) or addresses.is_bare_host(address) or addresses.scheme_fault(address):
        return True
    if "\\" in address or addresses.is_local_file(address) or address.startswith("("):
        return True
    return address.strip("<>{}[]() ").casefold() in addresses.PLACEHOLDERS
