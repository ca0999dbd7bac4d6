"""Runs the rules on pages: what the source scan proposes is confirmed by the rendered page where it speaks of that."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, NamedTuple

from docscheck.config import Config
from docscheck.diagnostics import Diagnostic, Finding, located
from docscheck.page import Page
from docscheck.rules import SITE_RULES, page_checks
from docscheck.rules.syntax.printed_syntax import second_witness
from docscheck.site import Site
from docscheck.suppress import apply_suppressions


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """Look for garbage rarely: a page is taken apart when it has been read, so hardly anything is left to be found."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class PageReport(NamedTuple):
    """What reading one page gives."""

    facts: dict[str, Any]
    """What the rules that compare pages want to know, as plain values."""
    own: list[Diagnostic]
    """What is found in the page without a look at others."""
    found: list[Finding] | None
    """The same before it is located, to be told with what the comparison finds; None where that may change it."""


_TOGETHER = 16
"""So many pages are read together, rule by rule.

A rule is faster on several pages in a row than in turn with all others: the processor still has at hand what the rule
needs. With many more pages, theirs would no longer be.
"""


def read_pages(pages: Iterable[Page]) -> Iterator[tuple[Page, PageReport]]:
    """Read pages, in their order."""
    waiting = iter(pages)
    while together := list(islice(waiting, _TOGETHER)):
        facts = _facts(together)
        found = _findings(together)
        for page in together:
            leftovers = second_witness(page, found[page])
            diagnostics = _located(page, [*found[page], *leftovers])
            yield page, PageReport(facts[page], diagnostics, None if leftovers else _proved(found[page]))


def _proved(findings: Iterable[Finding]) -> list[Finding]:
    """The findings without their proofs, which would keep the page from being forgotten."""
    return [finding._replace(proof=None) for finding in findings]


def page_facts(page: Page) -> dict[str, Any]:
    """What the rules that compare pages want to know of one."""
    return _facts([page])[page]


def _facts(pages: Sequence[Page]) -> dict[Page, dict[str, Any]]:
    facts: dict[Page, dict[str, Any]] = {page: {} for page in pages}
    for rule in SITE_RULES:
        for page in pages:
            facts[page][rule.name] = rule.module.facts(page)
    return facts


def site_findings(site: Site, facts: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Finding]]:
    """What the rules that compare pages find, by page."""
    found: dict[str, list[Finding]] = {}
    for rule in SITE_RULES:
        for uri, finding in rule.module.compare(site, {uri: known[rule.name] for uri, known in facts.items()}):
            if _is_on(finding, site.config) and (finding.proof is None or _stands(finding, site.page(uri))):
                found.setdefault(uri, []).append(finding)
    return found


def page_diagnostics(page: Page, more: Iterable[Finding], found: list[Finding] | None = None) -> list[Diagnostic]:
    """What is found in a page, with what the comparison of pages found in it.

    What its report says was found is not looked for again: the second witness, who had nothing to add, will not have
    more to add on fewer lines. It might where a proof has had the page rendered since.
    """
    if found is not None and not page.is_rendered:
        return _located(page, [*found, *more])
    return _diagnostics(page, [*page_findings(page), *more])


def page_steps(page: Page, more: Iterable[Finding]) -> Iterator[list[Diagnostic]]:
    """`page_diagnostics` with rests between the findings, at which nothing is handed out; what is found comes last."""
    found = []
    for check_one, _ in page_checks([page]):
        for finding in check_one(page):
            if _is_on(finding, page.config) and _stands(finding, page):
                found.append(finding)
            yield []
        yield []
    yield _diagnostics(page, [*found, *more])


def _diagnostics(page: Page, found: list[Finding]) -> list[Diagnostic]:
    return _located(page, [*found, *second_witness(page, found)])


def _located(page: Page, found: list[Finding]) -> list[Diagnostic]:
    return [located(finding, page.source) for finding in apply_suppressions(page, _without_echoes(found))]


def page_findings(page: Page) -> list[Finding]:
    """What the rules that read one page find in it."""
    return _findings([page])[page]


def page_proposals(page: Page) -> list[Finding]:
    """What the rules that read one page would find in it, whatever the rendered page says to that."""
    return [finding for check, _ in page_checks([page]) for finding in check(page) if _is_on(finding, page.config)]


def _findings(pages: Sequence[Page]) -> dict[Page, list[Finding]]:
    found: dict[Page, list[Finding]] = {page: [] for page in pages}
    for check_one, concerned in page_checks(pages):
        for page in concerned:
            for finding in check_one(page):
                if _is_on(finding, page.config) and _stands(finding, page):
                    found[page].append(finding)
    return found


def _is_on(finding: Finding, config: Config) -> bool:
    return not finding.rule.profile or finding.rule.profile == config.profile


def _stands(finding: Finding, page: Page) -> bool:
    """Whether the rendered page, if it is to be asked, bears the finding out."""
    if finding.proof is None:
        return True
    rendered = page.rendered
    return bool(rendered.failed) or finding.proof(rendered)


def _without_echoes(findings: list[Finding]) -> list[Finding]:
    """Drop repeated findings of one rule at one place."""
    seen: dict[tuple[str, int, int], Finding] = {}
    for finding in findings:
        seen.setdefault((finding.rule.code, finding.span.start, finding.span.end), finding)
    return list(seen.values())
