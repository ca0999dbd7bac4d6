"""The one table: every rule, in order, with what a page must hold for the rule to find anything.

A rule is imported when a page first holds that; most pages need few of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib import import_module
from itertools import groupby
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from docscheck.diagnostics import Finding, Rule
from docscheck.first_look import Signs
from docscheck.once import cached_property, of_page
from docscheck.rules.references import names

if TYPE_CHECKING:
    from docscheck.page import Page

PageCheck = Callable[["Page"], Iterator[Finding]]
Test = Callable[["Page"], bool]


Concern = frozenset[str]
"""What a page may hold, one of which is enough: kinds of nodes, faults of headers, signs, and what a test says of it.

All of it has a name, so that a page is asked for that of all rules at once.
"""
_FAULT = "fault: {}"
"""Tells a fault from a kind of node that is called so."""
_TESTS: dict[str, Test] = {}
"""What a page is asked, by a name for the answer yes."""


def _test(test: Test) -> Concern:
    """What a function says of a page."""
    name = f"test: {len(_TESTS)}"
    _TESTS[name] = test
    return Concern((name,))


_always = Concern(("page",))  # the kind of every page's root


def _kind(*kinds: str) -> Concern:
    return Concern(kinds)


def _signs(*signs: str) -> Concern:
    return Concern(signs)


def _faulty(*faults: str) -> Concern:
    return Concern(map(_FAULT.format, faults))


def _either(*concerns: Concern) -> Concern:
    return Concern().union(*concerns)


@_test
def _openers(page: Page) -> bool:
    return bool(page.openers)


@_test
def _documents(page: Page) -> bool:
    return page.may_document


@_test
def _has_keys(page: Page) -> bool:
    return bool(page.front_matter.key_lines)


@_test
def _headings(page: Page) -> bool:
    return bool(page.headings)


@_test
def _untitled(page: Page) -> bool:
    return all(heading.level > 1 for heading in page.headings)


def _has_links(page: Page) -> bool:
    return bool(page.links) or bool(page.tags)


_links = _test(_has_links)


@_test
@of_page
def _odd_addresses(page: Page) -> bool:
    """Whether some address is more than the path of a Markdown file."""
    if not _has_links(page):
        return False
    from docscheck.mentions import are_plain  # most rules need no links

    return not are_plain(page)


@_test
@of_page
def _odd_targets(page: Page) -> bool:
    """Whether some relative link names no file of the site."""
    if not _has_links(page):
        return False
    from docscheck.rules.links import all_lead_to_files

    return not all_lead_to_files(page)


@_test
def _images(page: Page) -> bool:
    return bool(page.tags) or any(link.image for link in page.links)


@_test
def _labelled(page: Page) -> bool:
    return any(link.label for link in page.links)


@_test
def _rough(page: Page) -> bool:
    return bool(page.rough_texts)


@_test
def _marked_html(page: Page) -> bool:
    return any(block.markdown for block in page.html_blocks)


@_test
def _fences(page: Page) -> bool:
    return bool(page.fences)


@_test
def _fences_with_odd_signs(page: Page) -> bool:
    text = page.source.text
    return bool(page.fences) and (not text.isascii() or "&" in text)


@_test
def _ticks_without_fence(page: Page) -> bool:
    return not page.fences and page.shows("``")


@_test
def _escaped_in_code(page: Page) -> bool:
    """Whether the source holds anything like a name in code with its underscores escaped."""
    return "`\\_" in page.source_signs


@_test
def _dashed_fences(page: Page) -> bool:
    return bool(page.fences) and ("–" in page.source.text or "—" in page.source.text)


@_test
def _comments(page: Page) -> bool:
    return bool(page.comments)


@_test
def _formulas(page: Page) -> bool:
    return bool(page.maths)


@_test
def _labels(page: Page) -> bool:
    return bool(page.definitions.labels)


def _shows(sign: str) -> Concern:
    return _test(lambda page: page.shows(sign))


@_test
def _hashed_headings(page: Page) -> bool:
    return any(" #" in heading.markup for heading in page.headings)


@_test
def _indented_abbreviations(page: Page) -> bool:
    return "code" in page.kinds and page.shows("    *[")


@_test
def _indented_definitions(page: Page) -> bool:
    return "code" in page.kinds and page.shows("    :  ")


@_test
def _templated(page: Page) -> bool:
    """Whether the page holds anything that a templating plugin reads, or would read if the site had one."""
    if "{" in page.signs:
        return True
    return page.macros is not None and (page.shows("{%") or page.shows("{{") or _own_marks(page))


def _own_marks(page: Page) -> bool:
    """Whether the page holds the marks that the site's macros plugin reads in place of its usual ones."""
    settings = page.config.plugins.get("macros") or {}
    marks = (settings.get("j2_variable_start_string"), settings.get("j2_block_start_string"))
    return any(page.shows(str(mark)) for mark in marks if mark)


