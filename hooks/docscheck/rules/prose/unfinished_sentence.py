"""A paragraph that breaks off."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.patterns import lazy
from docscheck.source import Span

RULE = Rule("PRO102", "unfinished-sentence", Severity.WARNING)
_OPEN_ENDED_TEXT = """
a an the and or but of to from with than that which whose because although unless whereas while if whether when where
into their its my our your these those be been being is are was were has have can could should would will may might must
such very each every by for as
"""
_NEVER_LAST_TEXT = "because although unless whereas and or but their our your my its the a an"
_NEVER_LAST = frozenset(_NEVER_LAST_TEXT.split())
"""Those that end no heading-like line either, however short."""
_JOINING = frozenset(("and", "or", "but"))
"""What leads from an item to the next one."""
_NEVER_LAST_OF_ITEM = _NEVER_LAST - _JOINING - {"a"}
_OPEN_ENDED = frozenset(_OPEN_ENDED_TEXT.split())
_STRANDED = lazy(
    r"\b(?:the|an?|some|any|no|of)\s+[*_]*[\w-]+[*_]*\s+(?:to|you|we|they|it)\s+(?:(?:can|could|may|might|will)\s+)?[a-z]+"
    r"\s+(?:from|to|with|for|by|as)[*_]*$"
    r"|\b(?:the|an?)\s+[\w-]+\s+(?:the|an?|this|your|our|each)\s+[\w-]+\s+(?:[a-z]+\s+){1,3}(?:from|to|with|for|by)[*_]*$"
    r"|\b(?:if|unless|when(?:ever)?|wherever|than|as|before|until|once)\s+(?:you|we|they|he|she|i)\s+"
    r"(?:(?:do|really|ever|still)\s+)?(?:need|want|have|had|like|wish|choose|prefer|try|used|plan)s?\s+to[*_]*$"
    r"|\b[a-z]+s\s+(?:you|we|they)\s+(?:can|could|may|might|will)\s+[a-z]+\s+(?:from|to|with|by)[*_]*$"
    r"|\b(?:is|are|was|were|be|been|being|gets?)\s+(?:[a-z]+ly\s+)?(?:attached|bound|connected|linked|mapped|paid|pointed"
    r"|assigned|applied|added|related|subscribed|used|asked|meant|intended|responsible)\s+(?:to|with|from|for|by)[*_]*$"
    r"|\b(?:difficult|eas(?:y|ier)|fun|hard(?:er)?|impossible|nice|safe|simpler?|tricky)\s+to\s+[a-z]+"
    r"\s+(?:from|to|with|for|by)[*_]*$",
    re.I,
)
"""A preposition whose noun went before: "the text to extract from", "a state hard to recover from"."""
_EXPLAINED = lazy(
    r"^[ ]*(?:[-*+][ ]+)?\x00+[ ][^.;:]*\bto[ ][a-z]+(?:[ ][a-z]+){0,2}[ ](?:of|to|from|with|for|by)[*_]*$"
)
"""What a name in code stands for: "`key` the word to look up the value of"."""
_ASKED = lazy(
    r"\b(?:how|what|where|who|which|whose)\b.*\b(?:is|are|was|were|be|been|has|had|can|could|will|would)[*_]*$"
    r"|\b(?:what|which|who|whom|whatever)(?:[ ][\w-]+)?[ ](?:to|you|we|they|it|i)[ ].*"
    r"[ ](?:from|to|with|for|by|of)[*_]*$",
    re.I,
)
"""A question inside a sentence, whose verb or preposition comes last: "how good a trial is", "what to ask for"."""
_COMPLETE = (_STRANDED, _EXPLAINED, _ASKED)
_CUT_OFF = lazy(
    r"\b(?:(?:because of|such as|as well as|in order to"
    r"|(?:of|to|in|for|with|on|at|from|by|and) (?:the|an|our|your|their|my))"
    r"|(?:to|of|on|in|at|by|with|from|into|for|and|the|an?) )\.$"
    r"|[a-z](?:, (?:and|or|but)|,? (?:the|because|although|unless|whereas))\.$|[a-z], see\.$"
    r"|, [^,]* (?:and|or)\.$"
)
"""A full stop behind words that need another one."""
_EXAMPLES = (" e.g.", " i.e.", "(e.g.", "(i.e.")
_CUT_WORDS = "of as to the an our your their my and or but because although unless whereas"
_CUT_BY_STOP = frozenset(f"{word}." for word in (*_CUT_WORDS.split(), "see"))
_CUT_ITEMS = _CUT_BY_STOP | _JOINING | _OPEN_ENDED | {"on"}
"""What an item that breaks off may end with."""
_DASHES = (" -", " –", " —")
_BRACKETED = frozenset(("(e.g.", "(i.e."))
_ENDS = _CUT_BY_STOP.union(("e.g.", "i.e.", ".", "-", "–", "—"))
"""What a row that breaks off may end with, behind a space."""
_SHOWING = (" by", " with", " is", " are", " as")
_LABELLED = lazy(r"\*\*[A-Z][^*]*\*\*:?[ ]")
"""A paragraph of its own that begins with words in bold."""
_EXAMPLE_DUE = lazy(
    r"(?:\b(?:for example|for instance|such as|namely)[,]?|[a-z]{3}, (?:please )?see"
    r"|\b[Ff]or (?:the|an?) (?:[\w-]+ )?[\w-]+, (?:please )?see)[*_]*$"
)
"""What leads to an example or to a place, and ends nothing."""
_CONSEQUENCE_DUE = lazy(r"^(?:Please )?[Nn]ote that$|^The following are$|(?:^|[.;:] )(?:If|When|Once) [^.;:?]+, then$")
_NOUN_DUE = lazy(
    r"\b(?:instead of|consists? of|depending on|according to|as (?:shown|described|explained|listed) in"
    r"|in addition to|compared (?:to|with)|(?<!in )between)$"
)
"""What takes a noun, even in a short sentence."""
_PLACE_DUE = lazy(
    r"^[ ]*(?:[-*+]|\d+[.)])?[ ]*(?:The|An?|Each|This|Every|All)[ ]"
    r"(?:(?!(?:it|they|we|you|I|he|she|the|an?|our|your|this|that|which|what)\b)[\w-]+[ ]){1,3}"
    r"(?:is|are|was|were)[ ](?:trained|based|built|tested|evaluated|hosted|mounted|installed|focused|dependent)[ ]on$"
)
"""What takes a place or a ground, in a sentence that does not name it before."""
_SHORTEST_DUE = 4
_COMMAND = lazy(r"[a-z][\w./-]*(?:[ ][^\s.,;]+)*[ ]--?[a-z][^.,;]*$")
"""A command with an option, on a line of its own."""
_PASTED = frozenset("•●▪◦‣")
_TAG = lazy(r"</?\w+>")
_FORMULA = lazy(r"(?:(?!\b[a-z]{3})[^\n=≤≥≈<>])+ [=≤≥≈<>] (?:(?!\b[a-z]{3})[^\n])+")
"""A formula in plain text, on a line of its own."""
_NEXT_CLAUSE = ("; and", "; or", ", and", ", or")
_CLAUSE = lazy(r"[ ]*\(?(?:[A-Za-z]|[ivx]{1,4}|\d{1,2})[.)]")
"""The next of the clauses of a law or a licence."""
_GREETING = lazy(r"(?:Dear|Hi|Hello|Hey)\b")
"""With what a letter begins."""
_LAST_WORD = lazy(r"(?<![\w.])([A-Za-z]+)[,]?[*_]*$")
_ELSEWHERE = {
    "de": "und oder sowie sondern weil dass für von vom im zum zur beim des dem eine eines einem",
    "es": "el la los las unos unas de del al que en con por y pero sino porque aunque",
    "fr": "le la les des du de et ou mais que dont dans par aux au",
    "it": "il la gli di del della dei delle che nel nella e oppure poiché perché affinché",
    "nl": "de het een en of van voor dat omdat doordat",
    "pt": "os de do da dos das ou que em na com por porque mas embora",
}
"""Words at which no sentence of another language ends; prepositions that may be a part of its verb are left out."""
_STOPPED = frozenset(_ELSEWHERE) - {"nl"}
"""Where such a word does not even end a sentence that has its full stop; a Dutch verb may leave a part of it there."""
_PRONOUNS = frozenset(("eine", "einem", "eines", "dem", "unos", "unas", "le", "la", "les", "gli"))
"""Those that may stand for a noun before a full stop: "alles in einem"."""
_PAUSES = ("，", "、")
"""The commas of Chinese and Japanese."""
_VERSE_ENDS = (*_PAUSES, "；")
"""With what the lines of a verse end, each of which is a paragraph."""
_CUT_EAST_TEXT = "然后 所以 因为 但是 而且 以及 或者 并且 如果 例如 比如 因此"
_CUT_EAST = (*_PAUSES, *_CUT_EAST_TEXT.split())
_CUT_ELSEWHERE = {
    "de": r"(?:in|an|auf|mit|von|bei|nach|zu|aus|für|über|unter|durch|um|ohne|ist) (?:der|die|das|dem|den|einen?)",
    "fr": r"(?:dans|avec|pour|sur|par|en|sans|sous|entre|vers|est) (?:une?|ce|cette|ces|ses|leurs?|mon|votre|notre)",
    "it": r"\w+, perché",
    "nl": r"\w+, (?:maar|terwijl)|(?:ge|be|ver|ont)\w{2,}[dtn] door",
}
"""Two words at which a sentence ends even less than at one of them."""
_OPEN_SIGNS = frozenset((",", ";", *_PAUSES))
_LONG_ENOUGH = 6
"""Shorter lines with a comma at their end may be the address of a letter."""
_LAST = lazy(r"(?<![\w.'’-])([^\W\d_]+)[*_]*$")


def check(page: Page) -> Iterator[Finding]:
    """Find what breaks off: paragraphs in the language of the site; cells, headings and items in English."""
    language = page.language[:2]
    if language == "en":
        breaks_off = _breaks_off
    elif language in _ELSEWHERE:
        breaks_off = _breaks_off_elsewhere
    elif language in ("zh", "ja"):
        breaks_off = _breaks_off_at_pause
    else:
        return
    yield from _paragraphs(page, language, breaks_off)
    yield from _labels(page)
    if language == "en":
        for table in page.kinds.get("table", ()):
            if _has_cut_cell(table):
                yield from _cells(page, table)
        yield from _headings(page)
        yield from _items(page)


BreaksOff = Callable[[Page, Node, Node | None], bool]
"""Whether a paragraph breaks off, with what follows it."""


def _paragraphs(page: Page, language: str, breaks_off: BreaksOff) -> Iterator[Finding]:
    """Paragraphs that end with a colon or with a word that wants another one, and nothing follows that they lead to."""
    for node in page.kinds.get("p", ()):
        row = node.rows[-1].text
        if row[-1:] == "." and language == "en" and _is_whole(row):
            continue  # what most are
        if row.rstrip().endswith((":", "：")) and _announces_nothing(page, node):
            message = "this announces something, and nothing follows"
            yield RULE.at(_last(page, node), message, help="add it, or end the sentence")
        may_be_open = _is_open(row) or (language in _STOPPED and row.endswith("."))
        if may_be_open and breaks_off(page, node, page.after(node) or _code_behind(page, node)):
            yield _finding(page, node)


def _labels(page: Page) -> Iterator[Finding]:
    """Items that are a label in bold, among others that have text behind theirs."""
    for node in _items_of_text(page):
        row = node.rows[-1].text
        is_label = row.startswith("**") and _LABEL_ALONE.fullmatch(row.rstrip()) is not None
        if is_label and _others_go_on(node) and not _is_explained(page, node):
            yield RULE.at(_last(page, node), "nothing follows this label", help="write what belongs to it")


def _headings(page: Page) -> Iterator[Finding]:
    """Headings that end with a preposition or an article, if they are no question that may."""
    for heading in page.headings:
        if not heading.text.endswith(_CUT_TITLES):
            continue
        is_asked = _ASKING.match(heading.text) is not None and not heading.text.endswith(_NEVER_CUT)
        if not (heading.markup.endswith("`") or is_asked):
            yield RULE.at(page.source.content_span(heading.line), "the heading breaks off here", help="finish it")


def _items(page: Page) -> Iterator[Finding]:
    """Short items, which need no full stop, that end with a word that nothing ends with."""
    for node in _items_of_text(page):
        if node.rows[-1].text.rstrip().rpartition(" ")[2] in _CUT_ITEMS and _is_item_cut(page, node):
            yield _finding(page, node)


def _items_of_text(page: Page) -> Iterator[Node]:
    """The items that hold nothing but text."""
    return (node for node in page.kinds.get("li", ()) if node.rows and not node.children)


_LABEL_ALONE = lazy(r"\*\*[^*]+(?:\*\*:|:\*\*)")
_LABEL_AND_TEXT = lazy(r"\*\*[^*]+(?:\*\*:|:\*\*)[ ]+\S")


_INDENTED_ITEM = lazy(r"([ \t]+)(?:[-*+]|\d+[.)])[ \t]")


def _is_explained(page: Page, item: Node) -> bool:
    """Whether items indented deeper follow, even if they are shown on the same level, or code behind the list."""
    if item.parent is not None and not _has_next(item) and _is_code(page.after(item.parent)):
        return True
    below = page.lines[item.rows[-1].line + 1 : item.rows[-1].line + 2]
    match = _INDENTED_ITEM.match(below[0]) if below else None
    own = page.lines[item.line]
    return match is not None and len(match[1]) > len(own) - len(own.lstrip())


def _others_go_on(item: Node) -> bool:
    """Whether all other items of a list, two at least, have text behind such a label."""
    assert item.parent is not None
    others = [other for other in item.parent.children if other is not item]
    return len(others) >= _FEW and all(other.rows and _LABEL_AND_TEXT.match(other.rows[0].text) for other in others)


_CUT_TITLES = (" of", " of the", " and the", " for the", " and", " in the", " to the", " with the", " a", " an", " the")
_ASKING = lazy(r"\W*(?:what|which|who|whom|how|where|why|things?|the \w+ (?:you|we|they|to))\b", re.I)
_NEVER_CUT = (" of the", " and the", " for the", " in the", " to the", " with the", " the", " an")
"""Not even a question ends so."""
_LEAST = 4
_LEAST_IN_TAB = 2
_ARTICLES = frozenset(("the", "an", "their", "your", "our", "its"))
_CUT_ENDS_OF_CELLS = tuple(sorted(_ARTICLES))
_CUT_CELLS = tuple(f" {article}{space}|" for article in sorted(_ARTICLES) for space in ("", " "))
_SHORTEST_CELL = 4
_PREPOSITIONS = frozenset(("at", "by", "for", "from", "in", "into", "of", "on", "to", "with"))


def _has_cut_cell(table: Node) -> bool:
    """Whether a cell may end with an article, for a first look at all of them at once, but for most of the spaces."""
    text = "".join(row.text for row in table.rows).replace("  ", "")
    return any(cut in text for cut in _CUT_CELLS)


def _cells(page: Page, table: Node) -> Iterator[Finding]:
    """A cell of several words that ends with an article."""
    for row in table.rows[2:]:
        shown = page.prose_lines[row.line]
        end = 0
        for cell in shown.split("|")[:-1]:
            end += len(cell) + 1
            if not cell.rstrip().endswith(_CUT_ENDS_OF_CELLS):
                continue
            words = cell.split()
            least = _SHORTEST_CELL - (len(words) > 1 and words[-2] in _PREPOSITIONS)
            if len(words) >= least and words[-1] in _ARTICLES and words[-2].islower():
                last = end - 1 - len(cell) + len(cell.rstrip())
                span = page.source.span(row.line, last - len(words[-1]), last)
                yield RULE.at(span, "the sentence breaks off here", help="finish it")


def _finding(page: Page, node: Node) -> Finding:
    return RULE.at(_last(page, node), "the sentence breaks off here", help="finish it")


def _last(page: Page, node: Node) -> Span:
    """The last word of a text, with what is glued to it."""
    line = node.rows[-1].line
    text = page.lines[line].rstrip()
    return page.source.span(line, len(text) - len(text.split()[-1]), len(text))


_ICON = lazy(r":[\w+-]+:$")
"""An emoji, whose name stands between two colons."""
_BOXES = ("admonition", "details", "tab", "tabs")


def _announces_nothing(page: Page, node: Node) -> bool:
    """Whether a colon ends the last text of a page, or that of a box behind which another begins."""
    text, line = node.rows[-1].text, node.rows[-1].line
    is_in_tab = node.parent is not None and node.parent.kind == "tab"  # what a tab holds is no label of the next one
    if len(text.split()) < (_LEAST_IN_TAB if is_in_tab else _LEAST) or _ICON.search(text):
        return False
    if not any(map(str.strip, page.lines[line + 1 :])):
        return True
    if page.language == "en" and _ends_section(page, node) and _DUE.search(text):
        return True
    if page.after(node) is not None or node.parent is None or node.parent.kind not in _BOXES:
        return False
    following = page.after(node.parent)
    if following is None or following.kind not in _BOXES:
        return False
    return not (following.kind == "details" and following.children and _is_code(following.children[0]))


_DUE = lazy(
    r"\b(?:two|three|four|five|six|seven|eight|several|following|as follows|these|steps)\b[^.:!?]{0,80}:$", re.I
)
"""What a sentence with a colon promises."""


def _ends_section(page: Page, node: Node) -> bool:
    """Whether a heading of a higher level follows: what a text announces may be the sections on its own level."""
    following = page.after(node)
    if node.parent is not page.tree or following is None or following.kind not in ("heading", "setext"):
        return False
    levels = [heading.level for heading in page.headings if heading.line <= following.line]
    return len(levels) > 1 and levels[-1] < levels[-2]


def _code_behind(page: Page, node: Node) -> Node | None:
    """The block of code behind the quotation or the list that a paragraph ends."""
    around = node.parent
    if around is None or around.tag not in ("blockquote", "li") or around.children[-1] is not node:
        return None
    if around.tag == "li" and (around.parent is None or around.parent.children[-1] is not around):
        return None
    following = page.after(around if around.tag != "li" or around.parent is None else around.parent)
    return following if _is_code(following) else None


def _is_code(node: Node | None) -> bool:
    """Whether a block is code, indented or fenced."""
    if node is None or not node.rows:
        return False
    return node.kind == "code" or node.rows[0].text.lstrip().startswith("\x00")


def _is_open(row: str) -> bool:
    """Whether a paragraph's last row may break off: most end with a stop."""
    text = row.rstrip().rstrip("*_")
    last = text[-1:]
    if last in ".-–—":
        word = text.rpartition(" ")[2]
        return (word in _ENDS and word != text) or word[-5:] in _BRACKETED
    return last in _OPEN_SIGNS or last.isalpha()


