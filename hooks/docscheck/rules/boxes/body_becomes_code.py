"""Sentences indented so far that they are set as code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.included import may_be_part
from docscheck.once import of_page
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.parse.html import HtmlBlock
from docscheck.patterns import lazy
from docscheck.proofs import becomes_code
from docscheck.rules.lists import is_ours
from docscheck.targets import Verdict, files_of

RULE = Rule("BOX203", "text-becomes-code", Severity.ERROR)
_FEW_WORDS = lazy(r"^[A-Z][a-z']*(?: [a-z']+){1,2}[.!?]$")
_SENTENCE = lazy(r"^[\"'(*_]{0,3}[^\W\d_a-z][^\n]*[.!?…。！？:][\"')*_]{0,3}$")
_ITEM = lazy(r"[ ]*(?:[-*+]|\d+\.)[ ]+[^\W\d_][^\s:]*(?: [^\s:]+)+$")
_ANY_ITEM = lazy(r"[ ]*(?:[-*+]|\d+\.)[ ]")
_PHRASE = lazy(
    r"[ ]*(?:[-*+]|\d+\.)[ ]+(?:[^\W\da-z_][^\s:]*(?: [^\s:]+)*|[a-z][^\s:]*(?: [^\s:]+)+|\[[^\]]+\]\([^)]+\).*"
    r"|https?://\S+)$"
)
"""An item of words; a single one in small letters may be a value of YAML."""
_ADDRESS = lazy(r"https?://\S+")
_PLAIN_WORD = lazy(r"[^\W\d_]+[,.;:]?")
_MANY_WORDS = 6
_FEW_ITEMS = 2
_SHOWS_CODE = lazy(
    r"\b(?:yaml|markdown|syntax|outputs?|prints?|printed|returns?|writ\w+|typ\w+|codes?|formats?|render\w*|source|files?"
    r"|diff|looks? like|shown?|shows|lists?|items?|examples?|e\.g|input|commands?|results?|prompt"
    r"|Ausgabe|Beispiel|exemple)\b",
    re.I,
)
"""A line above that may announce code."""
_OTHER_HEADER = lazy(r"(?:[^\w\s#>]{3}|\+/-)[ ]")
"""The header of a box that an extension of the site's own may open."""
_ASIDES = lazy(r"`[^`]*`|\]\([^)]*\)|<[^>]*>|\S+@\w[\w.-]*\.[a-z]+")
"""Code, addresses and tags, which sentences hold as well."""
_EMPTY_COMMENT = lazy(r"<!--[ -]*-->[ ]*$")
_STATEMENT = lazy(r"[ \t]*[{\[]%")
_CODE_SIGNS = lazy(
    r"[=;{}<>|\\$#@&]|\w\(|\)\.|::|->|^\s*(?:import|from|def|class|return|for|if|while|print)\b|^[A-Z_]+:|^[A-Z][a-z]+(?:-[A-Z][a-z]+)+:|\b\w+\.\w+\("
)


def check(page: Page) -> Iterator[Finding]:
    for node in page.kinds.get("code", ()):
        if any(above.kind == "block" and not _holds_text(page, above) for above in node.ancestors()):
            continue  # blocks such as `/// html | pre` want text so
        if not node.rows:
            continue
        if node.parent is page.tree and may_be_part(page):
            continue  # the line of another page that takes it in may be an item's
        if _is_picture(page, node):
            line = node.rows[0].line
            what = "link" if node.rows[0].text.lstrip().startswith("[") else "picture"
            yield RULE.at(
                page.source.content_span(line),
                f"this {what} is indented so far that its code is shown",
                help="remove spaces before it",
                proof=becomes_code(line),
            )
        elif (
            _is_list_below(page, node)
            or _is_behind_comment(page, node)
            or _is_head_of_list(page, node)
            or (
                (_is_prose(node) or _is_list(node) or _is_markdown(node) or _is_running_text(node))
                and not _is_meant_as_code(page, node)
            )
        ):
            line = node.rows[0].line
            box = next((n for n in node.ancestors() if n.kind in ("admonition", "details", "tab")), None)
            known = f"remove spaces: text in the box opened on line {box.line + 1} is indented by four" if box else ""
            what = "list" if _ANY_ITEM.match(node.rows[0].text) else "sentence"
            yield RULE.at(
                page.source.content_span(line),
                f"this {what} is indented so far that it becomes a block of code",
                help=known or "remove the spaces before it",
                proof=becomes_code(line),
            )

    if "code" in page.kinds:
        yield from _code_twice(page)
        yield from _around_text(page)
    for block in page.html_blocks:
        if block.markdown:
            yield from _in_html(page, block)


_NAMED_FIRST = lazy(r"`[^`\n]+`[ ](?=[a-z]+ )")
"""The name with which a sentence begins."""
_CODE_SPAN = lazy(r"[ \t]*`(?!`)[^`]+(?<!`)`[ \t]*$")


