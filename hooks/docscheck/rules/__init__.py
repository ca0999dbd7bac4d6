"""The one table: every rule, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from types import ModuleType
from typing import TYPE_CHECKING

from docscheck.diagnostics import Finding, Rule
from docscheck.rules.boxes import (
    body_becomes_code,
    body_outside,
    broken_block,
    colon_after_type,
    empty_tab_title,
    extension_off,
    foreign_box,
    header_in_paragraph,
    indented_header,
    missing_type,
    raw_html,
    text_after_title,
    unclosed_title,
    unknown_type,
    unquoted_title,
    unreadable_header,
    wrong_marks,
    wrong_modifier,
    wrong_title_quotes,
)

if TYPE_CHECKING:
    from docscheck.page import Page
    from docscheck.site import Site

_MODULES: tuple[ModuleType, ...] = (
    # boxes, tabs and blocks
    unclosed_title,
    wrong_title_quotes,
    text_after_title,
    unquoted_title,
    wrong_marks,
    wrong_modifier,
    colon_after_type,
    missing_type,
    unknown_type,
    indented_header,
    header_in_paragraph,
    extension_off,
    unreadable_header,
    empty_tab_title,
    body_outside,
    body_becomes_code,
    foreign_box,
    raw_html,
    broken_block,
)

PageCheck = Callable[["Page"], Iterator[Finding]]
SiteCheck = Callable[["Site", Iterable["Page"]], Iterator[tuple["Page", Finding]]]

RULES: tuple[Rule, ...] = tuple(
    rule for module in _MODULES for rule in (module.RULES if hasattr(module, "RULES") else (module.RULE,))
)
PAGE_CHECKS: tuple[PageCheck, ...] = tuple(module.check for module in _MODULES if hasattr(module, "check"))
SITE_CHECKS: tuple[SiteCheck, ...] = tuple(module.check_site for module in _MODULES if hasattr(module, "check_site"))
