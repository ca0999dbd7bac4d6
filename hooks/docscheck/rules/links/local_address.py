"""A link leads to the author's own machine."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck import addresses
from docscheck.diagnostics import Finding, Rule
from docscheck.mentions import Mention, mentions
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.targets import begins_like_ours, files_of

RULE = Rule("LNK108", "local-address")
_SAYS_SO = lazy(r"localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|:\d{2,5}\b|\blocal", re.I)

_ELSEWHERE = lazy(r"(?:attachment|blob|cid|sandbox):(?!/{0,2}$)", re.I)
"""Files inside a notebook, a browser, a mail or a chat."""
_OWN_NOTES = lazy(
    r"zotero://(?:select|open-pdf)/|obsidian://open\?|logseq://graph/|evernote:///view/|x-devonthink-item://"
    r"|onenote:https?:|notion://"
    r"|https://(?:chatgpt\.com|chat\.openai\.com)/c/[\da-f-]{8,}|https://claude\.ai/chat/[\da-f-]{8,}",
    re.I,
)
"""What a program opens that has the author's own notes or talks."""


def check(page: Page) -> Iterator[Finding]:
    """Find `localhost` and files on a disk; a link that shows its local address tells the reader to run something."""
    named = [mention for mention in mentions(page) if mention.kind not in ("autolink", "bare")]
    shown = {mention.span for mention in named if _SAYS_SO.search(mention.text) or _is_shown(mention)}
    for mention in named:
        if addresses.is_local_file(mention.address) and not _is_ours(page, mention):
            yield RULE.at(
                mention.span, "this file is only on the author's disk", help="link to a place where readers can find it"
            )
        elif _ELSEWHERE.match(mention.address):
            yield RULE.at(
                mention.span, "this file is inside another document, not on the site", help="add it to the site"
            )
        elif _OWN_NOTES.match(mention.address):
            message = "only the author can open this: it is in a program with the author's own notes"
            yield RULE.at(mention.span, message, help="link to a place where readers can find it")
        elif addresses.is_local_host(mention.address) and mention.span not in shown:
            message = f"`{addresses.host(mention.address)}` is the reader's own machine"
            yield RULE.at(mention.span, message, help="link to the page itself")


def _is_ours(page: Page, mention: Mention) -> bool:
    """Whether `/home/…` is a folder of the site: then its address is judged as any other."""
    return page.site is not None and begins_like_ours(files_of(page.site), mention.path.lstrip("/"))


def _is_shown(mention: Mention) -> bool:
    """Whether the text is the path at which a program of the reader's answers."""
    text = mention.text.strip(" `")
    return "/" in text and text in mention.address
