"""Write hooks/docscheck/words/kinds.txt: `python packaging/kinds.py LEMMINFLECT SITES`.

LEMMINFLECT is the wheel of that package (`pip download --no-deps lemminflect==0.2.3`), whose tables tell the forms of
English nouns, verbs, adjectives and adverbs. Each folder in SITES is a checkout of a documentation site: of the forms
those are kept that at least five of the sites use.
"""

from __future__ import annotations

import gzip
import re
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "hooks/docscheck/words/kinds.txt"
_FORMS, _LEMMAS = "lemminflect/resources/infl_lu.csv.gz", "lemminflect/resources/lemma_lu.csv.gz"
_SITES = 5
"""So many sites have to use a word."""
_WORD = re.compile(r"(?<![\w'’/.@#<&`-])[a-z]{2,}(?:-[a-z]{2,})?(?![\w'’/@<`-]|\.\w)")
_CODE = re.compile(r"(?ms)^[ \t>]*(```|~~~).*?^[ \t>]*\1|`[^`\n]*`|^---$.*?^---$|<[^>\n]*>|\]\([^)\n]*\)")
_TAGS = {
    "noun": ("P",),
    "verb": ("D", "N", "G", "Z"),
    "aux": ("D", "N", "G", "Z"),
    "adj": ("J", "J"),
    "adv": ("R", "R"),
}
"""The letters of the forms of a word, in the order in which the table has them."""
_BASE = {"noun": "S", "verb": "B", "aux": "B", "adj": "J", "adv": "R"}
_DESCRIBES = re.compile("(?:[ai]ble|al|ic|ive|ous|ary|ful|less|ant|ent)$")
"""Endings of adjectives, which the tables have as nouns only."""
_SMALL = """
a about above after again against all also always am among an and another any are as at back be because been before
being below between billions both but by can could depends determines did do does done down dozens due during each
either else even ever every few first five following follows for four from had has have he help her here hers him
his how however hundreds i if in instead into is it its itself just kind last least less let like lot many may me
might millions mine minus more most much must my near neither never next no nor not now number of off often on once
one only onto or other our out over own part per please plus same second set several shall she should since six so
some sort still such than that the their them then there therefore these they this those though thousands three
through thus till to too two type under unless until up upon us use used uses using varies versus very via was we
well were what when where whether which while who whom whose why will with within without worth would yet you your
"""
"""Small words that wordings name one by one, words that stand for too much, and verbs as in "how far it is depends"."""
_ADDED = {
    "S": "acoustics analytics api app automata backend balancer bar basics bot callback codebase commit config cpu"
    " criteria dataset debug dependency deploy diagnostics disconnect dynamics economics edit electronics"
    " embed endpoint ethics fade filesystem frontend genetics google gpu graphics hang hostname hover ignore"
    " import indent installer interconnect interrupt invite lifecycle linguistics log logistics mathematics"
    " maxima mechanics merge middleware minima namespace offload override pan phenomena physics pip plugin"
    " reboot rebuild redirect ref refresh reinstall reload rename repo restart restore rev revert rework"
    " robotics runtime semantics stash statistics temp template timestamp undo unload unlock url username vm"
    " webhook website widget workspace zap zoom",
    "P": "apis apps backends bars bots callbacks commits configs cpus datasets decays demographics dependencies"
    " edits endpoints fades filesystems frontends gpus hangs hostnames hovers ignores imports indents"
    " interrupts lacks lectures likes logs longs mails mars merges middleware mocks namespaces overrides"
    " plugins polices rebuilds redirects refreshes refs regards reloads renames repos resets restarts reverts"
    " spawns taints templates temps thanks timestamps transports triples urls usernames vms webhooks websites"
    " widgets workspaces",
    "N": "become come fit hurt overcome overrun rerun run",
    "J": "clean clear compact complete complex correct direct double dry duplicate empty equal exact idle"
    " independent live mature narrow opposite own parallel perfect private ready secure separate triple",
}
"""What the tables lack: nouns of the field, participles like their verb, and adjectives that are verbs as well."""
_LICENCE = """\
Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation
the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and
to permit persons to whom the Software is furnished to do so, subject to the following conditions: The above
copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software. THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT
SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION
OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER
DEALINGS IN THE SOFTWARE.
"""
_HEAD = f"""\
What common words of documentation can be: B a verb, Z its form in -s, D its past, N its participle, G its form in -ing;
S a noun, P a plural; J an adjective, R an adverb. A word that stands nowhere is of unknown kind. Written by
packaging/kinds.py from the tables of lemminflect 0.2.3.

Copyright (c) 2019 Brad Jascob
{_LICENCE}
"""


def main(wheel: Path, sites: Path) -> None:
    kinds: dict[str, set[str]] = defaultdict(set)
    for word, tag in _tagged(wheel):
        kinds[word].add(tag)
    for word, tags in kinds.items():
        if "D" in tags and word.endswith("ed"):
            tags.add("N")
        if tags == {"S"} and _DESCRIBES.search(word):
            tags.add("J")
    for tag, words in _ADDED.items():
        for word in words.split():
            kinds[word].add(tag)
    common = (_common(sites) | {word for words in _ADDED.values() for word in words.split()}) - set(_SMALL.split())
    rows: dict[str, list[str]] = defaultdict(list)
    for word in sorted(common & kinds.keys()):
        rows["".join(sorted(kinds[word]))].append(word)
    TARGET.write_text(_HEAD + "".join(f"{tags} {' '.join(words)}\n" for tags, words in sorted(rows.items())), "utf-8")


def _tagged(wheel: Path) -> Iterator[tuple[str, str]]:
    """Each form that the tables hold, with a letter for what it is."""
    with zipfile.ZipFile(wheel) as package:
        for row in gzip.decompress(package.read(_FORMS)).decode().splitlines():
            lemma, kind, *forms = row.split(",")
            if kind not in _BASE:
                continue
            yield lemma, _BASE[kind]
            told = [form.split("/") if form else [] for form in forms]
            if _BASE[kind] == "B" and len(told) > 1 and not told[1]:
                told[1] = told[0]
            for tag, together in zip(_TAGS[kind], told, strict=False):
                yield from ((form, tag) for form in together if form)
        for row in gzip.decompress(package.read(_LEMMAS)).decode().splitlines():
            form, kind, lemmas = row.split(",", 2)
            if kind in ("adj", "adv"):
                yield form, _BASE[kind]
            elif kind == "noun":
                yield form, "S" if form in lemmas.split("/") else "P"


def _common(sites: Path) -> set[str]:
    """The words that enough sites use."""
    used: Counter[str] = Counter()
    for site in sites.iterdir():
        texts = (path.read_text("utf-8", errors="replace") for path in site.rglob("*.md") if path.is_file())
        used.update({word for text in texts for word in _WORD.findall(_CODE.sub(" ", text))})
    return {word for word, count in used.items() if count >= _SITES}


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
