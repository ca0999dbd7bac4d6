"""The address of an image is that of a page: one which shows the image elsewhere, or one of the site's own."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Edit, Finding, Rule
from docscheck.mentions import external
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules.links import judged
from docscheck.source import Span
from docscheck.targets import Verdict

RULE = Rule("LNK305", "page-as-image")
_PAGE = lazy(
    r"https?://(?:www\.)?(?:github\.com/[^/?#]+/[^/?#]+/(?P<github>blob)/(?!.*[?&]raw=)"
    r"|[^/?#]*gitlab[^/?#]*/[^?#]+/-/(?P<gitlab>blob)/"
    r"|drive\.google\.com/(?:file/d/|open\?)|(?:[\w.-]+\.)?wiki[pm]edia\.org/wiki/(?:File|Datei|Fichier|Archivo|Image):"
    r"|imgur\.com/(?:gallery/|a/)?\w+/?$|flic(?:kr\.com/photos|\.kr/p)/)",
)


def check(page: Page) -> Iterator[Finding]:
    """Find images whose address answers with HTML, which no browser draws."""
    for mention in external(page):
        if mention.kind != "image" and (mention.tag is None or mention.tag.name != "img"):
            continue
        match = _PAGE.match(mention.address)
        if match:
            part = match.span("github") if match["github"] else match.span("gitlab")
            fix = None
            if part[0] > 0 and page.source.text[mention.span.start : mention.span.end] == mention.address:
                fix = Edit(Span(mention.span.start + part[0], mention.span.start + part[1]), "raw")
            yield RULE.at(
                mention.span,
                "this is the address of a page that shows the image, so the reader sees no image",
                help="write `raw` in place of `blob`" if fix else "write the address of the image itself",
                fix=fix,
            )
    for mention, target in judged(page):
        is_page = page.site is not None and target.verdict is Verdict.FILE and target.file in page.site.page_uris
        if is_page and mention.kind == "image":
            yield RULE.at(
                mention.span,
                "this is a page, so the reader sees no image",
                help="write the path of the image, or remove the `!` to link to the page",
            )
