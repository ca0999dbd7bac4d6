"""Words beside each other in a formula: TeX sets their letters as a product, without the spaces."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.config import Config
from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules.maths.formulas import IS_TEX, moved, of_formula, texts
from docscheck.source import Span

RULE = Rule("MTH112", "words-in-maths", Severity.WARNING)
_NAMED = lazy(
    r"\\(?:text\w*|math[a-z]+|operatorname|[fhm]box|label|tag|(?:eq)?ref|cite\w*|begin|end|color|html\w*|class|cssId|ce|url"
    r"|href|rm|bf|sf|tt)\*?[ ]*\{[^{}]*\}(?:\{[^{}]*\})?"
)
"""A command that is given text or a name."""
_SPELT = lazy(
    r"(?<![\\A-Za-z])[A-Za-z]{3,}[ ]"
    r"(?:(?<=[A-Za-z]{4}[ ])[A-Za-z]{4,}|[A-Za-z]{3,}[ ][A-Za-z]{3,})(?![A-Za-z])"
)
"""Three words, or two long ones."""
_AMOUNTS = lazy(r"\$\d[\d.,]*[kKMB]?,?[ ](?:[^$\\=^_{}\n]*[ ])?[a-z]{2,}[ ][a-z]{2,}[ ](?:[^$\\=^_{}\n]*[ ])?\(?\$")
"""From the dollar sign of one price to that of the next."""
_GLUED_AMOUNTS = lazy(r"\$(?<!\\\$)\**\d[^$\\=^_{}\n]{5,500}\$(?<=[^\s(]\$)(?=\**\d)")
"""The same where the next price follows a bracket, a star or a letter, so that its dollar ends a formula."""
_RANGE = lazy(r"\$(?<![\w\\$]\$)\d[\d.,]*[kKMB]?[-–—/+,]\$(?=\d[\d.,]*[kKMB]?(?![\d$\\^_{]))")
"""`$5-$10`: two prices with nothing but a sign between them."""
_PLAIN_WORDS = lazy(r"[ ][a-z]{2,}[ ][a-z]{2,}[ ]")
_REMARKS = lazy(r"(?<!\\)%[^\n]*(?=\n)")


def check(page: Page) -> Iterator[Finding]:
    """Look at each formula."""
    for span, text in texts(page) if page.grammar.maths else ():
        for finding in _words(text):
            yield moved(finding, span.start)

    if page.config.has("pymdownx.arithmatex") and "$" in page.signs and _reads_dollars(page.config):
        is_smart = page.config.option("pymdownx.arithmatex", "smart_dollar") is not False
        for match in (_GLUED_AMOUNTS if is_smart else _AMOUNTS).finditer(page.prose):
            if not _PLAIN_WORDS.search(match[0]):
                continue
            yield _between_prices(Span(*match.span()))
        yield from (_between_prices(Span(*match.span())) for match in _RANGE.finditer(page.prose))


def _between_prices(span: Span) -> Finding:
    return RULE.at(
        span, "what stands between these two prices is read as a formula", help=r"write `\$` for a dollar sign"
    )


def _reads_dollars(config: Config) -> bool:
    inline = config.option("pymdownx.arithmatex", "inline_syntax")
    return not isinstance(inline, list) or "dollar" in inline


@of_formula
def _words(text: str) -> Iterator[Finding]:
    """The first of a formula."""
    if not IS_TEX.search(text):
        return
    bare = _NAMED.sub(lambda command: "\x00" * len(command[0]), text)
    if "%" in text and "\n" in text:
        bare = _REMARKS.sub(lambda remark: "\x00" * len(remark[0]), bare)
    match = _SPELT.search(bare)
    if match:
        yield RULE.at(
            Span(*match.span()),
            "in a formula these words are set without the spaces between them",
            help=r"write `\text{…}` around them",
        )