def _is_whole(row: str) -> bool:
    """Whether what stands before the full stop of a row may end a sentence."""
    word = row[row.rfind(" ") + 1 :]
    return word not in _ENDS and word[-5:] not in _BRACKETED


def _is_item_cut(page: Page, item: Node) -> bool:
    """Whether a short item, which needs no full stop, ends with a word that nothing ends with."""
    row = item.rows[-1]
    word = row.text.rstrip().rpartition(" ")[2]
    if word in _CUT_BY_STOP:
        return _CUT_OFF.search(page.prose_lines[row.line].rstrip()[-_TAIL:]) is not None
    if word == "on":
        return _PLACE_DUE.match(page.prose_lines[row.line].rstrip()) is not None
    if word in _JOINING:
        if item.parent is not None and _is_code(page.after(item.parent)):
            return False  # the code goes on with the sentence
        return not _has_next(item) and word != "but" and page.prose_lines[row.line].rstrip().endswith(f" {word}")
    if word not in _OPEN_ENDED:
        return False
    if word == "a" and not _PREPOSITIONS.isdisjoint(row.text.split()[-2:-1]):  # elsewhere it may be a name: "option a"
        return page.prose_lines[row.line].rstrip().endswith(" a")
    if word not in _NEVER_LAST_OF_ITEM and (not _others_stop(item) or _is_complete(row.text)):
        return False
    return page.prose_lines[row.line].rstrip().endswith(word) and len(row.text.split()) > 2


