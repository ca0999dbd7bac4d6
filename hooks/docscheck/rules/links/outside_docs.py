"""A link leaves the folder of the pages: the file is in the repository, not on the site."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule
from docscheck.mentions import Mention
from docscheck.page import Page
from docscheck.programs import led_elsewhere, makes_files, rewrites_links
from docscheck.rules.links import is_in_own_folder, is_no_path, judged
from docscheck.targets import Verdict, files_of

RULE = Rule("LNK104", "outside-docs")


def check(page: Page) -> Iterator[Finding]:
    """Find paths that climb out of docs_dir."""
    if page.site is None or makes_files(page.site, ".md") or rewrites_links(page.site):
        return
    folder = page.config.docs_dir.name
    for mention, target in judged(page):
        if target.verdict is Verdict.OUTSIDE and not is_no_path(mention):
            if mention.path.startswith(led_elsewhere(page.site)) or is_in_own_folder(page, mention):
                continue
            if _is_beside_site(page, mention):
                continue
            help = "link to the file where the repository is hosted, or move it into the folder of the pages"
            yield RULE.at(
                mention.span, f"the link leads out of `{folder}`, so the site does not have the file", help=help
            )


def _is_beside_site(page: Page, mention: Mention) -> bool:
    """Whether an address, which ends with a slash, leads to another site under the same host, or another version."""
    if page.site is None or not mention.path.endswith("/"):
        return False
    is_ours = (page.config.docs_dir / page.uri).parent.joinpath(mention.path).exists()
    return files_of(page.site).leaves_site(page.uri, mention.path) and not is_ours
