"""A paper of the bibliography: its fields, how it is named in a text, and its key by the house rule."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

# Words that tell nothing about a paper, skipped when its key is made.
_SILENT = frozenset(
    """a an the on of in to for from with by at as is are and or towards toward via into using
    do does how what why when""".split()  # noqa: SIM905 (a list would be 30 lines)
)
# What in ASCII has no accent to drop.
_PLAIN = ("ss", *"oOlLdd", "ae", "oe", "i", "alpha", "beta", "gamma", "lambda", "mu", "pi", "sigma", *"012")
_LETTERS = {ord(letter): word for letter, word in zip("ßøØłŁđðæœıαβγλμπσ₀₁₂", _PLAIN, strict=True)}
_VERSION = re.compile(r"v?\d+[a-z]?")


@dataclass(frozen=True)
class Person:
    """An author: a person, or a team (`given` is empty then)."""

    family: str
    given: str = ""

    @property
    def full(self) -> str:
        """The name as written on a title page."""
        return f"{self.given} {self.family}".strip()

    @property
    def inverted(self) -> str:
        """The name as BibTeX wants it; braces keep a team's name in one piece."""
        return f"{self.family}, {self.given}" if self.given else f"{{{self.family}}}"


@dataclass(frozen=True)
class Entry:
    """One paper, report or book. Texts are plain Unicode without BibTeX's braces; what is not known is empty."""

    key: str
    kind: str
    """BibTeX's entry type in lower case: article, inproceedings, misc, book …"""
    title: str
    authors: tuple[Person, ...]
    others: bool = False
    """Whether the list of authors goes on (`and others`)."""
    year: int | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    """Every field as written, names in lower case."""
    line: int = 0
    """Line of the entry in its file, from 1."""
    raw: str = ""

    @property
    def date(self) -> str:
        """Day or month of the first version in ISO form, else the year; an arXiv id tells the month."""
        return self.fields.get("date") or arxiv_month(self.arxiv) or (str(self.year) if self.year else "")

    @property
    def arxiv(self) -> str:
        """The arXiv id, without a version."""
        return self.fields.get("eprint", "") if self.fields.get("eprinttype", "").lower() == "arxiv" else ""

    @property
    def doi(self) -> str:
        """The DOI as written, without a resolver in front."""
        return self.fields.get("doi", "")

    @property
    def url(self) -> str:
        """Where a reader finds the paper."""
        if self.fields.get("url"):
            return self.fields["url"]
        if self.arxiv:
            return f"https://arxiv.org/abs/{self.arxiv}"
        return f"https://doi.org/{self.doi}" if self.doi else ""

    @property
    def identifier(self) -> str:
        """`arXiv:2307.08621`, `doi:10.…`, or empty."""
        return f"arXiv:{self.arxiv}" if self.arxiv else f"doi:{self.doi}" if self.doi else ""

    @property
    def annotation(self) -> str:
        """What the paper contributes, in one sentence."""
        return self.fields.get("annotation", "")

    @property
    def venue(self) -> str:
        """The journal, the proceedings or the publisher, where the entry names one."""
        return plain(next((self.fields[name] for name in _VENUES if self.fields.get(name)), ""))

    @property
    def label(self) -> str:
        """What a citation shows: `Vaswani et al. 2017`, `Gu and Dao 2023`."""
        names = [person.family for person in self.authors]
        if not names:
            who = self.key
        elif len(names) == 1 and not self.others:
            who = names[0]
        elif len(names) == 2 and not self.others:
            who = f"{names[0]} and {names[1]}"
        else:
            who = f"{names[0]} et al."
        return f"{who} {self.year}" if self.year else who

    def author_list(self, limit: int = 12) -> str:
        """Return the authors in full, cut after `limit` names; how many others, where that is known."""
        return self._listed([person.full for person in self.authors], limit)

    def family_list(self, limit: int) -> str:
        """Return the family names of the authors, cut in the same way."""
        return self._listed([person.family for person in self.authors], limit)

    def _listed(self, names: list[str], limit: int) -> str:
        if self.others:
            return ", ".join(names[:limit]) + " and others"
        if len(names) > limit:
            rest = len(names) - limit
            return ", ".join(names[:limit]) + (f" and {rest} others" if rest > 1 else " and one other")
        return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""

    def reference(self) -> str:
        """Return the entry as one line of text: authors, title, venue, date, identifier."""
        parts = [self.author_list(6), self.title, self.venue, self.date, self.identifier]
        return ". ".join(part.rstrip(".") for part in parts if part) + "."


_VENUES = ("journal", "booktitle", "institution", "publisher", "howpublished")


