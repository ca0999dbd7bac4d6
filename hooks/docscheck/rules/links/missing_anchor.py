"""A link to a place on a page that has no such place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule
from docscheck.included import expands, included_text, may_be_part, read, snippets, templates
from docscheck.mentions import Mention, mentions
from docscheck.once import of_page
from docscheck.page import Page
from docscheck.parse.slugs import Ids, plain_text, slug_function
from docscheck.patterns import lazy
from docscheck.plugins import own_syntax
from docscheck.programs import adds_ids
from docscheck.targets import Verdict, base_path, files_of, from_root, relative, translated, validation
from docscheck.words.distance import closest

RULE = Rule("LNK201", "missing-anchor")
_NOT_OURS = lazy(r"fn:|fnref|__|:~:|!|/|\?|[\w.-]+=")
"""Fragments that footnotes, the browser or a script look after."""
_TOP = "top"
"""A fragment with which a browser goes to the beginning of a page that has no such place."""
_AUTODOC = lazy(r"^[ \t>]*:::[ \t]?\S", re.M)
_ADDS_IDS = frozenset(["markdown-exec", "table-reader", "gen-files", "tags", "blog"])


def check(page: Page) -> Iterator[Finding]:
    """Compare each fragment with the ids of the page it leads to."""
    for mention in mentions(page):
        if mention.kind in ("bare", "autolink") or not mention.fragment or _NOT_OURS.match(mention.fragment):
            continue
        if mention.fragment.casefold() == _TOP:
            continue
        if not mention.text and mention.kind == "link" and own_syntax(page.config):
            continue  # a plugin that numbers figures adds the place, and the text
        uri = _target(page, mention)
        if uri == page.uri and may_be_part(page):
            continue  # the place may be in the page that takes this one in
        if uri is None or {mention.fragment, mention.address.partition("#")[2]} & _ids(page, uri):
            continue
        target = page if uri == page.uri or page.site is None else page.site.page(uri)
        if not _may_have(target, mention.fragment) or _is_slip(target, mention.fragment):
            yield _finding(page, target, mention)


_LONG = 8
_WORD = 5


def _is_slip(page: Page, fragment: str) -> bool:
    """Whether a fragment of several words differs from a heading's id by a letter: a hook hardly makes both."""
    if len(fragment) < _LONG or "-" not in fragment or "." in fragment:
        return False
    near = [heading.id for heading in page.headings if abs(len(heading.id) - len(fragment)) <= 1]
    return any(_differ_by_letter(fragment, identifier) for identifier in near if identifier != fragment)


def _differ_by_letter(one: str, other: str) -> bool:
    """Whether a long word of two ids has another letter; the `s` of a plural and a digit may tell two places apart."""
    words, others = one.split("-"), other.split("-")
    pairs = [(a, b) for a, b in zip(words, others, strict=False) if a != b]
    if len(words) != len(others) or len(pairs) != 1 or min(map(len, pairs[0])) < _WORD:
        return False
    a, b = pairs[0]
    start = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    a, b = a[start:], b[start:]
    if not (a + b).isalpha() or {a, b} == {"", "s"}:
        return False
    return (a[:2] == b[1::-1] and a[2:] == b[2:]) or a[1:] == b[1:] or a[1:] == b or a == b[1:]


def asked_pages(page: Page) -> set[str]:
    """The other pages whose ids decide what is found on this one."""
    targets = (_target(page, mention) for mention in mentions(page) if mention.fragment and mention.path)
    return {uri for uri in targets if uri is not None and uri != page.uri}


def _target(page: Page, mention: Mention) -> str | None:
    """The page a link leads to, if it is one of ours."""
    if not mention.path:
        return page.uri if mention.address.startswith("#") else None
    if page.site is None or mention.is_external:
        return None
    files = files_of(page.site)
    if mention.path.startswith("/"):
        from_docs = validation(page.config, "absolute_links") == "relative_to_docs" and mention.kind != "raw"
        below = mention.path.lstrip("/")
        if from_docs:
            return below if below in page.site.page_uris else None
        base = base_path(page.config.site_url) if page.config.site_url else ""
        path = from_root(mention.path)
        if not base or not path.startswith(base):
            return None
        target = files.judge_absolute(path.removeprefix(base))
        return target.file if target.file in page.site.page_uris else None
    judge = files.judge_address if mention.kind == "raw" else files.judge
    target = judge(page.uri, mention.path)
    if target.verdict not in (Verdict.FILE, Verdict.PAGE_ADDRESS):
        return None
    file = translated(page.site, page.uri, target.file)
    return file if file in page.site.page_uris else None


def _ids(page: Page, uri: str) -> frozenset[str]:
    return page.ids if uri == page.uri or page.site is None else page.site.ids(uri)


def _is_line_of_code(page: Page, fragment: str) -> bool:
    """Whether a fence gives its lines such ids: `lineanchors="fibo"` makes `fibo-1` and so on."""
    name, dash, number = fragment.rpartition("-")
    return bool(dash) and number.isdecimal() and f'lineanchors="{name}"' in page.source.text


def _may_have(page: Page, fragment: str) -> bool:
    """Whether the page may get the id from something the sources do not show."""
    if _may_have_any(page) or (page.site is not None and adds_ids(page.site)):
        return True
    if page.front_matter.data.get("template") and _template_has(page, fragment):
        return True
    return (
        fragment in page.rendered.ids
        or _is_of_a_tab(page, fragment)
        or _is_line_of_code(page, fragment)
        or any(f"#{fragment}" in fence.info and "{" in fence.info for fence in page.fences)
        or _in_snippets(page, fragment)
        or _in_taken(page, fragment)
    )