_LOST_SIGNS = ("\ufffd", "\ufffc", "\u200b", "\u2060", "\ufeff", "Ã", "Â", "â€", *"\ufb00\ufb01\ufb02\ufb03")
"""What is left of a lost character, and letters joined in one."""
_CYRILLIC = (b"\xd0", b"\xd1")
"""The first bytes of Cyrillic letters, some of which look like Latin ones."""


@_test
def _lost(page: Page) -> bool:
    text = page.source.text
    if "\x1b" in text or text.isascii():
        return "\x1b" in text
    written = text.encode("utf-8", "surrogatepass")
    return any(byte in written for byte in _CYRILLIC) or any(sign in text for sign in _LOST_SIGNS)


@_test
def _arxiv(page: Page) -> bool:
    return names(page, "arxiv")


@_test
def _doi(page: Page) -> bool:
    return names(page, "doi:")


@_test
def _cites(page: Page) -> bool:
    return "bibtex" in page.config.plugins


@_test
def _snippets(page: Page) -> bool:
    return page.has_snippet_marks


@_test
def _includes(page: Page) -> bool:
    return "include-markdown" in page.config.plugins and page.shows("{%")


@_test
def _truly_sane(page: Page) -> bool:
    return page.config.has("mdx_truly_sane_lists")


@_test
def _of_kb(page: Page) -> bool:
    return page.config.profile == "kb"


class Entry(NamedTuple):
    """A rule's module, and what a page has to hold for it to find anything."""

    name: str
    concern: Concern

    @property
    def module(self) -> ModuleType:
        """The module, imported when it is first asked for."""
        return _module(self.name)


@cache
def _module(name: str) -> ModuleType:
    return import_module(f"docscheck.rules.{name}")


