"""An address begins with something that is nearly `https://` and a host."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck import addresses
from docscheck.diagnostics import Finding, Rule
from docscheck.mentions import mentions
from docscheck.page import Page

RULE = Rule("LNK109", "mistyped-scheme")


def check(page: Page) -> Iterator[Finding]:
    """Judge how each address begins."""
    for mention in mentions(page):
        fault = addresses.scheme_fault(mention.address) or addresses.host_fault(mention.address)
        if fault:
            help = "write `mailto:` and the mail address" if "mail" in fault else "write `https://` and the host"
            yield RULE.at(mention.span, f"the address cannot be opened: {fault}", help=help)