def _others_stop(item: Node) -> bool:
    """Whether all other items of a list, two at least, end with a full stop."""
    assert item.parent is not None
    others = [other for other in item.parent.children if other is not item and other.rows]
    return len(others) >= _FEW and all(other.rows[-1].text.rstrip().endswith((".", "!", "?")) for other in others)


_FEW = 2


def _breaks_off_at_pause(page: Page, node: Node, following: Node | None) -> bool:
    row = node.rows[-1].text.rstrip()
    if not row.endswith(_CUT_EAST) or (following is not None and _goes_on(row, following)):
        return False
    if following is not None and following.kind == "p" and page.language[:2] == "ja" and row.endswith(_PAUSES):
        return False  # a sentence whose parts are set apart
    near = (following, page.before(node))
    return not any(p is not None and p.kind == "p" and p.rows[-1].text.rstrip().endswith(_VERSE_ENDS) for p in near)


def _goes_on(row: str, following: Node) -> bool:
    """Whether what follows may be the rest of the sentence: a list, code, a formula, a picture, a box that is shown."""
    if following.kind in ("admonition", "details") or (following.kind, following.name) == ("raw", "details"):
        return row.endswith(_SHOWING)
    if following.kind != "p":
        return following.kind not in ("heading", "setext", "hr")
    text = following.rows[0].text.lstrip()
    if (text[:1].islower() and not text[1:2].isalpha()) or text[1:2] == "$":
        return True  # the next of several that begin with a symbol
    if _FORMULA.fullmatch(_TAG.sub("", text).rstrip()):
        return True
    if row.endswith(_SHOWING) and len(following.rows) == 1 and _COMMAND.match(text):
        return True
    sign = row.lstrip()[:1]
    if sign in _PASTED and text.startswith(sign):
        return True  # the next of what is no list, but looks like one
    return "\x00" in text or (text[:1] in "$\\<{![`|-*" and not _LABELLED.match(text))


