"""An alternative text that says no more than that there is an image."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.mentions import mentions
from docscheck.page import Page
from docscheck.patterns import lazy

RULE = Rule("LNK304", "empty-alt-text", Severity.WARNING)
_SIZE = lazy(r"\|[ ]*\d{2,4}(?:x\d{2,4})?(?:px)?$")
_GIVEN = lazy(
    r"(?:screen ?shot|bildschirmfoto|capture d[’']écran|captura de pantalla|schermata|pasted image|img|dsc|pxl"
    r"|截屏|屏幕截图|スクリーンショット|스크린샷)[ _-]*(?:from |vom |du )?\d{4,}[\d _.:-]*"
    r"(?:(?:at|um|à|alle)[ ][\d .:_-]+)?(?:[ap]\.?m\.?)?$",
    re.I,
)
"""What a program calls a picture: by the time at which it was taken."""
_WORDS = (
    "image", "images", "img", "picture", "pic", "photo", "figure", "fig", "screenshot", "screen", "diagram", "graphic",
    "alt", "alt text", "alttext", "image description", "untitled", "placeholder", "drawing", "chart", "plot",
    "alternative text", "description", "bild", "foto", "abbildung", "grafik", "bildbeschreibung", "alternativtext",
    "imagen", "imagem", "figura", "immagine", "afbeelding", "图片", "图像", "图", "截图", "图表", "圖片", "画像",
    "그림", "이미지", "рисунок", "изображение",
)  # fmt: skip


def check(page: Page) -> Iterator[Finding]:
    """Look for alternative texts of one such word, perhaps with a number."""
    for mention in mentions(page):
        text = mention.text.strip() if mention.is_image else ""
        if text and (text.strip(" .:_-0123456789").casefold() in _WORDS or not text.strip(" .…") or _GIVEN.match(text)):
            yield RULE.at(
                mention.text_span,
                f"`{mention.text.strip()}` does not say what the image shows",
                help="describe the image for readers who cannot see it",
            )
    if "|" in page.signs:
        yield from _size(page)


def _size(page: Page) -> Iterator[Finding]:
    """`![plan|300](…)`: the way in which Obsidian writes a width."""
    for mention in mentions(page):
        match = _SIZE.search(mention.text) if mention.is_image else None
        if match:
            yield RULE.at(
                mention.text_span,
                f"`{match[0]}` does not set a width here: it is part of the text that is read aloud",
                help='write the width after the image: `{ width="300" }`',
            )
