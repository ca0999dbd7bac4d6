"""Front matter that is not read: wrong YAML, no end, not at the top, a key twice."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule
from docscheck.page import Page
from docscheck.patterns import lazy

YAML = Rule("FRM101", "broken-front-matter")
UNCLOSED = Rule("FRM102", "unclosed-front-matter")
DUPLICATE = Rule("FRM103", "duplicate-key")
LATE = Rule("FRM104", "late-front-matter")
METADATA = Rule("FRM105", "text-read-as-metadata")
RULES = (YAML, UNCLOSED, DUPLICATE, LATE, METADATA)

_KEY = lazy(r"[A-Za-z_][\w-]*[ \t]*:(?:\s|$)")
_TOML_KEY = lazy(r"[A-Za-z_][\w-]*[ \t]*=|\[")
_MARK = lazy(r"-{2,}|[–—](?:[ ]?[–—]){0,2}|\+{3}")
_OWN_KEY = lazy(
    r"(?:title|description|date|tags|authors?|categories|hide|icon|template|draft|slug|layout|status|comments)"
    r"[ ]*:(?:\s|$)"
)
"""A key that MkDocs, Material or a blog reads."""
_NO_KEY = lazy(r"[A-Za-z_][\w-]*(?::(?![\s/])[^\s:]|[ ]?[;=](?:[ ]|$)|：)")
"""A word at the margin that would be a key, but for the sign behind it."""
_MERGED = ("<<<<<<< ", "||||||| ", ">>>>>>> ")
_REACH = 40
_METADATA = lazy(r"[ ]{0,3}(?P<key>[A-Za-z0-9_-]+):\s*(?P<value>.*)$")
_OPENING_WORDS = "note notes warning todo fixme tip important attention caution example update question hint"
_OPENINGS = frozenset(_OPENING_WORDS.split())
"""Words with which authors begin a text."""


def check(page: Page) -> Iterator[Finding]:
    """Judge the first lines of a page."""
    front = page.front_matter
    if front.error:
        line = min(front.error_line, len(page.lines) - 1)
        message = f"the front matter is not read: {front.error}"
        help = 'put a value with a colon in quotes: `title: "a: b"`'
        no_key = next((n for n in range(1, min(line, front.end) + 1) if _NO_KEY.match(page.lines[n])), None)
        if no_key is not None:  # YAML notices it at the end of the next value
            line, help = no_key, "write a colon and a space after a key"
        merged = next((n for n in range(1, front.end) if page.lines[n].startswith(_MERGED)), None)
        if merged is not None:
            line, help = merged, "a merge left its mark: keep one of the two versions, and remove the marks"
        yield YAML.at(page.source.content_span(line), message, help=help)
    if not front.closed:
        message = "the front matter is never closed, so it is printed as a horizontal line and text"
        yield UNCLOSED.at(page.source.content_span(0), message, help="close it with a line `---`")
    yield from _keyless(page)
    if front.end:
        yield from _untitled(page)
        yield from _remarks(page)
        yield from _single_text(page)
        yield from _glued_items(page)
        yield from _swallowed_items(page)
        yield from _duplicates(page)
    yield from _late(page)
    yield from _in_fence(page)
    yield from _among_text(page)
    yield from _metadata(page)


def _keyless(page: Page) -> Iterator[Finding]:
    """One line of text between the marks: without a key it is a heading under a horizontal line."""
    first = [line.rstrip() for line in page.lines[:3]]
    if first[:1] == ["---"] and page.body == 0 and len(first) == 3 and _opens_without_colon(first[1], first[2]):
        message = "this is no front matter, but a horizontal line and text"
        help = "close the brace" if first[1][0] == "{" else f"write `{first[1]}:`"
        yield YAML.at(page.source.content_span(1), message, help=help)
        return
    if first[:2] == ["---", "---"] and page.body == 0:
        message = "front matter without a line between its marks is printed as a heading"
        yield YAML.at(page.source.content_span(0), message, help="remove both lines, or write `title: …` between them")
    if first[::2] == ["---", "---"] and page.body == 0 and first[1][:1].isalpha() and ":" not in first[1]:
        message = "this is no front matter, but a horizontal line and a heading"
        yield YAML.at(page.source.content_span(1), message, help=f"write `title: {first[1]}`")


_ITEM_BELOW = lazy(r"[ ]*-[ ]")
_IN_BRACE = lazy(r"\{[ ]*[\"']?(?:title|description|tags|hide|date)[\"']?[ ]*:[^{}]*$")


def _opens_without_colon(line: str, below: str) -> bool:
    """Whether a line is a key that lacks its colon, with a list below it, or opens a brace that it does not close."""
    is_key = f"{line}:" in ("hide:", "tags:", "authors:", "categories:") and _ITEM_BELOW.match(below) is not None
    return is_key or _IN_BRACE.match(line) is not None


_CUT_BY_REMARK = lazy(r"(?:title|description|summary)[ ]*:[ ]+(?![\"'|>\[{])[^\n]*?[ ](#\w[^\n]*)$")


def _remarks(page: Page) -> Iterator[Finding]:
    """`title: Why #2 comes first`: with a space before it, `#` begins a remark."""
    for _, line in page.front_matter.key_lines if not page.front_matter.error else ():
        match = _CUT_BY_REMARK.match(page.lines[line])
        if match:
            span = page.source.span(line, *match.span(1))
            yield YAML.at(span, "`#` begins a remark here, so this is no part of the value", help="put it in quotes")


def _untitled(page: Page) -> Iterator[Finding]:
    """A `title` without a value, for which MkDocs does not even take the heading."""
    if page.front_matter.data.get("title", "") is None:
        line = dict(page.front_matter.key_lines)["title"]
        message = "this title is empty, and MkDocs takes no other: the page has none"
        yield YAML.at(page.source.content_span(line), message, help="write it, or remove the key")


_TAGGERS = frozenset(("tags", "material/tags"))


def _single_text(page: Page) -> Iterator[Finding]:
    """`tags: agents, loops`: one text, where Material's plugin takes a list."""
    is_read = page.config.theme.get("name") == "material" and _TAGGERS & page.config.plugins.keys()
    if is_read and isinstance(page.front_matter.data.get("tags"), str):
        line = dict(page.front_matter.key_lines).get("tags", 1)
        message = "this is one text, and the plugin for tags takes a list: the build stops here"
        yield YAML.at(page.source.content_span(line), message, help="write `tags: [one, two]`")