@cache
def _words(language: str) -> frozenset[str]:
    return frozenset(_ELSEWHERE[language].split())


def _breaks_off_elsewhere(page: Page, node: Node, following: Node | None) -> bool:
    if following is not None and _goes_on(node.rows[-1].text.rstrip(), following):
        return False
    last = node.rows[-1]
    shown = page.prose_lines[last.line].rstrip()[-_TAIL:]
    words = sum(len(row.text.split()) for row in node.rows)
    if shown.endswith(","):
        is_item = any(above.tag == "li" for above in node.ancestors())
        return shown[-2:-1].isalpha() and words >= _LONG_ENOUGH and not is_item and not _is_verse(node)
    match = _LAST.search(shown.removesuffix("."))
    if words < 4 or not match:
        return False
    if shown.endswith(".") and match[1] in _PRONOUNS:
        return False
    pair = _pairs(page.language[:2])
    if match[1] not in _words(page.language[:2]) and not (pair and pair.search(shown)):
        return False
    return last.line + 1 >= len(page.lines) or not page.lines[last.line + 1].strip()


@cache
def _pairs(language: str) -> re.Pattern[str] | None:
    found = _CUT_ELSEWHERE.get(language)
    return re.compile(rf"(?<![\w-]){found}$") if found else None


def _is_deeper(page: Page, following: Node) -> bool:
    """Whether what follows is a heading below that of its section, which the text above announces."""
    levels = {id(heading.node): heading.level for heading in page.headings if heading.line <= following.line}
    own = levels.pop(id(following), 0)
    return own > next(reversed(levels.values()), 0)


