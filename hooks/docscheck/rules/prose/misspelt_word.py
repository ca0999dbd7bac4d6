"""A misspelt word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.blocks import split_row
from docscheck.patterns import lazy
from docscheck.rules.prose.two_capitals import with_two_capitals
from docscheck.site import Site
from docscheck.source import Span
from docscheck.words.lexicon import RIGHT, UNREAD, coded, lexicon, telling
from docscheck.words.lists import frequencies
from docscheck.words.spelling import COMPOUND, OFTEN, WORD, misspelt, misspelt_parts, right_words

RULE = Rule("PRO104", "misspelt-word", Severity.WARNING)
_SMALL = "the of and to a in is it for that this with on are as be by an or not you can from at which when if"
_COMMON = frozenset(_SMALL.split())
_ENGLISH_ONLY = _COMMON - {"a", "in", "is", "at", "an"}
_FOREIGN = lazy(r"[^\W\d_a-zA-Z]{1,3}")


_FRESH = 10
"""Where each word of so many is a new one, the page may be in another language, of which no word is to be looked up."""
Fact = tuple[str, bool, list[int]]
"""What was probably meant, whether that holds however often the site writes the word, and where it stands."""


def facts(page: Page) -> dict[str, Fact]:
    """Words of the page that may be misspelt."""
    if not page.language.startswith("en"):
        return {}
    suspects = _suspects(page)
    suspects = {word: fact for word, fact in suspects.items() if not _is_of_host(page, word)}
    for word, place in with_two_capitals(page):
        suspects.setdefault(word, (word.capitalize(), True, []))[2].append(place)
    if not _PAIRED.keys().isdisjoint(telling(page)):
        for match in _PAIR.finditer(page.prose):
            if meant := _PAIRED.get(match[0].lower()):
                suspects.setdefault(match[1], (meant, True, []))[2].append(match.start(1))
    return suspects


_PAIR_TEXT = """
kullback liebler Leibler, cauchy schwartz Schwarz, jensen shanon Shannon, runge kuta Kutta, gram schmitt Schmidt
gram schmit Schmidt, fokker plank Planck, navier stoke Stokes, metropolis hasting Hastings
"""
_TRIPLES = [part.split() for line in _PAIR_TEXT.strip().split("\n") for part in line.split(",")]
_PAIRED = {f"{first}{dash}{wrong}": meant for first, wrong, meant in _TRIPLES for dash in "-–"}
"""Two names that are joined, the second of which alone may be another person's, in small letters."""
tells = _PAIRED.__contains__
_PAIR = lazy(r"(?<![\w/.-])[A-Z][a-z]+[-–]([A-Z][a-z]+)(?![\w/-]|\.\w)")


def _is_of_host(page: Page, word: str) -> bool:
    """Whether the page links to a host of that name, or to a project's repository."""
    name = word.lower()
    if f"//{name}." in page.lowered or f"//www.{name}." in page.lowered:
        return True
    return f"/{name}" in page.lowered and re.search(rf"{_PROJECT}{name}(?![a-z])", page.lowered) is not None


_PROJECT = r"//(?:(?:github|gitlab)\.com/[^/\s]+|crates\.io/crates|docs\.rs|pypi\.org/project|www\.npmjs\.com/package)/"


def _suspects(page: Page) -> dict[str, Fact]:
    """Words that no list knows, or that a list of slips has."""
    about = _about(page)
    suspects = _suspicious_tokens(page, about)
    if not suspects or not _is_english(page, about):
        return {}
    prose = about + page.prose[len(about) :]
    written = {token for token in prose.split() if token.lower() in suspects}
    wrong = misspelt(dict.fromkeys(chain.from_iterable(map(WORD.findall, written)), 1))
    joined = _joined(page, prose) if any("-" in token or "/" in token for token in written) else {}
    if not wrong:
        return joined
    sure = misspelt(dict.fromkeys(wrong, OFTEN + 1))
    wrong = _without_names(page, wrong, sure)
    found: dict[str, Fact] = {word: (meant, word in sure, []) for word, meant in wrong.items()}
    with_filler = _FILLER.search(page.prose) is not None
    for match in WORD.finditer(prose):
        if match[0] in found and not _is_excused(page, match, match[0] in sure, with_filler):
            found[match[0]][2].append(match.start())
    for word, (_, is_sure, places) in found.items():
        if places and not is_sure and _is_part_of_name(page, word):
            places *= OFTEN + 1  # a word of the site's own, however often it is written
    for word, (_, _, places) in joined.items():
        if word in found:
            places += found[word][2]
    return {word: fact for word, fact in (found | joined).items() if fact[2]}