def _glued_items(page: Page) -> Iterator[Finding]:
    """An item of a list without the space behind its dash: all items are read as one text."""
    for key, line in page.front_matter.key_lines:
        value = page.front_matter.data.get(key)
        if not isinstance(value, str) or value[:1] != "-" or not value[1:2].isalpha():
            continue
        if page.lines[line].rstrip().endswith(":"):
            item = line + 1
            message = f"this is text and no item of `{key}`: a space is missing after the dash"
            yield YAML.at(page.source.content_span(item), message, help=f"write `- {page.lines[item].strip()[1:]}`")


_ITEM = lazy(r"([ ]*)-[ ]+(\S.*)$")


def _swallowed_items(page: Page) -> Iterator[Finding]:
    """An item indented deeper than the one above, which is a text: YAML reads both as one text."""
    above: tuple[int, str] | None = None
    for number in range(1, page.front_matter.end - 1) if not page.front_matter.error else ():
        match = _ITEM.match(page.lines[number])
        if match and above and len(match[1]) > above[0] and above[1][-1] not in ":>|" and ": " not in above[1]:
            message = "this is no item of its own, but part of the one above: it is indented deeper"
            yield YAML.at(page.source.content_span(number), message, help="indent it like the item above")
            return
        above = (len(match[1]), match[2].rstrip()) if match else None


def _duplicates(page: Page) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for key, line in page.front_matter.key_lines:
        if key in first:
            message = f"`{key}` is already set on line {first[key] + 1}; only the last value counts"
            yield DUPLICATE.at(page.source.find(line, key), message, help="remove one of them")
        first.setdefault(key, line)


