"""What a chat program left in a text that was copied out of it: its own citations, and words of its answer."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.source import Span

RULE = Rule("PRO105", "chat-leftover")
_MARK = lazy(
    r":contentReference\[oaicite:\d+\](?:\{index=\d+\})?|【\d+(?::\d+)?†[^】\n]*】"
    r"|\[cite(?:_start|:[ ]?\d+(?:,[ ]?\d+)*)\]"
    r"|[\ue000-\uf8ff]?\b(?:cite)?turn\d+(?:search|view|news|file|image|forecast)\d+\b"
)
"""A citation that only the program itself can open."""
_ANSWER = lazy(
    r"(?m)^[ ]*(?:"
    r"(?:Certainly|Sure|Of course|Absolutely)[!,.][ ]Here(?:'s|’s|[ ]is|[ ]are)\b[^\n]*"
    r"|Here(?:'s|’s|[ ]is)[ ](?:a|an|the|your)[ ](?:revised|rewritten|polished|improved)[ ]version\b[^\n]*:[ ]*$"
    r"|(?:I[ ]hope[ ]this[ ]helps|Let[ ]me[ ]know[ ]if[ ]you(?:'d|’d|[ ]would)[ ]like)\b[^\n]*"
    r"|As[ ]an[ ]AI(?:[ ]language)?[ ]model,[ ]I\b[^\n]*"
    r"|As[ ]of[ ]my[ ]last[ ](?:knowledge[ ]update|update|training)\b[^\n]*)"
)
"""A paragraph that begins as the program spoke to its user."""
_SIGNS = ("oaicite", "†", "[cite", "turn0", "turn1", "turn2")
_WORDS = ("Here", "I hope this", "Let me know", "As an AI", "As of my last")


def check(page: Page) -> Iterator[Finding]:
    """Look for both kinds in text; what is quoted is somebody's words."""
    text = page.source.text
    if any(sign in text for sign in _SIGNS):
        for match in _MARK.finditer(page.prose):
            yield RULE.at(
                Span(*match.span()),
                f"`{match[0]}` is a citation that only a chat program can open",
                help="write a link to the source, or remove the mark",
            )
    if any(word in text for word in _WORDS):
        for match in _ANSWER.finditer(page.prose):
            leaf = page.leaf_by_line.get(page.source.line_of(match.end() - 1))
            if leaf is None or leaf.kind != "p" or any(node.tag == "blockquote" for node in leaf.ancestors()):
                continue
            start = match.end() - len(match[0].lstrip())
            yield RULE.at(
                Span(start, match.end()),
                "this sentence speaks to the user of a chat program, not to the reader",
                help="remove it",
            )
