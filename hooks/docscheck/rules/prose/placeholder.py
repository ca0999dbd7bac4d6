"""Text that stands for text still to be written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.once import of_page
from docscheck.page import Page
from docscheck.parse.blocks import LISTS
from docscheck.patterns import at_signs, lazy
from docscheck.source import Span
from docscheck.words.lexicon import TELLING, coded, telling

RULE = Rule("PRO101", "placeholder-text", Severity.WARNING)
_PLACEHOLDER = lazy(
    r"(?<![\w/#.-])(?:TODO|FIXME|TBD|TBA|XXX)(?=\s*:|[.!]?\s*$|\s*\()|^[ \t>*+%/!-]*(?:TODO|FIXME|TBD)\b"
    r"|(?<=[ (])XXX+(?=[ ,.)])|(?<=[|])[ ]*(?:TODO|FIXME|TBD|tbd)(?=[ ]*[|])"
    r"|(?<=[^\]\n]\()(?:TODO|FIXME|TBD|TBA)(?=\)|[ ][a-z])|(?<=[ ]\()(?:todo|tbd)(?=\)|:[ ])"
    r"|(?<![\w.-])XX(?=[ ]?%)"
    r"|\[object Object\]|(?<![\w@%])[@%](?:[A-Z]+_)?VERSION[@%](?![\w@%])"
    r"|(?<=[a-z,] )(?<!\b[Aa] )(?<!\b[Tt]he )"
    r"(?:FIXME|TBD|TBA|TODO(?:(?<=\b(?:is|by) TODO)|(?<=\b(?:are|has) TODO)|(?<=\b(?:than|paid|have) TODO)"
    r"|(?<=\b(?:about|after|takes|costs) TODO)))(?= [a-z]|[.,;])"
    r"|(?<![\w.])T\.B\.[DA]\.(?=[ *_)]*(?:\||$))"
    r"|\b[Ll]orem ipsum dolor\b|^[ \t>*_-]*[Ll]orem ipsum\b"
    r"|\b(?:[Ss]ed ut perspiciatis|[Dd]uis aute irure|[Ee]xcepteur sint)\b"
    r"|(?<![/=\w\\])(?<!\w [>→] )\[(?:insert|Insert(?=[^\]\n]* here\]|[ ][a-z ]{3,20}[ ](?:of|about|showing)[ ])"
    r"|INSERT(?=(?: (?!INTO|OR\b)[A-Z]+){1,4}\])"
    r"|add|your|Your|YOUR|fill in|TODO|TBD|TBA|FIXME)\b[^\]\n]{0,40}\](?![(\[:])"
    r"|(?<![/=\w\\])\[(?:(?:Briefly|Describe|Explain|Provide|Summari[sz]e)\b[^\]\n]{3,80}"
    r"|CITE|CITATION|REF|TRANSLATE|NUMBER|SCREENSHOT"
    r"|(?:Author|Company|Team)(?:'s)? Name|verify|fact[- ]check|who\?|when\?|ref\?)\](?![(\[:])"
    r"|\((?:insert|add)\b[^()\n]{3,60}\bhere\)|^[ \t>]*asdf(?:[ ]asdf)*[.!]*$"
    r"|\[(?:citation|clarification|source|reference) needed\](?![(\[:])"
    r"|^[ \t>*_(-]*(?:[^\w\s#|`]+[ ])?(?i:coming soon|under construction|work in progress|tbd|write me"
    r"|to be (?:written|added|completed|announced|done|continued|confirmed|determined|decided|defined))"
    r"[.!…)]*[*_ ]*(?:[^\w\s]+)?$"
    r"|^[ \t>*_-]*@todo\b",
    re.MULTILINE,
)

_FILLER = lazy(r"[Ll]orem|perspiciatis|irure|xcepteur")
_ORDER = lazy(r"\[(?:Briefly|Describe|Explain|Provide|Summari[sz]e)\b[^\]\n]{3,80}\](?![(\[:])")
"""What a template tells its user to write."""
_WHOLE_LINE = lazy(
    r"^[ \t>*_(-]*(?i:this (?:page|section|part|chapter|article|guide) is (?:coming soon|under construction"
    r"|(?:a )?work in progress|a stub)|this (?:page|section|part|chapter) will be"
    r" (?:added|completed|filled in|updated|written) (?:later|soon|shortly)|tbc|wip|fill in later|more to come"
    r"|(?:more )?(?:details|information|content|text) to follow)[.!…)]*[*_ ]*$"
    r"|(?<=[a-z] )(?<![Uu]se )(?<!type )(?<!write )\?\?\?(?= [a-z]|[.,])"
    r"|^[ \t>]*(?:[-*+]|\d+[.)])[ ]+\?{3,}[ ]*$|\((?:citation|reference) needed\)",
    re.MULTILINE,
)
"""What is rarer: it is looked for only where a first look has found something like it."""
_NO_NUMBER = lazy(r"\?\?(?!\?)(?<=[a-z.][ ]\?\?)", re.I)
_NUMBERED = lazy(
    r"\b(?:section|chapter|figure|fig\.|table|equation|eq\.|appendix|page|step|about|roughly|costs|takes)[ ]$", re.I
)
"""What has a number behind it, which nobody looked up."""
_SPOKEN_OF = lazy(
    r"\b(?:comments?|tags?|markers?|keywords?|labels?)\b"
    r"|\b(?:remov|fix|resolv|address|delet|dropp?)(?:e[sd]?|ed|es|ing)?\b[^.(\n]*\bTODOs?\b"
    r"|\bto-?do[ ]lists?\b|\b(?:the|this|that|each|every)(?:[ ](?:first|last|next|previous|same|other))?[ ]TODOs?\b"
    r"|\bTB[AD]\b[\"'*_`)]*(?:,|[ ]=|[ ]means|[ ]stands for)[ ][\"'*_(]*to be\b",
    re.I,
)
"""Where such words are the subject, or are gone."""
_COMMENT = lazy(r"[ \t>]*\[(?://|comment|#)\]:", re.I)
"""A definition that nothing uses: a comment."""
_TO_FILL_IN = lazy(r"\[(?:Your|YOUR|[A-Z])[^\]\n]{0,40}\](?![(\[:])")
_WORDS = ("TODO", "FIXME", "TBD", "TBA", "XXX")
_PARTS = ("ipsum", "perspiciatis", "irure", "excepteur", "tbd", "(todo", "xx", "(insert", "(add", "asdf")
"""What some word of the page holds besides."""
_BEGINNINGS = (
    *("VERSION", "T.B.", "XX", "tbd", "(todo", "(insert", "(add", "asdf"),
    *("orem ipsum", "ed ut perspiciatis", "uis aute irure", "xcepteur sint"),
)
"""Those of the others, but for brackets and phrases."""
_BRACKETS = lazy(
    r"\[(?:object |[Ii]nsert|INSERT|add|[Yy]our|YOUR|fill in|citation|clarification|source|reference|Briefly|Describe"
    r"|Explain|Provide|Summari[sz]e|CITE|CITATION|REF|TRANSLATE|NUMBER|SCREENSHOT|Author|Company|Team|verify|fact|who|when|ref)\b"
)
_PHRASES = lazy(
    r"\n[ \t>*_(-]*(?:[^\w\s#|`]+[ ])?(?=[cdfimtuw@])(?:(coming|under|work|to be |tbd|write me|@todo)"
    r"|(tbc\b|wip\b|fill in l|more to c|more [dic]\w+ to f|(?:details|information|content|text) to f"
    r"|this \w+ (?:is (?:coming|under c|(?:a )?work in|a stub)|will be )))"
)
"""Without one of these there is nothing to find; a page is searched for them at once. The second are rarer."""

_THING = (
    r"(?:text|content|description|summary|introduction|abstract|screenshot|image|picture|figure|diagram|explanation)s?"
)


def _whole(*texts: str) -> re.Pattern[str]:
    """One of these texts, and nothing else on its line but the mark of a heading."""
    return lazy(rf"[ \t>]*(?:\#+[ ])?[*_(\[]*(?P<what>{'|'.join(texts)})[.…!:)\]*_]*[ ]*$", re.I)


_FILL_IN = {
    "de": _whole(
        "(?:hier )?(?:bitte )?(?:noch )?(?:text|beschreibung|inhalt|bild|foto|grafik|abbildung|einleitung)(?: hier)?"
        " (?:einfügen|ergänzen|eintragen|nachtragen)",
        "(?:text|inhalt|beschreibung|bild|foto|weiteres|mehr|der rest) folgt(?: noch| bald| später| in kürze)?",
        "folgt|kommt noch|hier fehl(?:t|en) noch [^.,]{3,30}|beispieltext|blindtext|platzhalter(?:text)?",
        "folgt noch|(?:wird|werden) noch (?:ergänzt|geschrieben|erstellt)|noch zu (?:schreiben|ergänzen)",
    ),
    "en": _whole(
        "write (?:something|text) here",
        "(?:content|text|details|more) (?:to|will) be (?:added|written|provided)(?: here)?",
        "(?:remove|delete)(?: this)? before (?:publishing|publication)",
        rf"(?:(?:your|the|some|more|my) )?(?:\w+ )?{_THING} (?:goes|go|comes?|will (?:go|come|be)) here|{_THING} here",
        rf"(?:add|insert|put|write)(?: \w+){{0,2}} {_THING}(?: \w+){{0,2}} here",
        rf"(?:your|insert|add|page|section)(?: (?:a|an|the|your|page|section))? (?:title|heading|{_THING}) here",
    ),
    "es": _whole(
        "(?:por|pendiente de) (?:completar|escribir|redactar)|en construcción",
        r"(?:insertar|añadir|agregar|poner)(?: \w+){0,2} (?:texto|contenido|descripción|imagen|foto)(?: \w+){0,2} aquí",
    ),
    "fr": _whole(
        "(?:(?:texte|contenu|section|page|description|image|partie) )?à (?:compléter|rédiger|remplir|venir)",
        r"(?:insérer|ajouter|mettre)(?: \w+){0,2} (?:texte|contenu|description|image|photo)(?: \w+){0,2} ici",
        "(?:page |section )?en (?:construction|cours de rédaction)|à faire",
    ),
    "it": _whole(
        "da (?:completare|scrivere)|in costruzione",
        r"(?:inserire|aggiungere)(?: \w+){0,2} (?:testo|contenuto|descrizione|immagine|foto)(?: \w+){0,2} qui",
    ),
    "nl": _whole(
        "nog (?:te schrijven|in te vullen|aan te vullen)",
        "hier (?:komt )?(?:de )?(?:tekst|beschrijving)(?: invoegen)?",
        "(?:tekst|inhoud|beschrijving|foto|afbeelding|meer|de rest) volgt(?: nog| later| binnenkort)?",
    ),
    "pt": _whole(
        "em construção|por (?:escrever|preencher)",
        r"(?:inserir|adicionar|colocar)(?: \w+){0,2} (?:texto|conteúdo|descrição|imagem|foto)(?: \w+){0,2} aqui",
    ),
}
"""A paragraph that says no more than that text is to come."""
_LAST_WORDS = {
    "de": "text beispieltext blindtext platzhalter platzhaltertext bild bilder einfügen ergänzen eintragen nachtragen"
    " folgt noch bald später kürze ergänzt geschrieben erstellt schreiben",
    "en": "here added written provided publishing publication",
    "es": "completar escribir redactar construcción aquí",
    "fr": "compléter rédiger remplir venir ici construction rédaction faire",
    "it": "completare scrivere costruzione qui",
    "nl": "schrijven vullen tekst beschrijving invoegen volgt nog later binnenkort",
    "pt": "construção escrever preencher aqui",
}
"""With what such a paragraph ends."""
_IN_BRACKETS = lazy(
    r"[(\[](?P<what>(?:text|inhalt|beschreibung|bild|foto|mehr) folgt(?: noch| bald| später| in kürze)?)[)\]]\.?$", re.I
)
"""The German of this behind a sentence; in other languages such brackets may speak of a thing, not of the text."""
_ENDINGS = ("", ".", "…", "...", "!", ":", ")", ").", "]", "*", "_")
_EAST_TEXT = "未完待续|敬请期待|待补充|待补(?!充)|待更新|待编辑"
_EAST_TEXT += "|待完善|待续|待填写|待添加|施工中|待補充|待續|準備中|執筆中|작성 중|작성 예정|준비 중|추후 작성"
_EAST_SIGNS = "待期施準執작준추"
_EAST = lazy(
    rf"(?P<what>[（(【\[][^（()）【】\[\]\n]{{0,4}}(?:{_EAST_TEXT})[^（()）【】\[\]\n]{{0,2}}[)）】\]])(?![(\[])"
    rf"|^[ \t>*+-]*[*_]*(?:[^:：\n]{{1,30}}[:：][ ]*)?"
    rf"(?P<line>(?:[此本该]\w{{1,3}})?(?:\w{{0,2}}内容)?(?:{_EAST_TEXT}))[。.…！!*_ ]*$"
)
"""The same between brackets, or as a paragraph or an item."""


_LAST_OF_PHRASE = lazy(
    r"[>*_(-]*(?:soon|construction|progress|tbd|me|@todo|written|added|completed|announced|done|continued"
    r"|confirmed|determined|decided|defined|shortly|provided|publishing|publication|stub|tbc|wip|later|come|follow)[.!…)*_]*$"
)
_TELLING = lazy(
    r"todo|fixme|tb[da]|xx|t\.b\.[da]\.|ipsum|perspiciatis|irure|excepteur"
    r"|\?\?|needed\)|\[object|@(?:[a-z]+_)?version[@%]|%(?:[a-z]+_)?version[@%]"
    r"|\[(?:insert|add|your|fill|citation|clarification|source|reference|briefly|describe|explain|provide|summari"
    r"|cite|ref|translate|number|screenshot|author|company|team|verify|fact|who\?|when\?)|\((?:insert|add)$|asdf"
    rf"|{'|'.join(_EAST_SIGNS)}"
)
"""What some word holds of each of these texts, but those of other European languages.