def _suspicious_tokens(page: Page, about: str) -> set[str]:
    """What stands between two spaces, in small letters, and may hold a slip; nothing if the page is not in English."""
    fresh = coded(page).having(UNREAD)
    if about:
        fresh = fresh.union(about.lower().split()) - RIGHT
    if not fresh or (len(fresh) * _FRESH > len(page.words) and not _is_english(page, about)):
        return set()
    suspects = {token for token in fresh if token in WRONG or not _is_right(token)}
    lexicon().settle([token for token in fresh - suspects if len(token) < _KEPT])
    return suspects


def _without_names(page: Page, wrong: dict[str, str], sure: Mapping[str, str]) -> dict[str, str]:
    """Those of some words that nothing on the page is called; a slip that cannot be a name stays one."""
    if len(sure) == len(wrong) and all(map(str.islower, sure)):
        return wrong
    names = _names(page) - sure.keys()
    spoken_of = set(map(str.lower, _IN_SENTENCE.findall(page.prose))) - sure.keys()
    return {word: meant for word, meant in wrong.items() if not _is_named(word, names) and word not in spoken_of}


def _is_excused(page: Page, match: re.Match[str], is_sure: bool, with_filler: bool) -> bool:
    """Whether a word is no slip where it stands: a name, a part of something, or of another language."""
    (start, end), text = match.span(), page.source.text
    return (
        _is_in_header(page, start)
        or _is_among_handles(page, start)
        or _is_part(page.prose, start, end)
        or _is_no_word(page, start, end)
        or (not is_sure and _is_listed_function(text, start, end))
        or _is_in_address(page, start)
        or _is_of_a_person(text, start)
        or (with_filler and _is_filler(page, start))
        or _is_foreign(page, start)
    )


def _joined(page: Page, prose: str) -> dict[str, Fact]:
    """Slips in compounds, which a list has to know: what is joined to a name may be one."""
    found: dict[str, Fact] = {}
    for match in COMPOUND.finditer(prose):
        for part, meant in misspelt_parts(match[0]).items():
            if not _is_no_word(page, *match.span()) and not _is_in_header(page, match.start()):
                found.setdefault(part, (meant, True, []))[2].append(prose.index(part, match.start()))
    return found


_TOLD = frozenset(("title", "description", "summary", "subtitle"))
"""Keys of the front matter whose values are shown: in the tab, by search engines, on cards."""


def _about(page: Page) -> str:
    """The source up to the body, all of it blank but the values that are shown; empty where there are none."""
    matter = page.front_matter
    if _TOLD.isdisjoint(key for key, _ in matter.key_lines):
        return ""
    lines = [" " * len(line) for line in page.lines[: matter.end]]
    ends = [line for _, line in matter.key_lines[1:]] + [matter.end - 1]
    for (key, first), end in zip(matter.key_lines, ends, strict=True):
        if key in _TOLD:
            lines[first:end] = page.lines[first:end]
            lines[first] = " " * (len(key) + 1) + lines[first][len(key) + 1 :]
    return "\n".join(lines)


def _is_right(token: str) -> bool:
    """Whether no word in what stands between two spaces is misspelt, in small letters: then none is in capitals."""
    bare = token.lstrip('("[').rstrip('.,;:!?)"]')
    if bare.isalpha() and bare.isascii():  # what most are
        wrong = len(bare) > 1 and _is_wrong(bare)
    else:
        wrong = any(map(_is_wrong, WORD.findall(token)))
        wrong = wrong or (("-" in token or "/" in token) and any(map(misspelt_parts, COMPOUND.findall(token))))
    if wrong and len(token) < _KEPT:
        WRONG.add(token)
    return not wrong


