"""What a chat program left in a text that was copied out of it: its own citations, and words of its answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.source import Span
from docscheck.words.lexicon import telling

RULE = Rule("PRO105", "chat-leftover")
_MARK = lazy(
    r":contentReference\[oaicite:\d+\](?:\{index=\d+\})?|【\d+(?::\d+)?†[^】\n]*】"
    r"|\[oaicite:\d+\]|\[oai_citation:\d+[^\]\n]*\]"
    r"|\[cite(?:_start|:[ ]?\d+(?:,[ ]?\d+)*)\]"
    r"|[\ue000-\uf8ff]?\b(?:cite)?turn\d+(?:search|view|news|file|image|forecast)\d+\b"
)
"""A citation that only the program itself can open."""
_ANSWER = lazy(
    r"(?:Certainly|Sure|Of course|Absolutely)[!,.][ ](?:Here(?:'s|’s|[ ]is|[ ]are)|Below[ ]is)\b"
    r"|Sure[!,][ ]here(?:'s|’s|[ ]is)[ ](?:the|an?|your)[ ](?:[a-z]+[ ]){0,3}"
    r"(?:version|text|paragraph|section|draft|summary)\b"
    r"|(?:Copy code|Regenerate(?:[ ]response)?)[ ]*$"
    r"|I(?:'d|’d|[ ]would)[ ]be[ ]happy[ ]to[ ]help[ ]with[ ]that\b"
    r"|I(?:'ve|’ve|[ ]have)[ ](?:updated|rewritten|revised|reworked|shortened|polished|improved|expanded)"
    r"[ ](?:your|the[ ](?:text|section|paragraph|draft|wording|passage))\b"
    r"|Let[ ]me[ ]know[ ]if[ ]you[ ](?:need[ ]anything[ ]else|want[ ]me[ ]to)\b"
    r"|Here(?:'s|’s|[ ]is)[ ](?:a|an|the|your)[ ](?:revised|rewritten|polished|improved)[ ]version\b[^\n]*:[ ]*$"
    r"|(?:I[ ]hope[ ]this[ ]helps|Let[ ]me[ ]know[ ]if[ ]you(?:'d|’d|[ ]would)[ ]like)\b"
    r"|Would[ ]you[ ]like[ ]me[ ]to[ ][^\n]*\?[ ]*$"
    r"|As[ ]an[ ]AI(?:[ ]language)?[ ]model,[ ]I\b"
    r"|As[ ]of[ ]my[ ]last[ ](?:knowledge[ ]update|update|training)\b"
)
"""A paragraph that begins as the program spoke to its user."""
_LAST_WORDS = lazy(
    r"(?<=[.!?][ ])(?:Let[ ]me[ ]know[ ]if[ ]you(?:'d|’d|[ ]would)[ ]like[ ]me[ ]to[ ]|I[ ]hope[ ]this[ ]helps!)"
    r"|(?<=[.!?][ ])As[ ]an[ ]AI(?:[ ]language)?[ ]model,[ ]I\b"
    r"|(?<=[.!?][ ])Feel[ ]free[ ]to[ ]\w+[ ](?:the|this|its)[ ](?:wording|tone|phrasing|style)\b"
    r"|(?<![\"“'‘])\(continued[ ]in[ ](?:the|my)[ ]next[ ](?:message|response|reply)\)"
    r"|\b(?<![\"“'‘])[Aa]s[ ]of[ ]my[ ](?:last[ ])?(?:knowledge|training)[ ](?:update|cut-?off)\b"
    r"|\[(?:(?:\.\.\.|…)[ ]?)?(?:[Tt]he[ ])?[Rr]est[ ]of[ ](?:the|this)[ ][\w ]{3,30}"
    r"[ ](?:(?:remains|stays|is)[ ](?:the[ ]same|unchanged)|unchanged)[^\]\n]*\]"
)
"""The same inside a paragraph, and what it left out of the text that it was given."""
_HINTS = {
    "et me know if you": ("know",),
    "I hope this helps!": ("hope",),
    "As an AI": ("ai",),
    "s of my ": ("last", "cutoff", "cut-off"),
    "est of th": ("[...", "[…", "[rest"),
    "eel free to": ("free",),
    "continued in": ("(continued",),
}
"""Without one of these there are none; nor are they looked for without one of their words."""
_BEGINNINGS = (
    "Certainly",
    "Sure",
    "Of course",
    "Absolutely",
    "Here",
    "I hope",
    "Let me",
    "As an AI",
    "As of my",
    "Would you like me",
    "Copy code",
    "Regenerate",
    "I'd be",
    "I’d be",
    "I would be",
    "I've ",
    "I’ve ",
    "I have ",
)
_TELLING_TEXT = """
certainly! certainly, sure! sure, absolutely! absolutely, course! course, revised rewritten polished improved hope know
ai last me cutoff cut-off free (continued [... […
[rest code regenerate response happy updated rewritten reworked shortened expanded
"""
_TELLING = frozenset(_TELLING_TEXT.split())
"""Without one of these words there is no such paragraph."""
_ABROAD = {
    "de": lazy(
        r"(?:Natürlich|Gerne?|Selbstverständlich|Klar)[!,.][ ]Hier[ ](?:ist|sind)\b"
        r"|Hier[ ]ist[ ](?:eine|die)[ ](?:überarbeitete|verbesserte|korrigierte)[ ](?:Version|Fassung)\b[^\n]*:[ ]*$"
    ),
    "es": lazy(
        r"¡?(?:Claro|Por[ ]supuesto|Desde[ ]luego)[!,.][ ]+[Aa]quí[ ](?:tienes|tiene|está)\b"
        r"|Aquí[ ](?:tienes|está)[ ](?:una|la)[ ]versión[ ](?:revisada|mejorada|corregida)\b[^\n]*:[ ]*$"
    ),
    "fr": lazy(
        r"(?:Bien[ ]sûr|Certainement|Avec[ ]plaisir)[ ]?[!,.][ ]Voici\b"
        r"|Voici[ ](?:une|la)[ ]version[ ](?:révisée|améliorée|corrigée|reformulée)\b[^\n]*:[ ]*$"
    ),
    "it": lazy(
        r"(?:Certo|Certamente|Naturalmente)[!,.][ ]Ecco\b"
        r"|Ecco[ ](?:una|la)[ ]versione[ ](?:riveduta|rivista|migliorata|corretta)\b[^\n]*:[ ]*$"
    ),
    "nl": lazy(
        r"(?:Zeker|Natuurlijk|Uiteraard)[!,.][ ]Hier[ ](?:is|zijn|volgt)\b"
        r"|Hier[ ]is[ ](?:een|de)[ ](?:verbeterde|herziene|aangepaste)[ ]versie\b[^\n]*:[ ]*$"
    ),
    "pt": lazy(
        r"(?:Claro|Com[ ]certeza|Certamente)[!,.][ ]Aqui[ ](?:está|vai|estão)\b"
        r"|Aqui[ ]está[ ](?:uma|a)[ ]versão[ ](?:revisada|revista|melhorada|corrigida)\b[^\n]*:[ ]*$"
    ),
    "ru": lazy(r"(?:Конечно|Разумеется)[!,.][ ]Вот\b"),
    "tr": lazy(r"(?:Tabii(?:[ ]ki)?|Elbette)[!,.][ ]İşte\b"),
    "ko": lazy(r"(?:물론입니다|물론이죠)[!,.][ ]"),
    "zh": lazy(r"当然(?:可以)?[!！,，.。][ ]?(?:以下是|这是|下面是)"),
    "ja": lazy(r"(?:もちろんです|承知しました)[!！。]"),
}
"""Such a paragraph in other languages."""
_SIGNS = ("[:]", "[_]", "[_:")
"""What is left of the marks in plain letters; the others hold rarer ones."""


_TURN = lazy(r"turn\d+[sfvni]")
_PART = lazy(r"\[oaicite|\[oai_citation|\[cite|†|turn\d+[sfvni]")
"""What words hold that are a mark, or a part of one."""


def tells(word: str) -> bool:
    """Whether a word is a reason to look for what a program leaves."""
    return word in _TELLING or _PART.search(word) is not None


def _may_hold_mark(page: Page) -> bool:
    text = page.source.text
    if any(sign in page.signs for sign in _SIGNS) and any(
        mark in text for mark in ("[oaicite", "[oai_citation", "[cite")
    ):
        return True
    if any(map(_TURN.search, telling(page))):
        return True
    return not text.isascii() and ("†" in text or "\ue200" in text)


def check(page: Page) -> Iterator[Finding]:
    """Look for both kinds in text; what is quoted is somebody's words."""
    if _may_hold_mark(page):
        for match in _MARK.finditer(page.prose):
            yield RULE.at(
                Span(*match.span()),
                f"`{match[0]}` is a citation that only a chat program can open",
                help="write a link to the source, or remove the mark",
            )
    for node in page.kinds.get("p", ()) if not _TELLING.isdisjoint(telling(page)) else ():
        row = node.rows[0]
        if not row.text.startswith(_BEGINNINGS) or not _ANSWER.match(row.text):
            continue
        if not any(above.tag == "blockquote" for above in node.ancestors()):
            yield _answer(page.source.content_span(row.line))
    if page.language[:2] in _ABROAD:
        yield from _abroad(page, _ABROAD[page.language[:2]])
    known = telling(page)
    if any(not known.isdisjoint(words) and hint in page.prose for hint, words in _HINTS.items()):
        for match in _LAST_WORDS.finditer(page.prose):
            leaf = page.leaf_by_line.get(page.source.line_of(match.start()))
            if leaf is not None and not any(above.tag == "blockquote" for above in leaf.ancestors()):
                yield _answer(Span(*match.span()))


def _abroad(page: Page, pattern: re.Pattern[str]) -> Iterator[Finding]:
    """Paragraphs that begin so in the language of the page."""
    for node in page.kinds.get("p", ()):
        if pattern.match(node.rows[0].text) and not any(above.tag == "blockquote" for above in node.ancestors()):
            yield _answer(page.source.content_span(node.rows[0].line))


def _answer(span: Span) -> Finding:
    return RULE.at(span, "this sentence speaks to the user of a chat program, not to the reader", help="remove it")
