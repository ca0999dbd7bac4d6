"""A web or mail address without `https://` or `mailto:` is read as the name of a file."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck import addresses
from docscheck.diagnostics import Edit, Finding, Rule
from docscheck.mentions import Mention, mentions
from docscheck.page import Page
from docscheck.source import Span
from docscheck.targets import Verdict, files_of

RULE = Rule("LNK110", "missing-scheme")


def check(page: Page) -> Iterator[Finding]:
    """Find addresses of hosts and mailboxes that are written like paths."""
    for mention in mentions(page):
        if mention.kind in ("autolink", "bare"):
            continue
        if mention.is_external:
            if addresses.is_bare_host(mention.address):  # what stands before a port
                yield _finding(mention, "http://", "without a scheme the name of the host is read as one")
            continue
        if _is_file(page, mention):
            continue
        if addresses.is_mail(mention.address):
            yield _finding(mention, "mailto:", "the mail address is read as the name of a file")
        elif addresses.is_bare_host(mention.address):
            yield _finding(mention, "https://", "without a scheme the address is read as the name of a file")


def _is_file(page: Page, mention: Mention) -> bool:
    if page.site is None:
        return False
    return files_of(page.site).judge(page.uri, mention.path).verdict is Verdict.FILE


def _finding(mention: Mention, scheme: str, message: str) -> Finding:
    fix = Edit(Span(mention.span.start, mention.span.start), scheme)
    return RULE.at(mention.span, message, help=f"begin it with `{scheme}`", fix=fix)