def _is_verse(node: Node) -> bool:
    """Whether lines are broken on purpose, as in a poem or an address."""
    return any(row.text.endswith("  ") for row in node.rows[:-1])


def _has_next(item: Node) -> bool:
    return item.parent is not None and item.parent.children[-1] is not item


def _is_clause(node: Node) -> bool:
    return node.kind == "p" and _CLAUSE.match(node.rows[0].text) is not None


def _breaks_off(page: Page, node: Node, following: Node | None) -> bool:
    """Whether an English paragraph breaks off, by its last sign or word, with what follows it."""
    if following is not None and _goes_on(node.rows[-1].text.rstrip(), following):
        return False
    last = page.prose_lines[node.rows[-1].line].rstrip()
    if following is not None and _is_clause_before(node, last, following):
        return False
    if last.endswith("."):
        return _stops_early(last, following)
    if last.endswith(_DASHES):
        is_long = last[-3:-2].islower() and len(node.rows[-1].text.split()) > _LEAST
        return is_long and not (following is not None and _is_deeper(page, following))
    if last.endswith(" on") and len(node.rows) == 1 and _PLACE_DUE.match(last):
        return True
    if _EXAMPLE_DUE.search(last[-_TAIL:]) and len(node.rows[-1].text.split()) > 3:
        return True
    words = sum(len(row.text.split()) for row in node.rows)
    if _CONSEQUENCE_DUE.search(last) or (words >= _SHORTEST_DUE and _NOUN_DUE.search(last[-_TAIL:])):
        return not _is_complete(last)
    if last.endswith(";"):
        return words > _LEAST and _ends_with_semicolon(page, node, last, following)
    if _ends_with_comma(node, last, words, following):
        is_cut = not _is_greeting(node)
    else:
        is_cut = _ends_with_open_word(node, last, words)
    return is_cut and not _is_verse(node) and _ends_block(page, node)