def _is_part(prose: str, start: int, end: int) -> bool:
    """Whether emphasis ends or begins in the middle of a word, as in `*em*phasis`."""
    before, after = prose[max(0, start - 4) : start], prose[end : end + 4]
    begins = before.endswith("*") and before.rstrip("*")[-1:].isalnum()
    return begins or (after.startswith("*") and after.lstrip("*")[:1].isalnum())


_KEPT = 200
"""Longer ones are not remembered: a server would keep another one for every change to a long line without spaces."""


@cache
def _is_wrong(word: str) -> bool:
    return word not in right_words() and bool(misspelt({word: 1}))


_FILLER = lazy(r"\b(?:ipsum|dolor|vulputate|tincidunt|fringilla)\b", re.I)
"""Latin that stands where the look of a page is shown."""


_WHOLE = 8
"""A sentence of so many words that has none of the small ones is not English."""


def _is_filler(page: Page, offset: int) -> bool:
    """Whether the sentence or paragraph around a word has no small words of English, on a page with Latin filler."""
    number = page.source.line_of(offset)
    leaf, line = page.leaf_by_line.get(number), page.lines[number]
    column = offset - page.source.starts[number]
    sentence = line[line.rfind(". ", 0, column) + 1 :].lstrip().partition(". ")[0].lower().split()
    if len(sentence) >= _WHOLE and _ENGLISH_ONLY.isdisjoint(sentence):
        return True
    rows = " ".join(row.text for row in leaf.rows) if leaf else ""
    return len(_ENGLISH_ONLY.intersection(rows.lower().split())) < 2


def _is_no_word(page: Page, start: int, end: int) -> bool:
    """Whether letters are a part of a word (cut off, or set apart by a parenthesis), a label, a path or an entity."""
    text = page.source.text
    two, after = text[max(start - 2, 0) : start], text[end : end + 3]
    if (two == '="' and after[:1] == '"') or _is_shown_slip(page, start):
        return True
    if _is_species(text, start, end):
        return True
    if "\ufffd" in two[-1:] + after[:1]:  # a lost character, which another rule tells
        return True
    if after[:2] == "()":
        return True  # the name of a function
    if after[:1] in ("'", "’") and text[end - 2 : end] == "in" and not after[1:2].isalpha():
        return True  # `gettin’`, without the last letter as it is spoken
    if after == "..." or after[:1] == "…" or two in ("](", "][", "*["):
        return True
    if text[start].isupper() and _INITIALS.match(text, end):
        return True
    if text[end - 2 : end] in ("'d", "’d") or _continues_initial(text, start, end):
        return True
    before = two[-1:]
    if before in _QUOTES and before and _MENDED.match(text, end):
        return True  # a slip that is quoted, and its mend
    if _OF_A_SLIP.search(text, max(start - _NEAR, text.rfind("\n", 0, start) + 1), start):
        return True  # what tells of a slip that was mended
    if (before in "?&" and before and after[:1] == "=") or _spells_out(text, start, end):
        return True
    if _NAMING.search(text, max(start - 6, 0), start) and _RELEASE.match(text, end):
        return True
    if before == "+" or (after[:1] == ":" and after[1:2].isalpha()) or _is_label(page, start):
        return True
    return (before == "(" and two[:1].isalpha()) or (before == "&" and after[:1] == ";") or (before + after[:1]) == "[]"


_GENUS = lazy(r"([(*_]?)(?<![\w.])([A-Z][a-z]+(?:us|um|a|is|es|on|ix|os))[ ]$")
_SPECIES = lazy(r"[a-z]+(?:a|us|um|is|ii|ae|ensis|oides)\Z")
_RARE_GENUS = 500
"""A Latin name is met less often than so many times, where words of English are met thousands of times."""


def _is_species(text: str, start: int, end: int) -> bool:
    """Whether a word is the second of a plant's or an animal's Latin name: `Ficus benjamina`, `(Hordeum vulgare)`."""
    genus = _GENUS.search(text, max(start - 24, 0), start) if text[start].islower() else None
    if genus is None or int(frequencies().get(genus[2].lower()) or 0) >= _RARE_GENUS:
        return False
    is_apart = genus[1] != "" and text[end : end + 1] == (")" if genus[1] == "(" else genus[1])
    return is_apart or _SPECIES.match(text[start:end]) is not None


