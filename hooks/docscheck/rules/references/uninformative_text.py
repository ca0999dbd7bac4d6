"""A link whose text does not say where it leads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.mentions import mentions
from docscheck.page import Page

RULE = Rule("REF124", "uninformative-text", Severity.WARNING)
_PHRASES = """
here|click here|click me|this|this link|this page|link|the link|a link|read more|more|see here|over here
right here|here it is|this one|this url|go here
"""
_ELSEWHERE_TEXT = """
hier|hier klicken|klick hier|klicken sie hier|klik hier|ici|cliquez ici|clique ici|aquí|haz clic aquí|haga clic aquí
aqui|clique aqui|qui|clicca qui|fare clic qui|questo link|este enlace|ce lien|dieser link|diesem link
este link|deze link|buraya|buraya tıklayın|tại đây|di sini|klik di sini|هنا|اضغط هنا
tutaj|kliknij tutaj|zde|klikněte zde|här|klicka här|tässä|tästä|här|klik her
здесь|тут|нажмите здесь|こちら|ここ|ここをクリック|这里|此处|点击这里|點擊這裡|這裡|여기|여기를 클릭
"""
_ELSEWHERE = frozenset(phrase for line in _ELSEWHERE_TEXT.split("\n") for phrase in line.split("|") if phrase)
"""The same in other languages."""
_TEXTS = _ELSEWHERE | {phrase for line in _PHRASES.split("\n") for phrase in line.split("|") if phrase}

_WITHIN = _ELSEWHERE | {"here", "click here", "click me", "this link", "over here", "right here", "go here"}
"""Those that say too little even for another page of the site; "more" may stand on a button there."""


def check(page: Page) -> Iterator[Finding]:
    """Find texts such as "here"."""
    for mention in mentions(page):
        if mention.kind not in ("link", "definition", "raw") or (mention.tag is not None and mention.tag.name != "a"):
            continue
        texts = _TEXTS if mention.is_external else _WITHIN if mention.path else ()
        text = re.sub(r"[*_`~]|[.:!→»…]+$|^[«→]", "", mention.text.strip()).strip().casefold()
        if text in texts:
            message = f'"{mention.text.strip()}" does not say where the link leads'
            yield RULE.at(mention.text_span, message, help="use a text that says where it leads")