_TAIL = 40
"""Characters at the end of a line that the forms of a last word need."""


def _is_clause_before(node: Node, last: str, following: Node) -> bool:
    """Whether a paragraph is one of several clauses, each of which is a paragraph."""
    if last.endswith(_NEXT_CLAUSE) and _CLAUSE.match(following.rows[0].text):
        return True
    return last.endswith((",", ";")) and _is_clause(node) and _is_clause(following)


def _stops_early(last: str, following: Node | None) -> bool:
    """Whether a full stop stands behind words that need another one, or belongs to an abbreviation."""
    if last.endswith(_EXAMPLES):
        return following is None or following.kind in ("heading", "setext")
    return _CUT_OFF.search(last[-_TAIL:]) is not None


def _is_complete(last: str) -> bool:
    """Whether the noun of the last preposition, or the rest of the last verb, went before."""
    return any(form.search(last) for form in _COMPLETE)


def _item_around(node: Node) -> Node | None:
    return next((above for above in node.ancestors() if above.tag == "li"), None)


def _begins_item(node: Node) -> bool:
    """Whether a paragraph is the first of an item, which may end with a comma; a later text may not."""
    item = _item_around(node)
    return item is not None and item.children[:1] in ([], [node])


def _is_heading(following: Node | None) -> bool:
    """Whether a heading follows: nobody signs a section."""
    return following is not None and following.kind in ("heading", "setext")


