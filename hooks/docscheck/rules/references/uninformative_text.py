"""A link whose text does not say where it leads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.mentions import Mention, mentions
from docscheck.page import Page
from docscheck.patterns import lazy

RULE = Rule("REF124", "uninformative-text", Severity.WARNING)


def _phrases(text: str) -> frozenset[str]:
    return frozenset(phrase for line in text.split("\n") for phrase in line.split("|") if phrase)


_HERE = _phrases("""
here for details|here for more details|here for more info|here for more information|click here for details
click here for more details|click here for more info|click here for more information
see this|see here|here it is|this one|this url
here|click here|click me|click this|this link|over here|right here|go here|follow this link|visit this link
hier|hier klicken|klick hier|klicken sie hier|siehe hier|diesem link folgen|klik hier|ici|cliquez ici|cliquer ici
clique ici|suivez ce lien|cliquez sur ce lien|aquí|haz clic aquí|haga clic aquí|pulsa aquí
aqui|clique aqui|qui|clicca qui|fare clic qui|questo link|este enlace|ce lien|dieser link|diesem link
este link|deze link|buraya|buraya tıklayın|tại đây|di sini|klik di sini|هنا|اضغط هنا
buradan|burada|bu bağlantı|bu bağlantıdan|bu linkten
tutaj|kliknij tutaj|zde|klikněte zde|här|klicka här|tässä|tästä|här|klik her
здесь|тут|нажмите здесь|こちら|ここ|ここをクリック|这里|此处|点击这里
点击此处|请点击这里|点这里|点我|戳这里|点此|这个链接|此链接|該連結|點擊這裡|這裡|여기|여기를 클릭
""")
"""Texts that say too little wherever they lead."""
_MORE = _phrases("""
more|read more|learn more|see more|find out more|more info|more information|more details|read on|continue reading
mehr|mehr lesen|mehr erfahren|mehr dazu|mehr infos|mehr informationen|weitere informationen|weiterlesen|weiter lesen
en savoir plus|lire la suite|plus d'infos|plus d'informations|lire plus|voir plus|leer más|más información|ver más
saber más|más info|leia mais|saiba mais|ver mais|mais informações|leggi tutto|leggi di più|scopri di più
continua a leggere|maggiori informazioni|lees meer|lees verder|meer informatie|meer info|czytaj więcej|więcej
dowiedz się więcej|více|více informací|läs mer|läs vidare|læs mere|les mer|lue lisää|подробнее|читать далее
узнать больше|続きを読む|もっと見る|詳しくはこちら|詳細はこちら|更多|阅读更多|查看更多|了解更多|更多信息|查看详情
閱讀更多|了解更多|더 보기|더보기|자세히 보기
""")
"""Texts that say only that there is more. On a card or a button, what stands around them says of what."""
_ABROAD = _phrases("""
this|this page|this site|this website|link|the link|a link
le lien|el enlace|链接|diese seite|diese webseite|ce site|cette page|esta página|este sitio|这个|此页面
""")
"""Texts that say too little of another site."""
_DOTS = frozenset((".", "..", "...", "…"))
"""What other tools leave for a page that has no name for them."""
_BEFORE = lazy(r"^(?:at|via|from|in|under|on|using|through|visit) (?=here$|this link$|this page$)")
_FRAMES = frozenset(("div", "section", "article", "aside"))
_FRAMED = lazy(r"[ ]?\{[^{}\n]*\bbutton\b")
_AROUND = lazy(r":(?=[a-z])[\w+-]+:|[*_`~]|[.:!→»…>]+$|^[«→>]")


def check(page: Page) -> Iterator[Finding]:
    """Find texts such as "here"."""
    for mention in mentions(page):
        if mention.kind not in ("link", "definition", "raw") or (mention.tag is not None and mention.tag.name != "a"):
            continue
        if not mention.is_external and not mention.path:
            continue
        if mention.kind == "definition" and page.source.text[max(mention.text_span.start - 2, 0)] == "!":
            continue  # a picture
        text = mention.text.strip()
        if text in _DOTS:
            yield RULE.at(mention.text_span, "this text does not say where the link leads", help="name what is there")
            continue
        if not text.replace(" ", "").isalnum():  # else nothing stands around its words
            text = _AROUND.sub("", text)
        text = " ".join(text.split()).casefold()
        text = _BEFORE.sub("", text)
        if (
            (text in _HERE and not _is_host(mention, text))
            or (text in _ABROAD and mention.is_external)
            or (text in _MORE and not _is_framed(page, mention))
        ):
            message = f'"{" ".join(mention.text.split())}" does not say where the link leads'
            yield RULE.at(mention.text_span, message, help="use a text that says where it leads")


def _is_host(mention: Mention, text: str) -> bool:
    """Whether the word is what the host is called: `[qui](https://qui.gg)`."""
    return bool(re.match(rf"https?://(?:www\.)?{re.escape(text)}\.", mention.address, re.I))


def _is_framed(page: Page, mention: Mention) -> bool:
    """Whether a link is a button, or stands on a card: what stands around it says what there is more of."""
    start = mention.text_span.start
    if mention.tag is not None:
        classes = mention.tag.get("class")
        if classes is not None and re.search(r"button|btn|card", classes.value):
            return True
    end = page.source.text.find(")", mention.span.end) + 1
    if mention.kind == "link" and _FRAMED.match(page.source.text, end):
        return True
    return any(b.span.start <= start < b.span.end and b.tag.name in _FRAMES for b in page.html_blocks)
