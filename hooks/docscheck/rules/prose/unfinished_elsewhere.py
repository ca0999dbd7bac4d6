"""Whether a paragraph in another language breaks off."""

from __future__ import annotations

import re
from functools import cache

from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.patterns import lazy
from docscheck.rules.prose.unfinished_forms import PAUSES, TAIL, goes_on, is_verse

ELSEWHERE = {
    "de": "und oder sowie sondern weil dass für von vom im zum zur beim des dem eine eines einem",
    "es": "el la los las unos unas de del al que en con por y pero sino porque aunque",
    "fr": "le la les des du de et ou mais que dont dans par aux au",
    "it": "il la gli di del della dei delle che nel nella e oppure poiché perché affinché",
    "nl": "de het een en of van voor dat omdat doordat",
    "pt": "os de do da dos das ou que em na com por porque mas embora",
}
"""Words at which no sentence of another language ends; prepositions that may be a part of its verb are left out."""
STOPPED = frozenset(ELSEWHERE) - {"nl"}
"""Where such a word does not even end a sentence that has its full stop; a Dutch verb may leave a part of it there."""
_PRONOUNS = frozenset(("eine", "einem", "eines", "dem", "unos", "unas", "le", "la", "les", "gli"))
"""Those that may stand for a noun before a full stop: "alles in einem"."""
_VERSE_ENDS = (*PAUSES, "；")
"""With what the lines of a verse end, each of which is a paragraph."""
_CUT_EAST_TEXT = "然后 所以 因为 但是 而且 以及 或者 并且 如果 例如 比如 因此"
_CUT_EAST = (*PAUSES, *_CUT_EAST_TEXT.split())
_STEPS_TEXT = "得 所以 于是 则 需证 只需 故 因此 从而 即 那么 使得 有 由 且 又 其中"
_STEPS = tuple(_STEPS_TEXT.split())
"""With what the next step of a proof begins, where each is a paragraph."""
_CUT_ELSEWHERE = {
    "de": r"(?:in|an|auf|mit|von|bei|nach|zu|aus|für|über|unter|durch|um|ohne|ist) (?:der|die|das|dem|den|einen?)",
    "fr": r"(?:dans|avec|pour|sur|par|en|sans|sous|entre|vers|est) (?:une?|ce|cette|ces|ses|leurs?|mon|votre|notre)",
    "it": r"\w+, perché",
    "nl": r"\w+, (?:maar|terwijl)|(?:ge|be|ver|ont)\w{2,}[dtn] door",
}
"""Two words at which a sentence ends even less than at one of them."""
_LONG_ENOUGH = 6
"""Shorter lines with a comma at their end may be the address of a letter."""
_LAST = lazy(r"(?<![\w.'’-])([^\W\d_]+)[*_]*$")


def breaks_off_at_pause(page: Page, node: Node, following: Node | None) -> bool:
    row = node.rows[-1].text.rstrip()
    if not row.endswith(_CUT_EAST) or (following is not None and goes_on(row, following)):
        return False
    if following is not None and following.kind == "p" and page.language[:2] == "ja" and row.endswith(PAUSES):
        return False  # a sentence whose parts are set apart
    if following is not None and row.endswith(PAUSES) and _is_step(node, following):
        return False
    near = (following, page.before(node))
    return not any(p is not None and p.kind == "p" and p.rows[-1].text.rstrip().endswith(_VERSE_ENDS) for p in near)


def _is_step(node: Node, following: Node) -> bool:
    """Whether a paragraph with a formula goes on in the next one, as the steps of a proof do."""
    has_formula = any("$" in row.text for row in node.rows)
    return has_formula and bool(following.rows) and following.rows[0].text.lstrip().startswith(_STEPS)


@cache
def _words(language: str) -> frozenset[str]:
    return frozenset(ELSEWHERE[language].split())


def breaks_off_elsewhere(page: Page, node: Node, following: Node | None) -> bool:
    if following is not None and goes_on(node.rows[-1].text.rstrip(), following):
        return False
    last = node.rows[-1]
    shown = page.prose_lines[last.line].rstrip()[-TAIL:]
    words = sum(len(row.text.split()) for row in node.rows)
    if shown.endswith(","):
        is_item = any(above.tag == "li" for above in node.ancestors())
        return shown[-2:-1].isalpha() and words >= _LONG_ENOUGH and not is_item and not is_verse(node)
    match = _LAST.search(shown.removesuffix("."))
    if words < 4 or not match:
        return False
    if shown.endswith(".") and match[1] in _PRONOUNS:
        return False
    pair = _pairs(page.language[:2])
    if match[1] not in _words(page.language[:2]) and not (pair and pair.search(shown)):
        return False
    return last.line + 1 >= len(page.lines) or not page.lines[last.line + 1].strip()


@cache
def _pairs(language: str) -> re.Pattern[str] | None:
    found = _CUT_ELSEWHERE.get(language)
    return re.compile(rf"(?<![\w-]){found}$") if found else None
