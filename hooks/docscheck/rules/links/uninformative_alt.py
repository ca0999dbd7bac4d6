"""An alternative text that says no more than that there is an image."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.mentions import Mention, mentions
from docscheck.page import Page

RULE = Rule("LNK304", "empty-alt-text", Severity.WARNING)
_WORDS = (
    "image", "images", "img", "picture", "pic", "photo", "figure", "fig", "screenshot", "screen", "diagram", "graphic",
    "alt", "alt text", "alttext", "image description", "untitled", "placeholder", "drawing", "chart", "plot",
)  # fmt: skip


def check(page: Page) -> Iterator[Finding]:
    """Look for alternative texts of one such word, perhaps with a number."""
    for mention in mentions(page):
        if _is_image(mention) and mention.text.strip(" .:0123456789").casefold() in (
            *_WORDS,
            "alt text",
            "image description",
        ):
            yield RULE.at(
                mention.text_span,
                f"`{mention.text.strip()}` tells nobody what the image shows",
                help="say what is to be seen, for those who cannot see it",
            )


def _is_image(mention: Mention) -> bool:
    return mention.kind == "image" or (mention.tag is not None and mention.tag.name == "img")
