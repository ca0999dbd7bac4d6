"""A space that is missing between two words or sentences, or stands before the end of one or inside a parenthesis."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import WIDE_LETTER, lazy
from docscheck.source import Span
from docscheck.words.lexicon import telling
from docscheck.words.lists import frequencies

RULE = Rule("PRO111", "wrong-space", Severity.WARNING)
_OPENINGS = {
    "en": """The This These That Those There They Then It Its If In You Your We When Where While For From To At An And
But So However Also Note See All Each Every Some By On With Without Once After Before As Since Because Which What Please
Only Not Here Now Our More Most Any Both Thus Therefore Furthermore Finally Otherwise Instead""",
    "de": "Der Die Das Dies Diese Ein Eine Es Sie Wir Wenn Im In Mit Nach Bei Auch Dann Hier Man Um Zum Zur",
    "fr": "Le La Les Un Une Il Elle Ils On Ce Cette Ces Dans Pour Par Si En Vous Nous Cela Ainsi",
    "es": "El La Los Las Un Una Se Es En Para Por Si Esto Este Esta No Cuando",
    "pt": "O A Os As Um Uma Se É Em No Na Para Por Isso Este Esta Não Quando",
    "it": "Il La Lo Le Gli Un Una Si È In Per Se Questo Questa Non Quando Poi Dopo Così Ogni Anche Con Qui Ecco Quindi",
    "nl": """De Het Een Dit Deze Dat Er Je U Als In Op Met Na Bij Ook Dan Hier Om Voor Zet Neem Kies Klik Ga Wij We