PAGE_RULES = (
    # boxes, tabs and blocks
    Entry("boxes.unclosed_title", _openers),
    Entry("boxes.wrong_title_quotes", _faulty("wrong-quotes")),
    Entry("boxes.text_after_title", _either(_faulty("text-after-title"), _signs('""'))),
    Entry("boxes.unquoted_title", _openers),
    Entry("boxes.wrong_marks", _faulty("wrong-marks", "wrong-space", "no-space", "unseen", "escaped")),
    Entry("boxes.wrong_modifier", _openers),
    Entry("boxes.colon_after_type", _faulty("colon", "comma")),
    Entry("boxes.missing_type", _faulty("no-type")),
    Entry("boxes.unknown_type", _openers),
    Entry("boxes.indented_header", _either(_faulty("indented", "code"), _kind("tabs"))),
    Entry("boxes.header_in_paragraph", _faulty("inside-paragraph")),
    Entry("boxes.extension_off", _faulty("off")),
    Entry("boxes.unreadable_header", _faulty("unreadable")),
    Entry("boxes.empty_tab_title", _kind("tab")),
    Entry("boxes.duplicate_tab", _kind("tabs")),
    Entry("boxes.body_outside", _either(_openers, _truly_sane, _signs("\n>[!]\n\n>"), _documents)),
    Entry("boxes.body_becomes_code", _either(_kind("code"), _marked_html)),
    Entry(
        "boxes.foreign_box",
        _either(
            _fences,
            _signs("[!", "\n>[]\n", "::", "{%", "{{<", "\n<", "\n><", "\n{", "\n!!!\n", "\n???\n", "\n===\n"),
        ),
    ),
    Entry("boxes.raw_html", _signs("<")),
    Entry("boxes.broken_block", _either(_openers, _signs("///"))),
    # lists
    Entry("lists.swallowed_list", _either(_rough, _kind("table", "ul", "ol"))),
    Entry("lists.too_deep", _truly_sane),
    Entry("lists.flattened_item", _kind("ul", "ol")),
    Entry("lists.lost_marker", _kind("ul", "ol")),
    Entry("lists.restarted_numbers", _kind("ol")),
    Entry("lists.empty_item", _always),
    Entry("lists.pasted_bullet", _always),
    Entry("lists.marker_without_space", _either(_rough, _signs("["))),
    Entry("lists.item_text_outside", _kind("ul", "ol", "dl", "footnote")),
    # headings
    Entry("headings.level_jump", _headings),
    Entry("headings.lost_mark", _headings),
    Entry("headings.several_titles", _headings),
    Entry("headings.empty_heading", _either(_headings, _signs("##"))),
    Entry("headings.duplicate_heading", _either(_headings, _signs("<", "{"))),
    Entry("headings.misplaced_heading", _always),
    Entry("headings.missing_title", _untitled),
    Entry("headings.bold_as_heading", _signs("**", "__", "<></>")),
    Entry("headings.empty_section", _headings),
    # code
    Entry(
        "code.broken_fence",
        _either(
            _either(_fences, _kind("code"), _signs("'''", "´´´", "‘‘‘", "｀｀｀", '"""'), _ticks_without_fence),
            _either(_shows("\n`\n"), _shows(" `\n"), _shows("-->"), _shows("->>")),
        ),
    ),
    Entry("code.misspelt_language", _fences),
    Entry("code.line_beyond_code", _fences),
    Entry("code.missing_note", _fences),
    Entry("code.unclosed_code_span", _signs("`", "´")),
    Entry("code.code_as_text", _either(_either(_kind("ul", "ol"), _rough), _shows(":\n    "))),
    Entry("code.dash_in_command", _dashed_fences),
    Entry(
        "code.pasted_sign",
        _either(_fences_with_odd_signs, _shows("&lt;"), _shows("&gt;"), _shows("&amp;&amp;"), _escaped_in_code),
    ),
    Entry("code.unclosed_comment", _either(_comments, _signs("-->", "<!", "&;!--", "]:#"))),
    # tables
    Entry(
        "tables.broken_table",
        _either(
            _signs("|", "｜", "│", "║", "┃", "\n======", "\n;\n;\n;", "\n;;\n;;\n;;"),
            _either(_kind("code", "hr"), _shows("\t")),
        ),
    ),
    Entry("tables.row_width", _kind("table")),
    # maths
    Entry("maths.unclosed_maths", _either(_formulas, _signs("$", "\\"))),
    Entry("maths.space_inside_maths", _signs("$")),
    Entry("maths.unbalanced_maths", _formulas),
    Entry("maths.misspelt_command", _formulas),
    Entry("maths.escaped_maths", _either(_formulas, _shows("\\$"))),
    Entry("maths.words_in_maths", _either(_formulas, _signs("$"))),
    Entry("maths.lost_braces", _formulas),
    # html
    Entry("html.unpaired_tag", _signs("<")),
    Entry("html.unknown_tag", _signs("<")),
    # syntax
    Entry("syntax.literal_emphasis", _signs("*", "_", "~", "==", "^")),
    Entry("syntax.accidental_emphasis", _signs("**", "]_", "__")),
    Entry("syntax.literal_attributes", _either(_signs("{", "#}\n", ")(", ")[", "(#", "[#"), _hashed_headings)),
    Entry("syntax.literal_keys", _signs("++")),
    Entry("syntax.literal_change", _signs("{")),
    Entry("syntax.literal_definition", _either(_signs("\n:", "\n：", "\n;", "\n-:"), _indented_definitions)),
    Entry("syntax.literal_macro", _templated),
    Entry(
        "syntax.merge_mark",
        _either(
            _signs("<<<<<<<", ">>>>>>>", "|||||||", "=======", "@@", "\n--/", "\n\\"),
            _either(_shows("<<<<<<< "), _shows(">>>>>>> ")),
        ),
    ),
    Entry("syntax.unknown_emoji", _signs(":")),
    Entry("syntax.broken_entity", _signs("&")),
    Entry(
        "syntax.escaped_markup",
        _either(_signs("\\*", "\n\\", "\n>\\", "&;", "\n&#;", "\\`"), _either(_shows("\\]("), _shows("\\]\\("))),
    ),
    Entry("syntax.foreign_syntax", _always),
    Entry("syntax.printed_backslash", _signs("\\")),
    Entry("syntax.lost_character", _lost),
    # prose
    Entry("prose.placeholder", _always),
    Entry("prose.unfinished_sentence", _kind("p", "li", "table")),
    Entry("prose.doubled_word", _always),
    Entry("prose.repeated_paragraph", _kind("p", "ul")),
    Entry("prose.chat_leftover", _always),
    Entry("prose.punctuation", _always),
    Entry("prose.small_initial", _always),
    Entry("prose.wrong_space", _always),
    Entry("prose.confused_words", _always),
    Entry("prose.missing_article", _always),
    Entry("prose.wrong_article", _always),
    Entry("prose.unpaired_quote", _signs('"', "“", "„", "”", "‘")),
    Entry("syntax.extension_missing", _always),
    # links
    Entry("links.missing_file", _odd_targets),
    Entry("links.wrong_case", _odd_targets),
    Entry("links.page_address", _odd_targets),
    Entry("links.outside_docs", _odd_targets),
    Entry("links.excluded_target", _odd_targets),
    Entry("links.absolute_path", _odd_addresses),
    Entry("links.own_site_address", _odd_addresses),
    Entry("links.local_address", _odd_addresses),
    Entry(
        "links.mistyped_scheme",
        _either(_odd_addresses, _either(_signs("：//"), _shows("https//"), _shows("http//"), _shows(";//"))),
    ),
    Entry("links.missing_scheme", _odd_addresses),
    Entry("links.backslash_path", _odd_addresses),
    Entry("links.empty_link", _links),
    Entry("links.placeholder_address", _odd_addresses),
    Entry("links.missing_anchor", _links),
    Entry("links.raw_path", _signs("<")),
    Entry("links.missing_alt", _images),
    Entry("links.file_name_as_alt", _images),
    Entry("links.undefined_label", _labelled),
    Entry("links.unused_label", _labels),
    Entry("links.footnotes", _signs("^")),
    Entry("links.abbreviations", _either(_signs("*[", "[]:", "\n*():"), _indented_abbreviations)),
    Entry("links.snippet_files", _either(_snippets, _includes)),
    Entry("links.uninformative_alt", _images),
    Entry("links.page_as_image", _images),
    Entry("links.run_together", _signs(")[", "][")),
    Entry("links.unlinked_address", _links),
    Entry(
        "links.printed_link",
        _either(_signs("[", "](", "<", "@>", "_", "］(", "］［", "」(", "】(", "}(", ")("), _shows("`[")),
    ),
    # references
    Entry("references.arxiv_address", _either(_odd_addresses, _arxiv)),
    Entry("references.doi_address", _either(_odd_addresses, _doi)),
    Entry("references.web_address", _odd_addresses),
    Entry("references.number_mismatch", _odd_addresses),
    Entry("references.citation_keys", _cites),
    Entry("references.uninformative_text", _links),
    # security
    Entry("security.active_content", _either(_odd_addresses, _either(_signs("{"), _shows("script:")))),
    Entry("security.include_outside_base", _snippets),
    Entry("security.misleading_link", _signs("//", "\\")),
    # front matter
    Entry("front_matter.broken_front_matter", _always),
    Entry("front_matter.misspelt_key", _has_keys),
    Entry("front_matter.house_front_matter", _of_kb),
)
SITE_RULES = (
    Entry("boxes.title_only", _always),
    Entry("prose.misspelt_word", _always),
    Entry("links.page_not_in_nav", _always),
    Entry("references.paper_titles", _always),
)
"""Rules that compare pages: they gather plain values from each, and judge them together."""
OTHER_RULES = (
    Entry("syntax.printed_syntax", _always),  # the second witness, asked when all others have spoken
    Entry("suppression", _always),
)

