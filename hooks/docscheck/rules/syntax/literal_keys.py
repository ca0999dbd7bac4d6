"""Key combinations that are printed as typed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.proofs import prints
from docscheck.words.distance import nearest

RULE = Rule("SYN103", "literal-keys", Severity.ERROR)
_KEYS = lazy(r'(?<![\w+*])\+\+["a-zA-Z0-9][\w"+-]*(?<!\+)\+?(?![\w+])(?!\+)')
_KEY_NAME = lazy(r"\+\+(?:ctrl|alt|shift|cmd|enter|esc|escape|tab|del|delete|space|f\d+|up|down|left|right)\b")
_SINGLE_KEYS = lazy(r"(?<![\w+])\+(?:ctrl|alt|shift|cmd|meta|option)(?:\+[a-z0-9]+)+\+\+(?![\w+])")
_SPACED_KEYS = lazy(
    r"(?<![\w+])\+\+(?:[ ]([a-z0-9-]+(?:\+[a-z0-9-]+)*)[ ]?|([a-z0-9-]+(?:\+[a-z0-9-]+)*)[ ])\+\+(?![\w+])"
)
_GOOD_KEYS = lazy(r'\+\+(?=["a-zA-Z0-9])(?:"[^"\n]*"|[^\s+]+)(?:\+(?:"[^"\n]*"|[^\s+]+))*\+\+')
"""Between quotes a key may be called anything, blanks included."""
_PLUS_TWICE = lazy(r"(?<![\w+])\+\+([a-z]+)\+\+([a-z0-9]+)(?:\+\+([a-z0-9]+))?\+\+(?![\w+])")
"""`++ctrl++alt++del++`: two pluses between the keys as well."""
_MODIFIERS = frozenset(("ctrl", "control", "alt", "shift", "cmd", "command", "option", "meta", "win"))


def check(page: Page) -> Iterator[Finding]:
    for number in page.lines_with("++") if page.config.has("pymdownx.keys") else ():
        yield from _keys(page, number, page.prose_lines[number])


def _keys(page: Page, number: int, shown: str) -> Iterator[Finding]:
    rest = _GOOD_KEYS.sub(lambda match: "\x00" * len(match[0]), shown)
    single = _SINGLE_KEYS.search(rest)
    if single:
        yield RULE.at(
            page.source.span(number, *single.span()),
            "this key combination opens with only one `+`",
            help="write it as in `++ctrl+c++`",
            proof=prints(number, "++"),
        )
    for spaced in _SPACED_KEYS.finditer(rest):
        names = (spaced[1] or spaced[2]).split("+")
        if _key_names().issuperset(names) and any(len(name) > 1 for name in names):
            yield RULE.at(
                page.source.span(number, *spaced.span()),
                "a space inside the pluses prevents this from being a key",
                help=f"write `++{'+'.join(names)}++`",
                proof=prints(number, "++"),
            )
            return
    twice = _PLUS_TWICE.search(shown)
    if twice and twice[1] in _MODIFIERS and _key_names().issuperset(filter(None, twice.groups())):
        yield RULE.at(
            page.source.span(number, *twice.span()),
            "two pluses end a key, so what stands behind them is printed",
            help=f"write `++{'+'.join(filter(None, twice.groups()))}++`",
            proof=lambda rendered: rendered.prints(number, twice[2]),
        )
    yield from _unknown_key(page, number, shown)
    match = _KEYS.search(rest)
    if match and (match[0].count("+") > 2 or _KEY_NAME.match(match[0])):
        yield RULE.at(
            page.source.span(number, *match.span()),
            "this key combination is never closed",
            help="write it as in `++ctrl+c++`",
            proof=prints(number, "++"),
        )


def _unknown_key(page: Page, number: int, shown: str) -> Iterator[Finding]:
    """`++entr++`: a name that is nearly that of a key."""
    for match in _GOOD_KEYS.finditer(shown):
        if shown[match.start() - 1 : match.start()].isalnum():
            continue
        joined = match[0].strip("+").split("-")
        if len(joined) > 1 and joined[0] in _MODIFIERS and _key_names().issuperset(joined):
            yield RULE.at(
                page.source.span(number, *match.span()),
                "keys that are pressed together are joined by `+`; this is shown as one key",
                help=f"write `++{'+'.join(joined)}++`",
            )
        names = match[0].strip("+").split("+")
        lost = [name for name in names if name not in _key_names()]
        if len(names) > 1 and names[0] in _MODIFIERS and lost and all(map(str.isalnum, lost)) and lost[0].islower():
            meant = nearest(lost[0], _key_names())
            yield RULE.at(
                page.source.span(number, *match.span()),
                f"there is no key `{lost[0]}`, so this is printed",
                help=f"did you mean `{meant}`?" if meant else 'write a key of another name in quotes: `++ctrl+"Ä"++`',
                proof=prints(number, "++"),
            )
            continue
        for name in names:
            meant = nearest(name, _key_names()) if name.isalpha() and name not in _key_names() else ""
            if meant and name.islower():
                yield RULE.at(
                    page.source.span(number, *match.span()),
                    f"there is no key `{name}`, so this is printed",
                    help=f"did you mean `{meant}`?",
                    proof=prints(number, "++"),
                )


@cache
def _key_names() -> frozenset[str]:
    from pymdownx import keymap_db

    return frozenset(keymap_db.keymap) | frozenset(keymap_db.aliases)