Daarna Vervolgens""",
    "sv": "Det Den De En Ett Du Vi Om När I På Med För Här Sedan Då Detta Denna",
    "da": "Det Den De En Et Du Vi Hvis Når I På Med For Her Så Dette Denne",
    "pl": "Ten Ta To Jest Jeśli Gdy W Na Z Po Aby Można Należy Następnie Potem Tutaj",
}
"""With what a sentence begins."""
_JOINING = (
    "then which but where while because so we you the this it if when there they and or for with that however not as in"
    " though although since whereas"
)
_JOINED = frozenset(_JOINING.split())
_SMALL = "by the from can is of or if and see which for in on with are that to only not this"
_SUFFIX_TEXT = "ing ish able ible like less ness ism ist ers est esque wise style ied ize ized izing ated ier iest"
_SUFFIXES = frozenset(_SUFFIX_TEXT.split())
_PREFIX_TEXT = "non pre post sub anti multi inter super meta semi pseudo micro macro auto over under"
_PREFIXES = frozenset(_PREFIX_TEXT.split())
_ORDERS = "Add Check Choose Click Copy Create Enter Go Install Make Move Open Press Put Run Select Set Type Use Write"
_ALL_OPENINGS = frozenset(word.lower() for words in (*_OPENINGS.values(), _ORDERS) for word in words.split())
_INSIDE = lazy(
    r"[.!?,;\[()}:\x00](?:(?<=[a-z)\]}\x00][.!?])[a-z]|(?<=[a-z][,;\[(])[a-z\x00]|(?<=[)}])[a-z(]"
    r"|(?<=\x00)\(?[a-z]{2}|(?<=[a-z]{3}\x00)|(?<=^(?:in|of|to|is|as|at|on|by|or|an)\x00)|(?<=\x00)-$|(?<=^[.(?!:])$|(?<=^\))[.,;:]?$)"
)
"""First the sign, then what stands before it: the search goes from sign to sign."""
_STOPS = lazy(r"(?:[a-z]{2}|[\x00)])[.!?]([^\W\d_]+),?$")
_LISTED = lazy(r"\(?[a-z]{2,}[,;]([a-z]+)$")
_OTHERS = {
    "sentence": lazy(r"\(?(?:e\.g|i\.e)\.[a-z]{2}"),
    "before": lazy(r"[.?!]$"),
    "colon": lazy(r":$"),
    "padded": lazy(r"\($|\)[.,;:]?$"),
    "bracket": lazy(r"\(?[a-z]{4,}\([a-z]+\)?[.,;:]?$|.*\)[a-z]{2,}$"),
    "link": lazy(r".*(?:[a-z]{3}\[|[)}][a-z]{3}|\)\([a-z]{3})"),
    "code": lazy(r".*(?:\x00[a-z]{3}|\x00\([a-z]{2}|[a-z]{3}\x00)|(?:in|of|to|is|as|at|on|by|or|an)\x00|.*\x00-$"),
}
"""A first look at what stands between two spaces, in small letters."""
_ORDERED = lazy(
    rf"(?<![^\s(])[a-z]{{4,}}\.(?=(?:{'|'.join(_ORDERS.split())})[ ]"
    r"(?:the|an?|it|them|to|your|this|these|that|on|in)[ ])"
)
"""What the reader is told to do begins the next sentence."""
_ABBREVIATED = lazy(r"\b(?:e\.g|i\.e)\.(?=[a-z]{2,})")
_COMMA = lazy(rf"(?<![^\s(])[A-Z]?[a-z]{{2,}}[,;](?=(?:{'|'.join(_JOINING.split())})\s)")
_BEFORE_STOP = lazy(r"(?:(?<=[a-z]{3})|(?<=[a-z]{2}\.)|(?<=[)\]}\x00]))[ ]+\.(?=[ ]*$|[ ]+[A-Z][a-z])", re.M)
_BEFORE_MARK = lazy(r"(?<=[a-zß-öø-ÿ]{3})[ ][?!](?=[ ]*$|[ ]+[A-ZÀ-Þ][a-zß-öø-ÿ])", re.M)
_WITHOUT_SPACE = frozenset(("de", "es", "it", "nl", "pt", "da", "sv", "pl"))
"""Languages besides English that have no space before a question mark."""
_ENGLISH = frozenset(("the", "this", "you", "it"))
_PADDED = lazy(
    r"(?<=[\w.,:;]\s)\((?:([ ]+)[^\W_](?:[^()\n]*[^()\s])?\)|[^\W_](?:[^()\n]*[^()\s:/\]])?([ ]+)\))(?=[\s.,;:]|$)",
    re.M,
)
"""A parenthesis with a space on one of its two inner sides: on both it is a habit."""
_TAKES_A_DOT = lazy(r"\b(?:install|build|add|cd|run|copy|open|code|sync|the|a|and|or)[ ]+$")
_GLUED_BRACKET = lazy(
    r"(?<![^\s(])[a-z]{4,}\((?=[A-Za-z]+[ ][^()\n]{4,80}\)(?:[\s.,;:]|$))"
    rf"(?=[^()\n]*\b(?:{'|'.join(_SMALL.split())})\b)"
)
_GLUED_SHORT = lazy(
    r"(?<=[a-z][ ])[a-z]{4,}\((?=(?:[A-Z][A-Za-z]?[A-Z]{1,5}s?|(?:Opt|Addit)ional|(?:Recommend|Requir|Deprecat|Preferr"
    r"|Automat)ed|Default|Experimental|Mandatory|Advanced)\)(?:[\s.,;:]|$))",
    re.M,
)
"""The same of an abbreviation, and of what is said of a step."""
_AFTER_BRACKET = lazy(r"(?<=[\s])\([^()\n]*[\x00 ][^()\n]*\)(?=[a-z]{2,}(?:\s|$))")
_WORD_AFTER = lazy(r"[A-Za-z]{3,}(?![\w-])")
_WORD_BEFORE = lazy(r"(?<![\w.-])[A-Za-z]{3,}\Z")
_SMALL_BEFORE = lazy(r"(?<![^\s(])(?:in|of|to|is|as|at|on|by|or|an)\Z")
_ATTRIBUTES = lazy(r"\{[^}\n]*\}")
_ENDING = lazy(r"`-[a-z]{3,}`")
_HYPHENATED = lazy(r"\w-`")
_CODE = lazy(r"\x00+")
_DASH = lazy(r"-[ ]+[A-Z][a-z]")
_ITEM = lazy(r"(?:^|\n)[ ]*(?:[-*+]|\d+\.)[ ]+\Z")
"""What stands before the name with which an item begins."""
_SHORTEST_PART = 3
_COMMON = 200
"""How often a word must be met to be what somebody meant."""
_MET = 50
"""How often a word must be met at least, if what is behind the hyphen is met less often alone."""
_BROKEN = lazy(r"(?<![\w-])([A-Za-z][a-z]+)-([ ]+|[ ]*\n[ ]*)(?!and\b|or\b|to\b)([a-z]{2,})(?![\w-])")
_FUNCTION = lazy(r"[A-Z][A-Z0-9_.]+|\w+[._]\w+|[a-z]+[A-Z]\w*")
"""The name of a function, by its looks."""
_TAKEN = lazy(r"\((?:[\w\[\]]+(?:,[ ]?[\w\[\]]+)*)?\)")
_REMARK = lazy(r"\((?:default|optional|required|[^\W\d_]{2,}[ ][^()\n]*)\)")
"""What is said in parentheses of the code before it."""


def tells(word: str) -> bool:
    """Whether a space may be missing inside a word, or stands beside it."""
    return bool(_kinds_of(word))


def check(page: Page) -> Iterator[Finding]:
    kinds = {kind for word in telling(page) for kind in _kinds_of(word)}
    seen: set[int] = set()
    for kind, findings in _CHECKS.items():
        for finding in findings(page) if kind in kinds else ():
            leaf = page.leaf_by_line.get(page.source.line_of(finding.span.start))
            if leaf is not None and leaf.kind not in ("code", "maths") and finding.span.start not in seen:
                seen.add(finding.span.start)
                yield finding


def _kinds_of(word: str) -> set[str]:
    """Where spaces may be wrong around or inside what stands between two of them, in small letters."""
    if word[0] == "-" and word[1:].isalpha() and len(word) > _SHORTEST_PART:
        return {"hyphen"}
    if "**" in word and _JOINED_BOLD.search(word):
        return {"bold"}
    if word[:-1].isalpha():
        return {"hyphen"} if word[-1] == "-" and len(word) > _SHORTEST_PART else set()
    if not _INSIDE.search(word):
        return set()
    stop, listed = _STOPS.search(word), _LISTED.match(word)
    kinds = {kind for kind, pattern in _OTHERS.items() if pattern.match(word)}
    if stop and (stop[1] in _ALL_OPENINGS or stop[1].endswith("ly")):
        kinds.add("sentence")
    if listed and listed[1] in _JOINED:
        kinds.add("comma")
    return kinds


def _between_sentences(page: Page) -> Iterator[Finding]:
    prose, language = page.prose, page.language[:2]
    openings = "|".join(_OPENINGS.get(language, _OPENINGS["en"]).split())
    if language == "en":
        openings += r"|[A-Z][a-z]{3,12}ly"
    stops = re.finditer(rf"(?:(?<![^\s(])[a-z]{{2,}}|(?<=[\x00)]))[.!?](?=(?:{openings})(?:\s|,\s))", prose)
    for match in stops:
        if not _is_name(prose, match.end()):
            yield _missing(page, match.end())
    for match in _ABBREVIATED.finditer(prose) if language == "en" else ():
        yield _missing(page, match.end())
    for match in _ORDERED.finditer(prose) if language == "en" else ():
        yield _missing(page, match.end())


def _after_commas(page: Page) -> Iterator[Finding]:
    for match in _COMMA.finditer(page.prose) if page.language[:2] == "en" else ():
        yield _missing(page, match.end())


def _around_brackets(page: Page) -> Iterator[Finding]:
    prose = page.prose
    if page.language[:2] != "en":
        return
    for match in _GLUED_BRACKET.finditer(prose):
        yield _missing(page, match.end() - 1)
    for match in _GLUED_SHORT.finditer(prose):
        yield _missing(page, match.end() - 1)
    for match in _AFTER_BRACKET.finditer(prose):
        word = _WORD_AFTER.match(prose, match.end())
        if word is None or word[0] not in _SUFFIXES:
            yield _missing(page, match.end())


def _before_stops(page: Page) -> Iterator[Finding]:
    prose, ends = page.prose, {link.span.end for link in page.links}
    for match in _BEFORE_STOP.finditer(prose):
        start = match.start()
        if prose[start - 1] in ")]}":
            behind = prose.rfind("{:", max(start - _FAR, 0), start) if prose[start - 1] == "}" else start
            if behind not in ends or "\n" in prose[behind:start]:
                continue
        if not _is_cell(page, start) and not _TAKES_A_DOT.search(prose, max(start - 12, 0), start + 1):
            fix = Edit(Span(start, match.end()), ".") if prose[start - 1] != "." else None
            yield RULE.at(
                Span(start, match.end()), "a space stands before this full stop", help="remove the space", fix=fix
            )
    has_no_space = _is_english(page) or page.language[:2] in _WITHOUT_SPACE
    for match in _BEFORE_MARK.finditer(prose) if has_no_space else ():
        mark = "question mark" if match[0][-1] == "?" else "exclamation mark"
        fix = Edit(Span(*match.span()), match[0].strip())
        yield RULE.at(Span(*match.span()), f"a space stands before this {mark}", help="remove the space", fix=fix)


_COLON_AT_END = lazy(r"(?:(?<=[a-z]{3})|(?<=[a-z][*_]))(?<! and)(?<! or)(?<! with)[ ]:(?=[ ]*$)", re.M)
_BEFORE_COLON = lazy(r"(?<=[a-z]{3})[ ]:(?=[ ](?:[A-Za-z]{2,}[ .,]|an?[ ]))")
_CLAUSE_BEFORE = lazy(r"(?:^|[.;!?][ ])[ \t>*+-]*(?:\d+[.)][ ]+)?[A-Za-z'’]+[ ](?:[A-Za-z'’,-]+[ ])+[a-z]{3,}$")
"""Three words at least, from the beginning of a sentence: fewer may be a label."""
_NAMED = (" colon", " character", " separator", " delimiter", " symbol", " sign", " operator", " prefix", " suffix")
"""Words behind which the colon itself is shown."""
_HABIT = 2
_FAR = 200


def _before_colons(page: Page) -> Iterator[Finding]:
    """A space before the colon that ends a line, or of a sentence; more of these are a habit, or the page is in French.

    Elsewhere such a colon may stand between a name and what it is.
    """
    for match in _COLON_AT_END.finditer(page.prose) if _is_english(page) else ():
        if not _is_cell(page, match.start()):
            yield _before_colon(match)
    if not (_is_english(page) or page.language[:2] == "de"):
        return
    found = []
    for match in _BEFORE_COLON.finditer(page.prose):
        line = page.source.line_of(match.start())
        leaf, start = page.leaf_by_line.get(line), page.source.starts[line]
        is_text = leaf is not None and (leaf.kind == "p" or leaf.tag in ("p", "li"))
        if not is_text or not _CLAUSE_BEFORE.search(page.prose[max(start, match.start() - _FAR) : match.start()]):
            return
        if page.prose.endswith(_NAMED, 0, match.start()):
            continue
        found.append(match)
        if len(found) > _HABIT:
            return
    yield from map(_before_colon, found)


def _before_colon(match: re.Match[str]) -> Finding:
    fix = Edit(Span(*match.span()), ":")
    return RULE.at(Span(*match.span()), "a space stands before this colon", help="remove the space", fix=fix)


def _is_english(page: Page) -> bool:
    """Whether the page is in English, also where its site names no language: French wants a space there."""
    return page.language.startswith("en") and not _ENGLISH.isdisjoint(page.vocabulary)


def _inside_brackets(page: Page) -> Iterator[Finding]:
    for match in _PADDED.finditer(page.prose):
        if not _is_cell(page, match.start()):
            span = Span(*match.span(match.lastindex or 0))
            fix = Edit(span, "")
            yield RULE.at(span, "a space stands inside this parenthesis", help="remove the space", fix=fix)


def _is_name(prose: str, end: int) -> bool:
    """Whether dots in a row end here, or a question mark stands after code that takes it."""
    return prose[end - 2 : end] == "\x00?" or prose[end - 2] == "."


def _is_cell(page: Page, offset: int) -> bool:
    leaf = page.leaf_by_line.get(page.source.line_of(offset))
    return leaf is not None and leaf.tag == "table"


def _around_links(page: Page) -> Iterator[Finding]:
    text, prose = page.source.text, page.prose
    for link in page.links:
        words = link.text_span
        if link.kind != "inline" or prose[link.span.start] == "\x00" or words.start == words.end:
            continue  # without words it is an anchor, and nothing is seen of it
        before = _WORD_BEFORE.search(prose, max(link.span.start - 24, 0), link.span.start)
        if before and not link.image and before[0].lower() not in _PREFIXES and text[words.start] not in "^®™©*†‡":
            yield _missing(page, link.span.start)
        end = link.span.end
        attributes = _ATTRIBUTES.match(text, end)
        end = attributes.end() if attributes else end
        is_bracket = prose[end : end + 1] == "("
        after = _WORD_AFTER.match(prose, end + is_bracket)
        if is_bracket and WIDE_LETTER.search(page.lines[page.source.line_of(end)]):
            continue  # Chinese and its neighbours put no space before a parenthesis
        if is_bracket and _FUNCTION.fullmatch(text, *words) and _TAKEN.match(prose, end):
            continue  # what it takes follows
        if after and after[0].lower() not in _SUFFIXES and not link.image:
            yield _missing(page, end)


def _around_code(page: Page) -> Iterator[Finding]:
    if page.language[:2] in ("zh", "ja", "ko"):
        return
    text, prose = page.source.text, page.prose
    is_english = page.language[:2] == "en"
    for match in _CODE.finditer(prose):
        start, end = match.span()
        if text[start] != "`" or text[end - 1] != "`" or _is_cell(page, start):
            continue
        if "`" in page.prose_lines[page.source.line_of(start)]:
            continue  # which of them belong together is not known
        after = _WORD_AFTER.match(prose, end)
        fine = after is None or after[0] in _SUFFIXES or _HYPHENATED.match(text, end - 3)
        if after and after[0].islower() and not fine and not _begins_a_word(text[start + 1 : end - 1], after[0]):
            yield _missing(page, end)
        if prose[end : end + 1] == "(" and _REMARK.match(prose, end):
            yield _missing(page, end)
        near = max(start - 24, 0)
        before = _WORD_BEFORE.search(prose, near, start) or (is_english and _SMALL_BEFORE.search(prose, near, start))
        if before and before[0].islower() and before[0] not in _PREFIXES and not _ENDING.match(text, start):
            yield _missing(page, start)
        if is_english and _DASH.match(prose, end) and _ITEM.search(prose, near, start):
            yield _missing(page, end)


_BEFORE_HYPHEN = lazy(
    r"(?<![\w-])(?:well|self|non|semi|multi|so|high|low|long|short|full|half|real)([ ]+)-"
    r"(?=[a-z]{4,}(?:[ ]+[a-z]|[.,;:]))"
)
"""What is joined to the next word by a hyphen, with a space before it."""


def _broken_words(page: Page) -> Iterator[Finding]:
    """`retrie- ver`: what a PDF leaves of a word that it broke at the end of a line; `well -known`."""
    for match in _BEFORE_HYPHEN.finditer(page.prose) if page.language[:2] == "en" else ():
        leaf = page.leaf_by_line.get(page.source.line_of(match.start()))
        if leaf is not None and (leaf.kind == "p" or leaf.tag in ("p", "li", "dd")):
            span = Span(*match.span(1))
            yield RULE.at(span, "a space stands before this hyphen", help="remove it", fix=Edit(span, ""))
    for match in _BROKEN.finditer(page.prose) if page.language[:2] == "en" else ():
        first, second = match[1], match[3]
        whole = first.lower() + second
        known = frequencies().among({second, whole})
        often = int(known.get(whole) or 0)
        if often >= _COMMON or often > max(int(known.get(second) or 0), _MET):
            help = f"write `{first}{second}`"
            yield RULE.at(Span(*match.span()), "a word is broken here, as at the end of a line", help=help)


def _begins_a_word(code: str, rest: str) -> bool:
    """Whether one letter in code is the first of a word, as in "`g`reater than"."""
    return len(code) == 1 and code.isalpha() and frequencies().get(code.lower() + rest) is not None


def _missing(page: Page, offset: int) -> Finding:
    text = page.source.text
    start, end = max(text.rfind("\n", 0, offset) + 1, offset - 1), min(offset + 1, len(text))
    return RULE.at(Span(start, end), "a space is missing here", help="put a space between the two")


_JOINED_BOLD = lazy(r"[a-z]{3}\*\*(?:and|the|is|are|of|for|with|that|which|from|can|will|you|has)[.,;:]?$")
_BOLD = lazy(
    r"(?<![\w*\\])\*\*(?=[^\s*])[^*\n]*?(?<![\w-])([A-Za-z]{3,})\*\*(?=(and|the|is|are|of|for|with|that|which|from|can|will"
    r"|you|has)(?![\w*-]))"
)
"""Bold text that ends at a small word: the two are no word together."""


def _behind_bold(page: Page) -> Iterator[Finding]:
    """`**lid**and`."""
    for match in _BOLD.finditer(page.prose) if page.language[:2] == "en" else ():
        if not frequencies().get(match[1].lower() + match[2]) and page.prose.count("**", 0, match.start()) % 2 == 0:
            yield _missing(page, match.end())


_CHECKS = {
    "bold": _behind_bold,
    "sentence": _between_sentences,
    "comma": _after_commas,
    "before": _before_stops,
    "colon": _before_colons,
    "padded": _inside_brackets,
    "bracket": _around_brackets,
    "link": _around_links,
    "code": _around_code,
    "hyphen": _broken_words,
}