FAMILIES = frozenset(("BOX", "COD", "FRM", "HDG", "HTM", "LNK", "LST", "MTH", "PRO", "REF", "SEC", "SUP", "SYN", "TAB"))
"""The letters that codes begin with."""


class _Group:
    """Neighbours in the table that ask the same of a page."""

    def __init__(self, concern: Concern, entries: Iterable[Entry]) -> None:
        self.concern = concern
        self._entries = tuple(entries)

    @cached_property
    def checks(self) -> list[PageCheck]:
        """The checks, imported when they are first asked for."""
        return [entry.module.check for entry in self._entries]


_GROUPS = [_Group(concern, entries) for concern, entries in groupby(PAGE_RULES, lambda entry: entry.concern)]


_SIGNS = Signs({need for group in _GROUPS for need in group.concern if not need[0].isalpha()})


def _held(page: Page) -> set[str]:
    """What a page holds of all that some rule looks for."""
    held = {*page.kinds, *_SIGNS.among(page.signs), *[name for name, test in _TESTS.items() if test(page)]}
    if page.faults:
        held.update(map(_FAULT.format, page.faults))
    return held


def page_checks(pages: Sequence[Page]) -> Iterator[tuple[PageCheck, list[Page]]]:
    """The checks, each with those of the pages in which it may find something."""
    all_held = [(page, _held(page)) for page in pages]
    known: dict[Concern, list[Page]] = {}
    for group in _GROUPS:
        if group.concern not in known:
            is_apart = group.concern.isdisjoint
            known[group.concern] = [page for page, held in all_held if not is_apart(held)]
        concerned = known[group.concern]
        if concerned:
            for check in group.checks:
                yield check, concerned


def rules_of(module: ModuleType) -> tuple[Rule, ...]:
    """The rules that a module applies."""
    rules: tuple[Rule, ...] = module.RULES if hasattr(module, "RULES") else (module.RULE,)
    return rules


@lru_cache(maxsize=1)
def every_rule() -> Mapping[Rule, ModuleType]:
    """Every rule with its module."""
    modules = [entry.module for entry in (*PAGE_RULES, *SITE_RULES, *OTHER_RULES)]
    return {rule: module for module in modules for rule in rules_of(module)}


def __getattr__(name: str) -> Any:
    if name == "RULES":
        return tuple(every_rule())
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