Each begins with one certain character, so that Python passes over all places where none of these stands.
"""


_FOLDED = "???"
"""What a text may hold in place of a number, and what the header of a box begins with."""


def tells(word: str) -> bool:
    """Whether a word, in small letters, may be the last of such a text, or its mark."""
    if word.startswith("here") or _LAST_OF_PHRASE.match(word):
        return True
    return _TELLING.search(word) is not None


def check(page: Page) -> Iterator[Finding]:
    """Find such texts in English, and a few in other languages."""
    told = [word for word in telling(page) if tells(word)]
    if told and (told != [_FOLDED] or _marks_more_than_boxes(page)):
        yield from _told(page)
    if page.language[:2] == "de" and "hier" in page.vocabulary:
        yield from _is_to_come(page)
    for language, words in _languages(page.language[:2]):
        known = telling(page) if language == "en" else page.vocabulary
        if not known.isdisjoint(words):
            yield from _paragraphs(page, words, _FILL_IN[language])


_IS_TO_COME = lazy(
    r"[ \t>*_(-]*(?P<what>[Hh]ier (?:folgen|folgt|kommen|kommt|fehlen|fehlt) (?:noch|später|bald)"
    r" (?:[a-zäöü]+ ){0,2}(?:Text|Beschreibung|Bild|Foto|Abschnitt|Erklärung|Anleitung|Inhalt|Tabelle|Übersicht|Liste"
    r"|Detail|Information|Kapitel|Absatz|Satz)[a-z]*(?: [^.:;\n]{1,60})?)[.!…)*_]*[ ]*$"
)
"""The German of it with what the text is to be about."""


def _is_to_come(page: Page) -> Iterator[Finding]:
    for node in page.kinds.get("p", ()):
        match = _IS_TO_COME.match(page.prose_lines[node.line]) if len(node.rows) == 1 else None
        if match:
            yield _missing(match["what"], page.source.span(node.line, *match.span("what")))


def _marks_more_than_boxes(page: Page) -> bool:
    """Whether three question marks stand elsewhere than before the header of a box."""
    words, boxes = page.words, page.kinds.get("details", ())
    marks = sum(words[at] == _FOLDED for at in coded(page).places(TELLING))
    return marks != sum(page.lines[box.line].lstrip(" >").startswith("??? ") for box in boxes)


def _told(page: Page) -> Iterator[Finding]:
    if not _ENDS.isdisjoint(telling(page)):
        yield from _labelled(page)
    yield from _marks(page)
    for match in at_signs(_NO_NUMBER, "?", page.prose) if "??" in page.signs else ():
        if _NUMBERED.search(page.prose, max(match.start() - 12, 0), match.start()):
            yield _missing(match[0], Span(*match.span()))
    if not page.prose.isascii():
        yield from _eastern(page)


def _paragraphs(page: Page, words: frozenset[str], pattern: re.Pattern[str]) -> Iterator[Finding]:
    for node in (*page.kinds.get("p", ()), *page.kinds.get("heading", ())):
        last = node.rows[0].text.rpartition(" ")[2].casefold() if len(node.rows) == 1 else ""
        shown = page.prose_lines[node.line].rstrip() if last in words else ""
        match = (pattern.match(shown) or _IN_BRACKETS.search(shown)) if shown else None
        if match:
            yield _missing(match["what"], page.source.span(node.line, match.start("what"), match.end("what")))


def _eastern(page: Page) -> Iterator[Finding]:
    text = page.prose
    for sign in _EAST_SIGNS:
        for number in page.lines_with(sign) if sign in text else ():
            for match in _EAST.finditer(page.prose_lines[number]):
                name = "what" if match["what"] else "line"
                if sign in match[name]:
                    yield _missing(match[name], page.source.span(number, match.start(name), match.end(name)))


@lru_cache(maxsize=8)
def _languages(language: str) -> list[tuple[str, frozenset[str]]]:
    """English and the language of the page, with the last words to look for: a look at those is cheap."""
    known = [name for name in _LAST_WORDS if name in ("en", language)]
    return [(name, frozenset(word + end for word in _LAST_WORDS[name].split() for end in _ENDINGS)) for name in known]


def _missing(text: str, span: Span) -> Finding:
    return RULE.at(
        span,
        f"`{text.strip()}` is a placeholder for text that is missing",
        help="write the text, or leave the part out",
    )


def _marks(page: Page) -> Iterator[Finding]:
    patterns = [_PLACEHOLDER] if _may_hold_any(page) else []
    if _may_hold_a_line(page):
        patterns.append(_WHOLE_LINE)
    if not patterns:
        return
    labels = {label.casefold() for label, _, _ in page.definitions.labels}
    lorem = False
    numbers = {*_marked_lines(page)} if _PLACEHOLDER in patterns else set()
    if _WHOLE_LINE in patterns:
        numbers.update(page.source.line_of(match.end() - 1) for match in _WHOLE_LINE.finditer(page.prose))
    for number in sorted(numbers):
        match = next((found for one in patterns if (found := one.search(page.prose_lines[number]))), None)
        if match and (_SPOKEN_OF.search(page.prose_lines[number]) or _COMMENT.match(page.lines[number])):
            continue
        if match and (_is_a_state(page, number) or _is_filled(page, number) or _is_quoted(page, number, match)):
            continue
        if match and "!" in match[0] and any(opener.line == number for opener in page.openers):
            continue  # the type of a box
        if match and match[0].startswith("XXX") and _stands_for_any(page, number, match[0]):
            continue
        if match and match[0][:1] == "[" and _is_for_a_model(page, number, match):
            continue
        if match and match[0][:3] in ("[Yo", "[YO") and len(_TO_FILL_IN.findall(page.prose)) > 1:
            continue  # a letter or a form for the reader to fill in
        if match and _ORDER.match(match[0]) and len(_ORDER.findall(page.prose)) > 1:
            continue
        if match and _FILLER.search(match[0]):
            if lorem or _is_shown_on_purpose(page, number):
                continue
            lorem = True
        if match and match[0].strip() and match[0].strip("[]").casefold() not in labels:
            text = match[0].lstrip(" \t>*+!-_").rstrip("*_ ")
            start = match.start() + match[0].index(text)
            yield _missing(text, page.source.span(number, start, start + len(text)))


def _is_quoted(page: Page, number: int, match: re.Match[str]) -> bool:
    """Whether the text begins a quotation: it is said what stands elsewhere."""
    before = page.prose_lines[number][: match.start()] + match[0][: len(match[0]) - len(match[0].lstrip(" >"))]
    return before[-1:] in _QUOTES


_PROMPT = lazy(r"\bprompts?\b|\btemplates?\b", re.I)


def _is_for_a_model(page: Page, number: int, match: re.Match[str]) -> bool:
    """Whether brackets stand inside a quotation, or in a list under words that speak of prompts."""
    if page.prose_lines[number][: match.start()].count('"') % 2 == 1:
        return True
    leaf = page.leaf_by_line.get(number)
    for node in (leaf, *leaf.ancestors()) if leaf is not None else ():
        above = page.before(node)
        around = (above if node.kind in LISTS else None, node.parent if node.kind in LISTS else None)
        if any(near is not None and any(_PROMPT.search(row.text) for row in near.rows) for near in around):
            return True
    return False


_QUOTES = frozenset("\"“„«‹「『'‘")
_HEADED = lazy(r"#{1,6}[ ]+(?:TODO|TODOs|To[- ]?do)[: ]*#*[ ]*$")
_STATES = lazy(r"\|[ ]*(?:Done|DONE|In [Pp]rogress|Backlog|Doing|Closed)[ ]*\|")


def _is_filled(page: Page, number: int) -> bool:
    """Whether the line heads a section that says what is still to be done."""
    title = page.lines[number]
    if not _HEADED.match(title):
        return False
    below = next((line for line in page.lines[number + 1 :] if line.strip()), "#")
    return _level(below) == 0 or _level(below) > _level(title)


def _level(line: str) -> int:
    return len(line) - len(line.lstrip("#"))


def _is_a_state(page: Page, number: int) -> bool:
    """Whether the line is a row of a table that says how far each thing is."""
    leaf = page.leaf_by_line.get(number)
    return leaf is not None and leaf.tag == "table" and any(map(_STATES.search, (row.text for row in leaf.rows)))


_ANY = lazy(
    r"\b(?:[Vv]ol(?:ume|\.)|[Pp]art|[Cc]hapter|[Bb]ook|Canto|Psalm|Act|Bowl|Title|Article|Annex) XXX+\b"
    r"|(?<![\w-])(?:[XL]*(?:I[XV]|VI{1,3}))(?![\w-])"
    r"|\bwhere XXX|#{1,6} .*\bXXX\b.*\?[ ]*$|\b(?:any|every|each|some|game|called|named|of|Of) XXX\b|XXX+\.\w"
    r"|\b(?:YYY+|ZZZ+)\b"
)


_OFTEN = 3


_IN_WIDE_TEXT = lazy(r"[\u3040-\u30ff\u4e00-\u9fff][ ]?X{3,}[ ]?[\u3040-\u30ff\u4e00-\u9fff]")
"""Amid Chinese or Japanese text such letters stand for any name."""


def _stands_for_any(page: Page, number: int, found: str) -> bool:
    """Whether the line says what the letters stand for, or asks about it, or the page has sentences to fill in."""
    line = page.lines[number]
    if page.prose.count("XXX") >= _OFTEN and sum("XXX" in shown for shown in page.prose_lines) >= _OFTEN:
        return True
    if _IN_WIDE_TEXT.search(line):
        return True
    return _ANY.search(line) is not None or (len(found) > 3 and line.count(found) > 1)


_ENDS = frozenset(word + end for word in ("progress", "soon", "construction") for end in ("", ".", "…", "...", "!"))
"""How what follows a label may end, so that few pages are searched."""
_LABELLED = lazy(
    r"(?:\*\*:|:\*\*)(?<!Status\*\*:)(?<!Status:\*\*)(?<!State\*\*:)(?<!Stage\*\*:)[ ]+"
    r"(coming soon|work in progress|under construction)[.!…]*[*_ ]*$",
    re.I | re.M,
)
"""A label in bold, and nothing behind it but that."""


def _labelled(page: Page) -> Iterator[Finding]:
    for match in _LABELLED.finditer(page.prose):
        yield _missing(match[1], Span(*match.span(1)))


def _marked_lines(page: Page) -> Iterator[int]:
    """The lines that hold what a placeholder begins with; to try it at each place takes as long as to read the page."""
    for word in (*_WORDS, *_BEGINNINGS):
        yield from page.lines_with(word)
    for match in at_signs(_BRACKETS, "[", page.prose) if "[" in page.signs else ():
        yield page.source.line_of(match.start())
    if 1 in _phrases(page):
        lowered = f"\n{page.lowered}"
        for match in _PHRASES.finditer(lowered):
            yield lowered.count("\n", 0, match.end()) - 1


def _may_hold_any(page: Page) -> bool:
    is_dotted = "t.b.d." in telling(page) or "t.b.a." in telling(page)
    told = " ".join(telling(page))
    if is_dotted or any(word in page.marks for word in _WORDS) or any(part in told for part in _PARTS):
        return True
    if "[" in page.signs and any(at_signs(_BRACKETS, "[", page.prose)):
        return True
    if "VERSION" in page.marks:
        return True
    return 1 in _phrases(page)


@of_page
def _phrases(page: Page) -> frozenset[int]:
    """Which of the two kinds of phrases begin a line."""
    if not any(map(_LAST_OF_PHRASE.match, telling(page))):
        return frozenset()
    return frozenset(match.lastindex or 0 for match in _PHRASES.finditer(f"\n{page.lowered}"))


def _may_hold_a_line(page: Page) -> bool:
    return page.shows(" ???") or _holds(page, "needed)") or 2 in _phrases(page)


def _holds(page: Page, mark: str) -> bool:
    """Whether some word of the page holds what by itself `tells`."""
    return any(mark in word for word in telling(page))


def _is_shown_on_purpose(page: Page, number: int) -> bool:
    """Whether the text is in a box, a tab, a `<div markdown>` or also in code: pages that show a layout fill it so."""
    if page.source.text.count("orem ipsum") > page.prose.count("orem ipsum"):
        return True
    leaf = page.leaf_by_line.get(number)
    kinds = ("html", "admonition", "details", "tab", "block")
    return leaf is not None and any(node.kind in kinds for node in leaf.ancestors())
