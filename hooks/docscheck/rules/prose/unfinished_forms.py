"""Words and forms at which no sentence ends, and what goes on with one, for the rule on unfinished sentences."""

from __future__ import annotations

import re

from docscheck.parse.blocks import Node
from docscheck.patterns import lazy

_OPEN_ENDED_TEXT = """
a an the and or but of to from with than that which whose because although unless whereas while if whether when where
into their its my our your these those be been being is are was were has have can could should would will may might must
such very each every by for as near during among amongst via per upon until toward towards beside beneath amid
"""
_NEVER_LAST_TEXT = "because although unless whereas and or but their our your my its the a an"
NEVER_LAST = frozenset(_NEVER_LAST_TEXT.split())
"""Those that end no heading-like line either, however short."""
JOINING = frozenset(("and", "or", "but"))
"""What leads from an item to the next one."""
OPEN_ENDED = frozenset(_OPEN_ENDED_TEXT.split())
_STRANDED = lazy(
    r"\b(?:the|an?|some|any|no|of)\s+[*_]*[\w-]+[*_]*\s+(?:to|you|we|they|it)\s+"
    r"(?:(?:can|could|may|might|will)\s+|(?:want|need|wish|plan|intend|prefer|have|would like)\s+to\s+)?[a-z]+"
    r"\s+(?:from|to|with|for|by|as)[*_]*$"
    r"|\b(?:the|an?)\s+[\w-]+\s+(?:the|an?|this|your|our|each)\s+[\w-]+\s+(?:[a-z]+\s+){1,3}(?:from|to|with|for|by)[*_]*$"
    r"|\b(?:if|unless|when(?:ever)?|wherever|than|as|before|until|once)\s+(?:you|we|they|he|she|i)\s+"
    r"(?:(?:do|really|ever|still)\s+)?(?:need|want|have|had|like|wish|choose|prefer|try|used|plan)s?\s+to[*_]*$"
    r"|\b[a-z]+s\s+(?:you|we|they)\s+(?:can|could|may|might|will)\s+[a-z]+\s+(?:from|to|with|by)[*_]*$"
    r"|\b(?:the|an?|any|all|every|what(?:ever)?)\s+(?:[\w-]+\s+){0,3}(?:you|we|they)\s+(?:now\s+|already\s+)?(?:have|had|are)[*_]*$"
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
    r"\b(?:how|what|where|who|which(?![ ](?:is|are|was|were|has|have)[ ])|whose)[ ].*\S[ ]"
    r"(?:is|are|was|were|be|been|has|had|can|could|will|would)[*_]*$"
    r"|\b(?:what|which|who|whom|whatever)(?:[ ][\w-]+)?[ ](?:to|you|we|they|it|i)[ ].*"
    r"[ ](?:from|to|with|for|by|of)[*_]*$",
    re.I,
)
"""A question inside a sentence, whose verb or preposition comes last: "how good a trial is", "what to ask for"."""
_COMPLETE = (_STRANDED, _EXPLAINED, _ASKED)
CUT_OFF = lazy(
    r"\b(?:(?:because of|such as|as well as|in order to"
    r"|(?:of|to|in|for|with|on|at|from|by|and) (?:the|an|our|your|their|my))"
    r"|(?:to|of|on|in|at|by|with|from|into|for|and|the|an?) )\.$"
    r"|[a-z](?:, (?:and|or|but)|,? (?:the|because|although|unless|whereas))\.$|[a-z], see\.$"
    r"|, [^,]* (?:and|or)\.$"
)
"""A full stop behind words that need another one."""
_CUT_WORDS = "of as to the an our your their my and or but because although unless whereas"
CUT_BY_STOP = frozenset(f"{word}." for word in (*_CUT_WORDS.split(), "see"))
_SHOWING = (" by", " with", " is", " are", " as")
_LABELLED = lazy(r"\*\*[A-Z][^*]*\*\*:?[ ]")
"""A paragraph of its own that begins with words in bold."""
PLACE_DUE = lazy(
    r"^[ ]*(?:[-*+]|\d+[.)])?[ ]*(?:The|An?|Each|This|Every|All)[ ]"
    r"(?:(?!(?:it|they|we|you|I|he|she|the|an?|our|your|this|that|which|what)\b)[\w-]+[ ]){1,3}"
    r"(?:is|are|was|were)[ ](?:trained|based|built|tested|evaluated|hosted|mounted|installed|focused|dependent)[ ]on$"
)
"""What takes a place or a ground, in a sentence that does not name it before."""
CLAUSE_DUE = lazy(r"[a-z]{2} (?:until|because|although) (?:it|they|this|that) (?:is|are|was|were|has|have)$")
"""A clause that ends with its verb."""
_COMMAND = lazy(r"[a-z][\w./-]*(?:[ ][^\s.,;]+)*[ ]--?[a-z][^.,;]*$")
"""A command with an option, on a line of its own."""
_PASTED = frozenset("•●▪◦‣")
_TAG = lazy(r"</?\w+>")
_FORMULA = lazy(r"(?:(?!\b[a-z]{3})[^\n=≤≥≈<>])+ [=≤≥≈<>] (?:(?!\b[a-z]{3})[^\n])+")
"""A formula in plain text, on a line of its own."""
PAUSES = ("，", "、")
"""The commas of Chinese and Japanese."""
LEAST = 4
"""So many words make a text that may break off, and not a label."""
FEW = 2
"""Other items by which to judge one."""
TAIL = 40
"""Characters at the end of a line that the forms of a last word need."""
PREPOSITIONS = frozenset(("at", "by", "for", "from", "in", "into", "of", "on", "to", "with"))


def is_code(node: Node | None) -> bool:
    """Whether a block is code, indented or fenced."""
    if node is None or not node.rows:
        return False
    return node.kind == "code" or node.rows[0].text.lstrip().startswith("\x00")


def is_heading(node: Node | None) -> bool:
    """Whether a block is a heading."""
    return node is not None and node.kind in ("heading", "setext")


def goes_on(row: str, following: Node) -> bool:
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


def is_verse(node: Node) -> bool:
    """Whether lines are broken on purpose, as in a poem or an address."""
    return any(row.text.endswith("  ") for row in node.rows[:-1])


def has_next(item: Node) -> bool:
    return item.parent is not None and item.parent.children[-1] is not item


def is_complete(last: str) -> bool:
    """Whether the noun of the last preposition, or the rest of the last verb, went before."""
    return any(form.search(last) for form in _COMPLETE)