def _is_listed_function(text: str, start: int, end: int) -> bool:
    """Whether a word is the name of one function among several: `the surf function, imagesc function`."""
    return text.startswith(" function", end) and text[max(start - 2, 0) : start] == ", "


def _is_part_of_name(page: Page, word: str) -> bool:
    """Whether names of programs or files on the page have the word as a part: `legacy_openedx`, `ol-openedx-course`."""
    text = page.source.text
    if f"_{word}" not in text and f"{word}_" not in text and f"-{word}-" not in text:
        return False
    return (
        re.search(rf"(?<=[a-z0-9]_){word}(?![a-z])|(?<![a-z]){word}(?=_[a-z])|(?<=[a-z]-){word}(?=-[a-z])", text)
        is not None
    )


_INITIALS = lazy(r",[ ](?:[A-Z]\.[ -]?)+(?=[,;&(]|and\b|et\b)|[ ]et al\b")
"""What stands behind a family name in a list of authors, or instead of the others."""
_SIC = lazy(r"[\[(]\*{0,2}sic\b")
"""What says of the words before it that they are quoted as they were written."""
_SPEAKS_OF_SLIPS = lazy(r"\b(?:typos?|misspell?(?:ed|ings?)?|misspelt)\b", re.I)


def _is_shown_slip(page: Page, start: int) -> bool:
    """Whether a slip is shown: in quotes on a line that speaks of slips, or before `[sic]`."""
    number = page.source.line_of(start)
    line, column = page.lines[number], start - page.source.starts[number]
    if "sic" in line and _SIC.search(line, column, column + _NEAR):
        return True
    return line.count('"', 0, column) % 2 == 1 and _SPEAKS_OF_SLIPS.search(line) is not None


def _is_in_address(page: Page, offset: int) -> bool:
    """Whether a word stands in the address of a link: one of a file may hold spaces."""
    return any(link.address_span.start <= offset < link.address_span.end for link in page.links)


_QUOTES = "\"'“‘`"
_MENDED = lazy(r"[\"'”’`],?[ ]?(?:-+>|=>|→|to[ ][\"'“‘`]|into[ ]|instead of[ ]|should be[ ])")
_OF_A_SLIP = lazy(r"\b(?:typos?|misspell\w*|misspelt)\b", re.I)
_NEAR = 60
_FIRST_NAMES = lazy(r"\b[A-Z][a-z]+ [A-Z]\.? $")
_THANKED = lazy(r"\([Tt]hanks to (?:(?! for )[^()\n])*$")


def _is_of_a_person(text: str, start: int) -> bool:
    """Whether a word is a name: behind a first name and an initial, or of those who are thanked in brackets."""
    if text[start].isupper() and _FIRST_NAMES.search(text, max(start - 24, 0), start):
        return True
    return _THANKED.search(text, max(start - 72, 0), start) is not None


def _is_label(page: Page, offset: int) -> bool:
    """Whether a word stands in the label of a definition, which no reader sees."""
    number = page.source.line_of(offset)
    column = offset - page.source.starts[number]
    return any(row.line == number and page.lines[number].find("]:") > column for _, row, _ in page.definitions.labels)


_IN_FULL = lazy(r"[ ]\(([^()\n]{4,60})\)")


def _spells_out(text: str, start: int, end: int) -> bool:
    """Whether the parenthesis behind a word has words that begin with its letters: `gke (google kubernetes engine)`."""
    match = _IN_FULL.match(text, end)
    return match is not None and "".join(word[0] for word in match[1].split()).lower() == text[start:end].lower()


_NAMING = lazy(r"\b[Bb]ump $")
_RELEASE = lazy(r" from v?\d")
"""Around the name of a package in a list of changes."""
_FOREIGN_TEXT = """
di che una il della nel sono anche questo gli alla dei delle el los las para por este les une dans avec et du qui pas
vous nous der das und ein eine für von ist nicht zu auf uma não em questa sempre nella sulla degli sich auch sind oder
wird werden kann bei nach mehr
"""
_FOREIGN_WORDS = frozenset(_FOREIGN_TEXT.split())
"""Small words of Italian, Spanish, French, German and Portuguese that English does not have."""