def _code_twice(page: Page) -> Iterator[Finding]:
    """One line between backticks, indented so far that they are printed with the code."""
    for node in page.kinds["code"]:
        rows = [row for row in node.rows if row.text.strip()]
        if len(rows) == 1 and _CODE_SPAN.match(page.lines[rows[0].line]):
            yield RULE.at(
                page.source.content_span(rows[0].line),
                "this code is indented so far that its backticks are printed",
                help="remove the backticks, or the spaces before them",
                proof=becomes_code(rows[0].line),
            )


_WRAPPER = lazy(r"[ \t]*<(div|section|article|aside|figure|details)\b[^<>]*[ ]markdown(?:=[\"']?\w+[\"']?)?[ ]*>[ ]*$")


def _around_text(page: Page) -> Iterator[Finding]:
    """The start of an element whose Markdown was to be read, and below the text its end, each of them alone."""
    begun: dict[str, int] = {}
    for node in page.kinds["code"]:
        rows = [row for row in node.rows if row.text.strip()]
        if len(rows) != 1:
            continue
        line, match = rows[0].line, _WRAPPER.match(page.lines[rows[0].line])
        if match is not None and not page.is_announced(node):
            begun.setdefault(f"</{match[1]}>", line)
        elif (end := rows[0].text.strip()) in begun:
            line, name = begun[end], end[2:-1]
            yield RULE.at(
                page.source.content_span(line),
                f"this `<{name}>` is indented so far that it becomes a block of code",
                help="begin it at the margin, and its end tag too",
                proof=becomes_code(line),
            )
            return


def _in_html(page: Page, block: HtmlBlock) -> Iterator[Finding]:
    """Sentences in an element whose Markdown is read, indented as its code is: four spaces make a block of code."""
    first, last = page.source.line_of(block.span.start) + 1, page.source.line_of(block.span.end - 1)
    for number in range(first, last):
        line, before = page.lines[number], page.lines[number - 1].strip()
        if not line.startswith("    ") or number in page.fenced_lines or not (not before or before.endswith(">")):
            continue
        sentence = _CONTINUED.match(page.source.text, page.source.starts[number])
        text = " ".join(sentence[0].split()) if sentence else ""
        if len(text.split()) > 3 and text[0].isalpha() and not _CODE_SIGNS.search(_ASIDES.sub("", text)):
            yield RULE.at(
                page.source.content_span(number),
                f"in `<{block.tag.name}>` this sentence is indented so far that it becomes a block of code",
                help="begin it at the margin, with a blank line before and after it",
                proof=lambda rendered, line=number: rendered.is_code(line) is True,  # type: ignore[misc]
            )
            return


_CONTINUED = lazy(r"(?:[ ]{4,}[^\s<][^\n]*\n?)+")
_PICTURE = lazy(
    r"<img\b[^>]*\bsrc=[\"']?(?P<raw>[^\"'\s>]+)[^>]*>$|!\[[^\]\n]*\]\((?P<path>[^()\s]+)[^()\n]*\)$"
    r"|(?P<text>\[)[^\]\n]+\]\((?P<link>[^()\s#]+)(?:#[^()\s]*)?\)$"
)


def _is_picture(page: Page, node: Node) -> bool:
    """Whether the code is one picture or link to a file of the site, and nothing else."""
    rows = [row.text.strip() for row in node.rows if row.text.strip()]
    match = _PICTURE.match(rows[0]) if len(rows) == 1 and page.site is not None else None
    if match is None or page.site is None:
        return False
    files = files_of(page.site)
    path = match["raw"] or match["path"] or match["link"]
    if match["text"] and _is_meant_as_code(page, node):
        return False
    return any(judge(page.uri, path).verdict is Verdict.FILE for judge in (files.judge, files.judge_address))


_BOLD = lazy(r"\*\*[^\W\d_][^*\n]*[ ][^*\n]*\*\*")


def _is_markdown(node: Node) -> bool:
    """Whether the whole of a box is code that holds a fence, bold words or a list after its first sentence."""
    parent = node.parent
    if parent is None or parent.kind not in ("admonition", "details") or len(parent.children) > 1:
        return False
    rows = [row.text.strip() for row in node.rows if row.text.strip()]
    if len(rows[0].split()) < 3 or _CODE_SIGNS.search(_ASIDES.sub("", rows[0].replace(" = ", " "))):
        return False
    if rows[0][0].isupper() and rows[0].endswith(":") and len(rows) > 1 and all(map(_ANY_ITEM.match, rows[1:])):
        return True
    return any(row.startswith("```") for row in rows[1:]) or any(_BOLD.search(row) for row in rows)