def plain(text: str) -> str:
    """Return BibTeX text without protecting braces, its white space folded."""
    return " ".join(text.replace("{", "").replace("}", "").split())


def ascii_word(text: str) -> str:
    """Return the ASCII letters and digits of `text` in lower case: `Schölkopf` gives `scholkopf`."""
    folded = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return re.sub(r"[^a-z0-9]", "", folded.lower())


def telling_word(title: str) -> str:
    """Return the first word of a title that says what it is about.

    A version belongs to it, and what a hyphen joins to up to three letters: `Denoising Diffusion …` gives
    `denoising`, `Llama 2: …` gives `llama2`, `ST-MoE: …` gives `stmoe`.
    """
    words = _words(title)
    for index, (word, joined) in enumerate(words):
        if word in _SILENT or word.isdigit():
            continue
        following = words[index + 1][0] if index + 1 < len(words) else ""
        belongs = _VERSION.fullmatch(following) or (joined and (len(word) <= 3 or re.fullmatch(r"[a-z]\d+", following)))
        return word + following if belongs else word
    return "".join(word for word, _ in words[:1])


def _words(title: str) -> list[tuple[str, bool]]:
    """Return the words of a title in ASCII, each with whether a hyphen joins it to the next."""
    parts = re.findall(r"([^\s/:,\-‐‑]+)([-‐‑]?)", plain(title).replace("$", ""))
    words = [(ascii_word(word), bool(hyphen)) for word, hyphen in parts]
    return [(word, joined) for word, joined in words if word]


def house_key(authors: tuple[Person, ...], year: int | None, title: str) -> str:
    """Return the key by the house rule: first author's family name, year, first telling word of the title."""
    return f"{_key_start(authors, year)}{telling_word(title)}"


def follows_house_rule(entry: Entry) -> bool:
    """Tell whether an entry's key is the house rule's, or that with more words of the title, or a letter, added."""
    expected = house_key(entry.authors, entry.year, entry.title)
    if re.fullmatch(re.escape(expected) + "[a-z]?", entry.key):
        return True
    title = "".join(word for word, _ in _words(entry.title))
    told = entry.key.removeprefix(_key_start(entry.authors, entry.year))
    first = telling_word(entry.title)
    return told != entry.key and told.startswith(first) and told in title


def _key_start(authors: tuple[Person, ...], year: int | None) -> str:
    return f"{ascii_word(authors[0].family) if authors else 'anonymous'}{year or ''}"


def arxiv_month(identifier: str) -> str:
    """Return the month in which an arXiv id was given: `2307.08621` in `2023-07`; empty for what is no id."""
    match = re.fullmatch(r"(?:[a-z.-]+(?:\.[A-Z]{2})?/)?(\d{2})(0[1-9]|1[0-2])\.?\d{3,5}", identifier)
    if not match:
        return ""
    return f"{'19' if int(match[1]) >= 91 else '20'}{match[1]}-{match[2]}"


def arxiv_year(identifier: str) -> int | None:
    """Return the year in which an arXiv id was given, or None for what is no id."""
    month = arxiv_month(identifier)
    return int(month[:4]) if month else None


def parse_people(text: str) -> tuple[tuple[Person, ...], bool]:
    """Return BibTeX's author field as people, and whether it ends in `and others`."""
    names = [name.strip() for name in _split_names(text)]
    others = bool(names) and names[-1] == "others"
    return tuple(_person(name) for name in (names[:-1] if others else names) if name), others


def _split_names(text: str) -> list[str]:
    """Split at `and` outside braces."""
    names: list[str] = []
    current: list[str] = []
    depth = 0
    for word in re.split(r"(\s+)", text.strip()):
        if depth == 0 and word == "and":
            names.append("".join(current))
            current = []
        else:
            current.append(word)
        depth += word.count("{") - word.count("}")
    return [*names, "".join(current)]


def _person(name: str) -> Person:
    """Read `Family, Given`, `Family, Jr., Given`, `Given Family`, `Given van der Family` or `{A Team}`."""
    if name.startswith("{") and name.endswith("}") and name.count("{") == 1:
        return Person(plain(name))
    parts = [part.strip() for part in plain(name).split(",")]
    if len(parts) == 3:
        return Person(f"{parts[0]} {parts[1]}", parts[2])
    if len(parts) > 1:
        return Person(parts[0], ", ".join(parts[1:]))
    words = parts[0].split()
    if words[-1:] == ["Team"]:
        return Person(parts[0])
    # A lower-case particle belongs to the family name: "Aäron van den Oord".
    start = next((i for i, word in enumerate(words[:-1]) if i and word.islower()), len(words) - 1)
    return Person(" ".join(words[start:]), " ".join(words[:start]))