@of_page
def _may_have_any(page: Page) -> bool:
    """Whether something on the page, which the sources do not show, may bring any id."""
    if slug_function(page.config.option("toc", "slugify")) is None and page.config.option("toc", "slugify") is not None:
        return True
    if page.documented_lines or (_documents(page) and _AUTODOC.search(page.masked)):
        return True
    if any(snippet.is_remote or snippet.file is None for snippet in snippets(page)):
        return True
    taken = _taken(page)
    if taken is None and page.macros is not None and expands(page, page.macros):
        return True
    if _ADDS_IDS & page.config.plugins.keys() and re.search(r"\{[{%]|\bexec=|^::: ", page.source.text, re.M):
        return True
    return taken is None and _INCLUDES in page.config.plugins and _includes(page)


_INCLUDES = "include-markdown"


def _documents(page: Page) -> bool:
    """Whether the site has something that may put headings where the page says `::: name`."""
    config = page.config
    return "mkdocstrings" in config.plugins or bool(config.foreign_extensions) or own_syntax(config)


def _includes(page: Page) -> bool:
    """Whether the page takes in others by the plugin's statement, whose marks the site may choose."""
    opening = str(page.config.plugins[_INCLUDES].get("opening_tag") or "{%")
    return re.search(rf"{re.escape(opening)}\s*include", page.source.text) is not None


_MAKES_PLACES = lazy(r"\{%-?\s*(?:include\s+(?![\"']\.icons/)|import|from)|\bid=[\"']?\{|\btoc\b|<h[1-6]\b")


def _template_has(page: Page, fragment: str) -> bool:
    """Whether the template that the page asks for may print the place: one of the site's own may print headings."""
    custom = page.config.theme.get("custom_dir")
    file = page.config.root / str(custom) / str(page.front_matter.data.get("template"))
    text = read(file) if custom else ""
    return not text or fragment in text or _MAKES_PLACES.search(text) is not None


def _is_of_a_tab(page: Page, fragment: str) -> bool:
    """Whether a tab has this id: its own slug, or that of a heading above and its own where the site combines them."""
    slugs = _tab_ids(page)
    if fragment in slugs or page.config.option("pymdownx.tabbed", "combine_header_slug") is not True:
        return fragment in slugs
    separator = str(page.config.option("pymdownx.tabbed", "separator", "-"))
    ends = (separator + slug for slug in slugs)
    return any(fragment.endswith(end) and fragment.removesuffix(end) in page.shown_ids.of_headings for end in ends)


@of_page
def _tab_ids(page: Page) -> set[str]:
    """The ids of content tabs, where the site gives them any."""
    setting = page.config.option("pymdownx.tabbed", "slugify")
    slugify = slug_function(setting) if setting is not None else None
    if slugify is None:
        return set()
    separator = str(page.config.option("pymdownx.tabbed", "separator", "-"))
    titles = [plain_text(node.title or "") for node in page.tree.walk() if node.kind == "tab"]
    slugs = [slugify(title, separator) for title in titles]
    if page.config.option("pymdownx.tabbed", "combine_header_slug") is True:
        return set(slugs)
    free = Ids(page.shown_ids.all)  # headings have theirs before any tab
    return set(map(free.take, slugs))


def _in_snippets(page: Page, fragment: str) -> bool:
    """Whether a heading of a file that the page takes in has this id."""
    text = included_text(page)
    return bool(text) and (fragment in _slugs_in_snippets(page) or _is_named(text, fragment))


def _in_taken(page: Page, fragment: str) -> bool:
    """Whether a heading of a file that a template takes in has this id."""
    text = _taken(page)
    return bool(text) and (fragment in _slugs_in_taken(page) or _is_named(text or "", fragment))


def _taken(page: Page) -> str | None:
    """The text of the files that the page's templates take in; None if one of them is not known."""
    return templates(page).text if page.macros is not None or _INCLUDES in page.config.plugins else ""


def _is_named(text: str, fragment: str) -> bool:
    """Whether a text seems to give an element this id."""
    return f"#{fragment}" in text or f'"{fragment}"' in text


@of_page
def _slugs_in_snippets(page: Page) -> frozenset[str]:
    return _slugs(page, included_text(page))


@of_page
def _slugs_in_taken(page: Page) -> frozenset[str]:
    return _slugs(page, _taken(page) or "")


def _slugs(page: Page, text: str) -> frozenset[str]:
    """The ids of the headings in a text."""
    slugify = slug_function(page.config.option("toc", "slugify")) or slug_function(None)
    separator = str(page.config.option("toc", "separator", "-"))
    assert slugify is not None
    titles = re.findall(r"^[ \t]*#{1,6}[ \t]*(.*?)[ \t]*(?:\{[^}]*\})?$", text, re.M)
    return frozenset(slugify(title, separator) for title in titles)


def _finding(page: Page, target: Page, mention: Mention) -> Finding:
    if mention.fragment.startswith("#") and mention.fragment.lstrip("#") in target.ids:
        return RULE.at(mention.fragment_span, "two `#` stand before this id, so it is not found", help="write one")
    where = "this page" if target is page else f"`{relative(target.uri, page.uri)}`"
    ids = sorted(target.ids)
    folded = {identifier.casefold(): identifier for identifier in ids}
    near = folded.get(mention.fragment.casefold()) or closest(mention.fragment, ids, 0.6)
    by_title = next((heading.id for heading in target.headings if _slug(heading.text) == _slug(mention.fragment)), "")
    meant = by_title or near
    help = f"did you mean `#{meant}`?" if meant else "link to a heading that exists"
    return RULE.at(mention.fragment_span, f"{where} has no id `{mention.fragment}`", help=help)


def _slug(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