_ALSO_FOREIGN = frozenset(("de", "en", "sin", "y"))
"""Those that are a part of names in English too: a column of a table may be told by them."""
_CELLS = 20
"""So many cells above and below tell the language of a column."""


_AMID_FRENCH = lazy(r"(?<!\S)(?:du|des|les|[Ll]e|une|très|mais)[ ]\Z")
_BEFORE_FRENCH = lazy(r"[^\W\d_]+[ ](?:du|des|les|une|très)\b")
"""Words that English does not have beside its own."""


_ACCENTED = lazy(r"(?<![^\s(])[a-z]+[^\W\d_a-zA-Z][^\W\d_]*")
_SOME = 2
"""So many words in small letters that English does not write, near by, are of another language."""


def _is_foreign(page: Page, offset: int) -> bool:
    """Whether the paragraph, or the column of a table, around a word is in another language."""
    number = page.source.line_of(offset)
    leaf = page.leaf_by_line.get(number)
    if leaf is None:
        return False
    if _is_in_foreign_quotation(page.lines[number], offset - page.source.starts[number]):
        return True
    near = page.prose[max(offset - _NEAR, page.source.starts[number]) : offset + _NEAR].partition("\n")[0]
    if not near.isascii() and len(_ACCENTED.findall(near)) >= _SOME:
        return True
    if _AMID_FRENCH.search(page.prose, max(offset - 6, 0), offset) or _BEFORE_FRENCH.match(page.prose, offset):
        return True
    if leaf.tag == "table":
        before = page.lines[number][: offset - page.source.starts[number]].lstrip()
        return _is_foreign_column(page, number, before.count("|") - before.count("\\|") - before.startswith("|"))
    words = [word.strip('.,;:!?()"„“”«»') for word in " ".join(row.text for row in leaf.rows).lower().split()]
    return sum(map(_FOREIGN_WORDS.__contains__, words)) > sum(map(_ENGLISH_ONLY.__contains__, words))


def _is_in_foreign_quotation(line: str, column: int) -> bool:
    """Whether a word is quoted among others, most of which English does not have."""
    start = line.rfind('"', 0, column)
    if start < 0 or line.count('"', 0, column) % 2 == 0:
        return False
    quoted = {word.lower() for word in WORD.findall(line[start : line.find('"', column)]) if len(word) > 3}
    unknown = sum(not frequencies().get(word) for word in quoted)
    return unknown > 1 and unknown * 2 > len(quoted)


def _is_foreign_column(page: Page, number: int, index: int) -> bool:
    """Whether the cells of a table around that on a line, in the same column, are in another language."""
    rows = page.leaf_by_line[number].rows
    near = rows[max(number - rows[0].line - _CELLS, 0) : number - rows[0].line + _CELLS]
    cells = (split_row(row.text.strip(), True) for row in near)
    words = " ".join(row[index] for row in cells if len(row) > index).lower().split()
    foreign = sum(word in _FOREIGN_WORDS or word in _ALSO_FOREIGN for word in words)
    return foreign > sum(map(_ENGLISH_ONLY.__contains__, words))


_INITIAL = lazy(r"\*\*([A-Za-z])\*\* $")


def _continues_initial(text: str, start: int, end: int) -> bool:
    """Whether the first letter of the word stands before it in bold, with a space between."""
    match = _INITIAL.search(text, max(start - 6, 0), start)
    whole = (match[1] + text[start:end]).lower() if match else ""
    return whole in right_words() or bool(frequencies().get(whole))


_NAMED = lazy(
    r"(?<=[`/])([A-Za-z]+)(?=[`/)\]}.\n ])|(?<=\[)([A-Za-z]+)(?=\]\(http)|^\#+[ ]*([a-z]+)[ ]*\#*$"
    r"|(?<=\*\*)([A-Z][a-z]+)(?=\*\*)",
    re.M,
)
"""A word that is what something is called: alone in a heading, in bold or as a link's text, or a part of an address."""
_IN_SENTENCE = lazy(r"(?<=[a-z,] )[A-Z][a-z]+\b")
"""A word with a capital where no sentence begins: elsewhere the page may write the name without one."""
_CAMEL = lazy(r"\b[A-Z][a-z]+[A-Z]\w*\b")
_CAPITALS = lazy(r"\b[A-Z]{4,}\b")


