"""The language of a fence or the kind of a diagram, misspelt: code without colours, an error in place of a picture."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.languages import LANGUAGES
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.words.distance import distance

RULE = Rule("COD111", "misspelt-language", Severity.WARNING)
_SHORTEST = 4
_DIAGRAMS_TEXT = """
graph flowchart flowchart-elk sequenceDiagram classDiagram classDiagram-v2 stateDiagram stateDiagram-v2 erDiagram
journey gantt pie quadrantChart requirementDiagram requirement gitGraph mindmap timeline zenuml sankey-beta sankey
xychart-beta xychart block-beta block packet-beta packet kanban architecture-beta architecture C4Context C4Container
C4Component C4Dynamic C4Deployment radar-beta treemap-beta treemap info swimlane venn-beta ishikawa-beta
"""
_DIAGRAMS = tuple(_DIAGRAMS_TEXT.split())
_KIND = lazy(r"[ \t>]*([A-Za-z][\w-]*)(?:[ ]+([A-Z]{2})[ ]*;?[ ]*$)?")
_DIRECTIONS = frozenset(("TB", "TD", "BT", "RL", "LR"))
_CAPITAL = lazy(r"(?=[\w-]*[A-Z])[\w-]+(?=[ ]|$)")
_CHART = ("graph", "flowchart")
_ARROW = lazy(r"^[ \t>]*\w[\w-]*(?:\[[^\]\n]*\]|\([^)\n]*\)|\{[^}\n]*\})?[ ](->)[ ]?(?:\|[^|\n]*\|[ ]?)?\w")
"""An arrow of one hyphen between two nodes: those of a flowchart have two."""
_OPEN_NODE = lazy(r"(?<=\w)(?:\[(?![\[(/\\])|\((?![\[(])|\{(?!\{))(?=[^\[\](){}\"\n|]*[ ](?:-->|-\.->|==>)[ ])")
"""A bracket of a node that an arrow follows before it is closed."""
_WORD = lazy(r"[ ]*(?:\{[ ]*)?\.?([a-z]+)(?=[ }]|$)")


def check(page: Page) -> Iterator[Finding]:
    """Compare each language with the usual ones; what another highlighter may know is left alone."""
    for fence in page.fences:
        info = fence.info
        if info.startswith("mermaid") and fence.opens and not fence.problem:
            yield from _diagram(page, fence.start + 1, fence.end)
        if not info or info in LANGUAGES or fence.problem:
            continue
        capital = _CAPITAL.match(info)
        if capital and capital[0] not in page.config.custom_fences and capital[0].lower() in page.config.custom_fences:
            span = page.source.find(fence.start, capital[0])
            message = f"the fence that draws is called `{capital[0].lower()}`, so this is shown as code"
            yield RULE.at(span, message, help="write it in small letters", fix=Edit(span, capital[0].lower()))
        word = _WORD.match(info)
        meant = _meant(word[1]) if word else ""
        if word and meant and word[1] not in page.config.custom_fences:
            span = page.source.find(fence.start, word[1])
            yield RULE.at(
                span,
                f"no language is called `{word[1]}`, so the code has no colours",
                help=f"did you mean `{meant}`?",
                fix=Edit(span, meant),
            )


def _diagram(page: Page, start: int, end: int) -> Iterator[Finding]:
    """The first word of a diagram, which says what it is, and the direction behind it."""
    lines = page.lines[start:end]
    settings = next((number for number, line in enumerate(lines) if line.strip(" \t>")), 0)
    if lines[settings : settings + 1] and lines[settings].strip(" \t>") == "---":
        closed = (number for number in range(settings + 1, len(lines)) if lines[number].strip(" \t>") == "---")
        settings = next(closed, len(lines)) + 1
    first = next((n for n in range(settings, len(lines)) if lines[n].strip(" \t>")), len(lines))
    kind = _KIND.match(lines[first]) if first < len(lines) else None
    if kind is None:
        return
    meant = _diagram_meant(kind[1])
    if kind[1] in _CHART:
        yield from _in_chart(page, start + first + 1, end)
    if meant:
        span = page.source.span(start + first, *kind.span(1))
        message = f"no diagram is called `{kind[1]}`, so an error is shown in its place"
        yield RULE.at(span, message, help=f"did you mean `{meant}`?", fix=Edit(span, meant))
    elif kind[2] and kind[1] in ("graph", "flowchart") and kind[2] not in _DIRECTIONS:
        span = page.source.span(start + first, *kind.span(2))
        message = f"a diagram does not run in the direction `{kind[2]}`, so an error is shown in its place"
        yield RULE.at(span, message, help="write `TB`, `BT`, `LR` or `RL`")


def _in_chart(page: Page, start: int, end: int) -> Iterator[Finding]:
    """Arrows and nodes of a flowchart that cannot be read."""
    for number in range(start, end):
        line = page.lines[number]
        if "->" not in line and "==>" not in line:
            continue
        arrow = _ARROW.match(line)
        if arrow:
            span = page.source.span(number, *arrow.span(1))
            message = "a flowchart has no arrow of one hyphen, so an error is shown in its place"
            yield RULE.at(span, message, help="write `-->`", fix=Edit(span, "-->"))
        node = _OPEN_NODE.search(line)
        if node:
            message = "this bracket is not closed before the arrow, so an error is shown in place of the diagram"
            yield RULE.at(page.source.span(number, *node.span()), message, help="close it behind the text of the node")


@lru_cache(maxsize=64)
def _diagram_meant(word: str) -> str:
    """The kind of diagram that was meant; empty for one that exists, or begins like one."""
    if len(word) < _SHORTEST or word.startswith(_DIAGRAMS):
        return ""
    small = word.lower()
    return next((name for name in _DIAGRAMS if len(name) > 3 and distance(small, name.lower(), 3) < 2), "")


@lru_cache(maxsize=256)
def _meant(word: str) -> str:
    """The language that was meant; empty for one that exists, and for a longer or a shorter name of one."""
    if len(word) < _SHORTEST or word in LANGUAGES:
        return ""
    near = [name for name in LANGUAGES if distance(word, name, 2) < 2 and not _is_longer(word, name)]
    return near[0] if len(near) == 1 and not _is_known(word) else ""


def _is_longer(word: str, name: str) -> bool:
    """Whether one is the other with more behind it, such as `jsonl`: a name of its own, unless a letter is doubled."""
    return (word.startswith(name) and word != name + name[-1]) or name.startswith(word)


def _is_known(word: str) -> bool:
    """Whether Pygments reads this language; without Pygments nobody knows."""
    try:
        from pygments.lexers import find_lexer_class_by_name  # type: ignore[import-untyped]
        from pygments.util import ClassNotFound  # type: ignore[import-untyped]
    except ImportError:
        return True
    try:
        find_lexer_class_by_name(word)
    except ClassNotFound:
        return False
    return True