def _holds_text(page: Page, block: Node) -> bool:
    """Whether a `/// block` is a box or a tab."""
    kind = page.grammar.blocks.get(block.name)
    return block.name == "tab" or (kind is not None and bool(kind.box))


def _is_prose(node: Node) -> bool:
    text = " ".join(row.text.strip() for row in node.rows if row.text.strip())
    if text[:1] == "`":
        text = _NAMED_FIRST.sub("It ", text)
    if not _SENTENCE.match(text) or _CODE_SIGNS.search(_ASIDES.sub("", text)):
        return False
    words = text.split()
    if _FEW_WORDS.match(text):
        return True
    return len(words) >= 4 or (not text.isascii() and len(text) >= 6)


def _is_running_text(node: Node) -> bool:
    """Whether the whole of a box or tab is code that begins with a capital and has the small words of running text."""
    parent = node.parent
    if parent is None or parent.kind not in ("admonition", "details", "tab") or len(parent.children) > 1:
        return False
    words = " ".join(row.text.strip() for row in node.rows if row.text.strip()).split()
    plain = sum(_PLAIN_WORD.fullmatch(word) is not None for word in words)
    small = sum(word[0].islower() for word in words)
    return (
        len(words) >= _MANY_WORDS and words[0][0].isupper() and plain * 5 >= len(words) * 4 and small * 2 >= len(words)
    )


def _is_list(node: Node) -> bool:
    """Whether the whole of a box or tab is code that reads as a list of phrases: YAML and the like have colons."""
    parent = node.parent
    if parent is None or parent.kind not in ("admonition", "details", "tab") or len(parent.children) > 1:
        return False
    rows = [row.text for row in node.rows if row.text.strip()]
    plain = not _CODE_SIGNS.search(_ASIDES.sub("", "\n".join(rows)))
    return len(rows) > 1 and plain and all(_ITEM.match(row) or _PHRASE.match(row) for row in rows)


def _is_list_below(page: Page, node: Node) -> bool:
    """Whether the code is a list of phrases under a paragraph that does not speak of code."""
    rows = [row.text for row in node.rows if row.text.strip()]
    if not all(map(_PHRASE.match, rows)) or not is_ours(page):
        return False
    before = page.before(node)
    if before is None or before.kind not in ("p", "heading"):
        return False
    if len(rows) < _FEW_ITEMS and (before.kind == "p" or len(rows[0].split()) <= _MANY_WORDS):
        return False
    if not before.rows or _SHOWS_CODE.search(before.rows[-1].text):
        return False
    return not _CODE_SIGNS.search(_ASIDES.sub("", _ADDRESS.sub("", "\n".join(rows))))


def _is_head_of_list(page: Page, node: Node) -> bool:
    """Whether the code is the first items of a list that goes on at the margin on the next line, with its marker."""
    items, first = page.after(node), page.lines[node.line].lstrip()[:1]
    if items is None or items.tag != "ul" or items.line != node.rows[-1].line + 1 or first not in "-*+":
        return False
    return page.lines[items.line].startswith(f"{first} ") and all(_ANY_ITEM.match(row.text) for row in node.rows)


def _is_behind_comment(page: Page, node: Node) -> bool:
    """Whether the code is the rest of a list, which a comment at the margin has ended."""
    items = page.before(node)
    if items is None or items.tag not in ("ul", "ol") or not all(_ANY_ITEM.match(row.text) for row in node.rows):
        return False
    return any(items.line < comment.line < node.line for comment in page.kinds.get("comment", ()))


@of_page
def _faulty_headers(page: Page) -> frozenset[int]:
    return frozenset(opener.line for opener in page.openers if opener.fault)


def _is_meant_as_code(page: Page, node: Node) -> bool:
    """Whether what stands before says that code or output follows, or is a box header that failed to open."""
    above = node.rows[0].line - 1
    while above >= page.body and not page.lines[above].strip():
        above -= 1
    if above in page.fenced_lines and not page.lines[above][:1].isspace():
        return True  # what the code above prints
    if _EMPTY_COMMENT.match(page.lines[above]):
        return True  # what parts the list above from a block of code
    if above in page.removed_lines and _STATEMENT.match(page.lines[above]):
        return True  # what stands in a box that a template opens
    if node.parent is not None and node.parent.tag == "blockquote" and len(node.parent.children) == 1:
        return True  # a quotation that is nothing but code quotes what a program said
    before = page.before(node)
    if before is None and node.parent is not None and node.parent.tag == "li":
        before = node.parent  # an item whose text is no paragraph of its own
    if before is None or before.kind not in ("p", "heading", "li"):
        return False
    rows = before.rows
    if rows and page.config.foreign_extensions and _OTHER_HEADER.match(rows[0].text):
        return True
    if rows and rows[-1].line in _faulty_headers(page):
        return True
    return bool(rows) and rows[-1].text.rstrip().endswith((":", "："))