def _names(page: Page) -> set[str]:
    text = page.source.text
    written = {match[match.lastindex or 0] for match in _NAMED.finditer(text)}
    return written | {name.lower() for name in (*_CAMEL.findall(text), *_CAPITALS.findall(text))}


def _is_named(word: str, names: set[str]) -> bool:
    """Whether a word, or what it is the genitive of, is a name; with a capital also what an address writes without."""
    base = _base(word)
    return word in names or base in names or (base[0].isupper() and base.lower() in names)


_HANDLES = lazy(r"(?:^|,)[ ]*@?[A-Za-z]+(?:\d|-|[a-z][A-Z])[\w-]*(?=[ ]*(?:,|$))")
_MANY = 4


def _is_among_handles(page: Page, offset: int) -> bool:
    """Whether a word stands in a list of people's names on other sites, written with digits, hyphens and capitals."""
    line = page.lines[page.source.line_of(offset)]
    return line.count(",") > _MANY and len(_HANDLES.findall(line)) >= _MANY


def _is_in_header(page: Page, offset: int) -> bool:
    """Whether a word names the type of a box: other rules judge those."""
    header = next((opener.span for opener in page.openers if opener.span.start <= offset < opener.span.end), None)
    return header is not None and not re.search('["|]', page.source.text[header.start : offset])


_OWN_IF_TWICE = 5
"""A word of so few letters that is written twice is a site's own: `passt`, the name of a program."""
WRONG: set[str] = set()
"""What may hold one, depending on its capitals."""


_OTHER_FORMS = {
    "drew": "drawn", "hid": "hidden", "wrote": "written", "chose": "chosen", "broke": "broken", "took": "taken",
    "gave": "given", "knew": "known", "grew": "grown", "threw": "thrown", "showed": "shown", "began": "begun",
}  # fmt: skip
"""Verbs that have another form behind *be* and *have*."""


def _ask(meant: str) -> str:
    other = _OTHER_FORMS.get(meant)
    return f"did you mean `{meant}` or `{other}`?" if other else f"did you mean `{meant}`?"


def compare(site: Site, pages: Mapping[str, dict[str, Fact]]) -> Iterator[tuple[str, Finding]]:
    """Report the words that the whole site does not use often enough to be its own."""
    counts: Counter[str] = Counter()
    for words in pages.values():
        for word, (_, _, places) in words.items():
            counts[_base(word)] += len(places)
    own = site.config.own_words
    for uri, words in pages.items():
        for word, (meant, sure, places) in words.items():
            if own and _base(word).lower() in own:
                continue
            if sure or counts[_base(word)] <= (OFTEN if len(word) > _OWN_IF_TWICE else 1):
                message, help = f"`{word}` is misspelt", _ask(meant)
                yield from ((uri, RULE.at(Span(start, start + len(word)), message, help=help)) for start in places)


def _base(word: str) -> str:
    """A name without what makes a genitive of it."""
    return word[:-2] if word.endswith(("'s", "’s")) else word


def _is_english(page: Page, about: str) -> bool:
    """Whether enough of a page's words are the small words of English; pages in two languages are left alone."""
    words = [*page.words, *about.lower().split()] if about else page.words
    small = sum(map(_COMMON.__contains__, words))
    if sum(map(_FOREIGN_WORDS.__contains__, words)) * 3 > sum(map(_ENGLISH_ONLY.__contains__, words)):
        return False
    foreign = 0 if page.prose.isascii() else len(_FOREIGN.findall(page.prose))
    plain = sum(map(str.isalpha, words))
    if plain <= _FEW and not foreign and small * 8 < plain:
        return _are_english([bare for word in words if (bare := word.strip(".,;:!?()")).isalpha()])
    return small * 8 >= plain and foreign * 10 <= plain


_FEW = 24
"""So few words may do without the small ones."""


def _are_english(words: list[str]) -> bool:
    """Whether nearly all of a few words are known, and none is a small one of another language."""
    known = frequencies().among({*words})
    return sum(map(known.__contains__, words)) * 4 >= len(words) * 3 and _FOREIGN_WORDS.isdisjoint(words)
