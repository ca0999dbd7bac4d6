"""The one table: every rule, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

from docscheck.diagnostics import Finding, Rule
from docscheck.rules import suppression
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
from docscheck.rules.code import broken_fence, unclosed_code_span, unclosed_comment
from docscheck.rules.front_matter import broken_front_matter, house_front_matter
from docscheck.rules.headings import (
    bold_as_heading,
    duplicate_heading,
    empty_heading,
    empty_section,
    level_jump,
    misplaced_heading,
    missing_title,
    several_titles,
)
from docscheck.rules.html import unpaired_tag
from docscheck.rules.links import (
    abbreviations,
    absolute_path,
    backslash_path,
    empty_link,
    excluded_target,
    file_name_as_alt,
    footnotes,
    local_address,
    missing_alt,
    missing_anchor,
    missing_file,
    missing_scheme,
    mistyped_scheme,
    outside_docs,
    own_site_address,
    page_address,
    page_not_in_nav,
    placeholder_address,
    printed_link,
    raw_path,
    run_together,
    snippet_files,
    undefined_label,
    uninformative_alt,
    unused_label,
    wrong_case,
)
from docscheck.rules.lists import (
    empty_item,
    flattened_item,
    item_text_outside,
    marker_without_space,
    pasted_bullet,
    restarted_numbers,
    swallowed_list,
)
from docscheck.rules.maths import broken_maths
from docscheck.rules.prose import doubled_word, misspelt_word, placeholder, unfinished_sentence
from docscheck.rules.references import arxiv_address, doi_address, paper_titles, uninformative_text, web_address
from docscheck.rules.security import active_content, include_outside_base
from docscheck.rules.syntax import (
    broken_entity,
    extension_missing,
    literal_emphasis,
    literal_syntax,
    printed_syntax,
    unknown_emoji,
)
from docscheck.rules.tables import broken_table, row_width

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
    # lists
    swallowed_list,
    flattened_item,
    restarted_numbers,
    empty_item,
    pasted_bullet,
    marker_without_space,
    item_text_outside,
    # headings
    level_jump,
    several_titles,
    empty_heading,
    duplicate_heading,
    misplaced_heading,
    missing_title,
    bold_as_heading,
    empty_section,
    # code
    broken_fence,
    unclosed_code_span,
    unclosed_comment,
    # tables
    broken_table,
    row_width,
    # maths
    broken_maths,
    # html
    unpaired_tag,
    # syntax
    literal_emphasis,
    literal_syntax,
    printed_syntax,
    unknown_emoji,
    broken_entity,
    # prose
    placeholder,
    unfinished_sentence,
    doubled_word,
    misspelt_word,
    extension_missing,
    # links
    missing_file,
    wrong_case,
    page_address,
    outside_docs,
    excluded_target,
    absolute_path,
    own_site_address,
    local_address,
    mistyped_scheme,
    missing_scheme,
    backslash_path,
    empty_link,
    placeholder_address,
    page_not_in_nav,
    missing_anchor,
    raw_path,
    missing_alt,
    file_name_as_alt,
    undefined_label,
    unused_label,
    footnotes,
    abbreviations,
    snippet_files,
    uninformative_alt,
    run_together,
    printed_link,
    # references
    arxiv_address,
    doi_address,
    web_address,
    uninformative_text,
    paper_titles,
    # security
    active_content,
    include_outside_base,
    # front matter
    broken_front_matter,
    house_front_matter,
)

PageCheck = Callable[["Page"], Iterator[Finding]]
SiteCheck = tuple[str, Callable[["Page"], Any], Callable[["Site", Mapping[str, Any]], Iterator[tuple[str, Finding]]]]


def _rules(module: ModuleType) -> tuple[Rule, ...]:
    rules: tuple[Rule, ...] = module.RULES if hasattr(module, "RULES") else (module.RULE,)
    return rules


RULES: tuple[Rule, ...] = tuple(rule for module in (*_MODULES, suppression) for rule in _rules(module))
MODULE_OF: dict[str, str] = {
    rule.code: module.__name__ for module in (*_MODULES, suppression) for rule in _rules(module)
}
PAGE_CHECKS: tuple[PageCheck, ...] = tuple(module.check for module in _MODULES if hasattr(module, "check"))
SITE_CHECKS: tuple[SiteCheck, ...] = tuple(
    (module.__name__.rsplit(".", 1)[-1], module.facts, module.compare)
    for module in _MODULES
    if hasattr(module, "compare")
)
"""Rules that compare pages: name, what they want to know of a page (plain values), and the comparison."""
