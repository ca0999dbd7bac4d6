"""Rules on links: where they lead, how they are written, and what was meant as one."""

from __future__ import annotations

from docscheck.mentions import Mention, internal
from docscheck.once import of_page
from docscheck.page import Page
from docscheck.targets import Target, Verdict, files_of


@of_page
def judged(page: Page) -> tuple[tuple[Mention, Target], ...]:
    """The relative links of a page, and where each leads as far as the files tell."""
    if page.site is None:
        return ()
    files = files_of(page.site)
    return tuple((mention, files.judge(page.uri, mention.path)) for mention in internal(page))


@of_page
def all_lead_to_files(page: Page) -> bool:
    """Whether each relative link of a page names a file of the site."""
    return all(target.verdict is Verdict.FILE for _, target in judged(page))