def _ends_with_semicolon(page: Page, node: Node, last: str, following: Node | None) -> bool:
    """Whether the only semicolon of a line, no part of a character's name, ends a section."""
    is_word = last.count(";") == 1 and last[-2:-1].isalnum() and "&" not in last.rpartition(" ")[2]
    is_lead = following is not None and _is_deeper(page, following)
    is_last = _is_heading(following) and _item_around(node) is None
    return is_word and is_last and not is_lead and not _is_verse(node)


def _ends_with_comma(node: Node, last: str, words: int, following: Node | None) -> bool:
    """Whether a comma ends several words, which may be fewer where nothing but a heading follows."""
    least = 3 if _is_heading(following) else 4
    return last.endswith(",") and last[-2:-1].isalpha() and words > least and not _begins_item(node)


def _is_greeting(node: Node) -> bool:
    """Whether a line is the address of a letter."""
    return len(node.rows) == 1 and _GREETING.match(node.rows[0].text) is not None


def _ends_with_open_word(node: Node, last: str, words: int) -> bool:
    """Whether the last word wants another one, and none went before."""
    match = _LAST_WORD.search(last[-_TAIL:])
    if not match or match[1] not in _OPEN_ENDED or _is_complete(last):
        return False
    item = _item_around(node)
    if match[1] in ("and", "or") and _begins_item(node) and item is not None and _has_next(item):
        return False  # the next item is the other one
    return words >= (3 if match[1] in _NEVER_LAST else 5)


def _ends_block(page: Page, node: Node) -> bool:
    """Whether an empty line follows, or nothing."""
    line = node.rows[-1].line + 1
    return line >= len(page.lines) or not page.lines[line].strip(" \t>")