def _late(page: Page) -> Iterator[Finding]:
    """Front matter behind empty lines or comments is a rule and a heading, and so it is with other marks."""
    if page.body or not page.lines or page.lines[0].rstrip() == "---":
        return
    above = range(min(_REACH, len(page.lines)))
    start = next((number for number in above if not _is_unseen(page, number)), None)
    mark = page.lines[start].strip(" ") if start is not None else ""
    if start is None or not _MARK.fullmatch(mark):
        return
    margin = page.lines[start][: len(page.lines[start]) - len(page.lines[start].lstrip(" "))]
    inside = [line.removeprefix(margin) for line in page.lines[start + 1 : start + _REACH]]
    end = next((index for index, line in enumerate(inside) if _MARK.fullmatch(line.rstrip())), None)
    is_toml = mark[0] == "+" and any(map(_TOML_KEY.match, inside[:end]))
    key = _TOML_KEY if is_toml else _KEY
    if not end or not all(
        key.match(line) or line.startswith((" ", "-", "#", "[", "]")) for line in inside[:end] if line
    ):
        return
    span = page.source.content_span(start)
    if is_toml:
        yield LATE.at(
            span, "this front matter is TOML, which MkDocs prints as text", help="write it as YAML, between `---`"
        )
    elif mark != "---":
        yield LATE.at(
            span, "front matter begins with three dashes; with this line, all of it is printed", help="write `---`"
        )
    elif start:
        message = "front matter has to begin on the first line; here it is printed"
        yield LATE.at(span, message, help="remove the lines above it")
    else:
        message = "front matter has to begin at the left margin; here it is printed"
        yield LATE.at(span, message, help="remove the spaces before `---`")


_FENCE = lazy(r"(?:`{3,}|~{3,})[ ]*(?:ya?ml)?[ ]*$")


def _in_fence(page: Page) -> Iterator[Finding]:
    """Front matter in a fence, as a chat hands it out, at the very top of a page."""
    if page.body or not page.fences or not _FENCE.match(page.lines[0]):
        return
    fence = page.fences[0]
    inside = [line.rstrip() for line in page.lines[1:_REACH]]
    is_matter = inside[:1] == ["---"] and "---" in inside[1:] and _OWN_KEY.match(page.lines[2]) is not None
    end = inside.index("---", 1) + 2 if is_matter else 0
    if fence.start == 0 and end and page.lines[end].startswith(("```", "~~~")):
        message = "this front matter stands in a fence, so it is shown as code"
        yield LATE.at(page.source.content_span(0), message, help="remove the lines of the fence")


def _among_text(page: Page) -> Iterator[Finding]:
    """Front matter below text, as a page that was put behind another brings it: a line, and its keys as a heading."""
    for node in page.kinds.get("hr", ()):
        if node.parent is page.tree and _are_keys(page, node.line):
            yield _below_text(page, node.line)
    for node in page.kinds.get("setext", ()):
        if node.parent is page.tree and _are_keys(page, node.line + 1):
            yield _below_text(page, node.line + 1)


def _below_text(page: Page, line: int) -> Finding:
    message = "front matter has to begin on the first line; here it is printed"
    return LATE.at(page.source.content_span(line), message, help="remove it, or move it to the top of its page")


def _are_keys(page: Page, line: int) -> bool:
    """Whether a line of dashes is followed by keys that MkDocs and Material read, and those by another such line."""
    if line < page.body or page.lines[line].rstrip() != "---" or line + 1 >= len(page.lines):
        return False
    key = _OWN_KEY.match(page.lines[line + 1])
    if key is None or (not page.body and _is_first(page, line)):
        return False
    inside = page.lines[line + 1 : line + _REACH]
    end = next((index for index, text in enumerate(inside) if text.rstrip() == "---"), 0)
    return end > 0 and all(_KEY.match(text) or text.startswith((" ", "-")) for text in inside[:end])


def _is_first(page: Page, line: int) -> bool:
    """Whether nothing is seen above a line: then the page's own front matter is late."""
    return all(_is_unseen(page, number) for number in range(line))


def _is_unseen(page: Page, number: int) -> bool:
    """Whether a line holds nothing, or nothing but a comment."""
    return not page.lines[number].strip() or number in page.removed_lines


def _metadata(page: Page) -> Iterator[Finding]:
    """Without YAML, MkDocs reads `Word: text` in the first lines as metadata, and the reader never sees it."""
    if page.body or not page.lines or page.lines[0].startswith("---"):
        return
    match = _METADATA.match(page.lines[0])
    if match and match["key"].casefold() in _OPENINGS:
        message = f"the page begins with `{match['key']}:`, which MkDocs takes for metadata: the line is not printed"
        yield METADATA.at(page.source.content_span(0), message, help="begin the page with its heading")
