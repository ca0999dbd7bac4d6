"""Each wording of slips.txt finds its own example, once, and not the one beside it; and the way they are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from operator import and_

import docscheck
import pytest
from docscheck.rules.prose import confused_words, missing_article
from docscheck.site import Site
from docscheck.words.chains import Neighbours
from docscheck.words.codes import Coded, Lexicon
from docscheck.words.indexing import index_of, rows
from docscheck.words.making import Entry, entries, made
from docscheck.words.slip import TESTS
from docscheck.words.slips import Slips, suggestion
from docscheck.words.verbs import MORE_VERBS, VERBS, verbs
from docscheck.words.wordings import Elements, Row, Table
from examples import DOCS

KNOWN = Slips(made())
BESIDE, APART = entries("slips.txt"), entries("chains.txt")
SLIPS = [*BESIDE, *APART]
Found = Callable[[str], list[str]]


def table_of(known: Iterable[Row]) -> Table:
    """A table of some rows."""
    together = list(known)
    return Table(dict(enumerate(together)), index_of(together))


def coded_by(table: Table, words: Sequence[str]) -> Coded:
    """Words as a table is to see them."""
    return Coded(words, Lexicon(table.groups_of))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """What the rule reports on a page in English, in the page's own words."""
    root = tmp_path_factory.mktemp("slips")
    (root / "docs").mkdir()
    (root / "mkdocs.yml").write_text("site_name: Kettle\n", encoding="utf-8")
    config = docscheck.load_config(root / "mkdocs.yml")

    def wrong(text: str) -> list[str]:
        (root / "docs" / "page.md").write_text(text, encoding="utf-8")
        page = Site(config).page("page.md")
        found = [*confused_words.check(page), *missing_article.check(page)]
        return [text[finding.span.start : finding.span.end] for finding in found]

    return wrong


@pytest.mark.parametrize("entry", SLIPS, ids=lambda entry: entry.slip.name)
def test_every_slip_is_found_in_its_examples(found: Found, entry: Entry) -> None:
    if entry in BESIDE:
        table = table_of(row for wording in entry.wordings for row in rows(wording, Elements(KNOWN.groups, TESTS)))
        text = coded_by(table, entry.wrong.lower().split())
        assert list(table.find(text)), "the wording does not find its own example"
    assert len(found(f"# Kettle\n\n{entry.wrong}\n")) == 1
    assert found(f"# Kettle\n\n{entry.right}\n") == []


def test_hardly_a_place_has_to_be_read() -> None:
    """A wording that is known by two words which often stand side by side costs as much as all others together."""
    site = Site(docscheck.load_config(DOCS.parent / "mkdocs.yml"))
    words = [word for uri in site.checked_uris for word in site.page(uri).words]
    text = coded_by(KNOWN.table, words)
    assert 0 < len(list(KNOWN.table.pairs(text))) < len(words) / 75
    begun, ended = (list(zip(*side, strict=True)) for side in zip(*text.sides, strict=True))
    met = [any(map(and_, begins, ends)) for begins, ends in zip(begun, ended[1:], strict=False)]
    assert sum(met) < len(words) / 16


def test_every_slip_has_a_name_of_its_own() -> None:
    assert len({entry.slip.name for entry in SLIPS}) == len(SLIPS)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("It does not works.", ["works"]),
        ("It does not (works)", []),
        ("It does not. Works of art.", []),
        ("It does not\nworks so.", ["works"]),
        ("It does not\n\nworks so.", []),
        ("It does not `works`.", []),
        ("It does not [works](https://example.org/) so.", []),
        ("It does not [works so](https://example.org/).", ["works"]),
        ("It is *a simple tea servers in the yard*.", []),
        ("## Pour it with `pour` command\n\nIt is here.", []),
        ("- It does not\n- works so", []),
        ("| It does not | works so |\n|---|---|\n| It | does not |\n| works | so |", []),
        ("The Can Will be used.", []),
        ("The kettle can Used be.", []),
        ("So (it's own) lid.", ["it's"]),
        ("Each of the A Files has it.", []),
        ("```\nIt does not works.\n```", []),
    ],
)
def test_where_a_row_may_stand(found: Found, text: str, wrong: list[str]) -> None:
    assert found(f"{text}\n") == wrong


def test_suggestions_have_the_form_that_was_meant() -> None:
    by_name = {entry.slip.name: entry.slip for entry in SLIPS}
    assert "`sent`" in suggestion(by_name["can-be-do"], "send")
    assert "`chosen`" in suggestion(by_name["can-be-do"], "choose")
    assert "`to install`" in suggestion(by_name["able-do"], "install")
    assert "leave it out" in suggestion(by_name["unless-if"], "if")


@pytest.mark.parametrize("entry", SLIPS, ids=lambda entry: entry.slip.name)
def test_what_is_suggested_mends_the_example(found: Found, entry: Entry) -> None:
    (wrong,) = found(f"{entry.wrong}\n")
    meant = re.search("`(.+)`", suggestion(entry.slip, wrong))
    if meant is None:
        assert entry.slip.meant[0] in "-!"
        return
    assert entry.right.startswith(entry.wrong.replace(wrong, meant[1], 1).rstrip("."))


def test_verbs_are_known_by_all_their_forms() -> None:
    known = {verb.do: (verb.does, verb.did, verb.done, verb.doing) for verb in verbs(VERBS + MORE_VERBS)}
    assert known["apply"] == ("applies", "applied", "applied", "applying")
    assert known["have"] == ("has", "had", "had", "having")
    assert known["go"] == ("goes", "went", "gone", "going")
    assert known["see"] == ("sees", "saw", "seen", "seeing")
    assert known["stop"] == ("stops", "stopped", "stopped", "stopping")
    assert known["match"] == ("matches", "matched", "matched", "matching")
    assert known["employ"] == ("employs", "employed", "employed", "employing")


def test_more_pairs_than_a_byte_has_bits() -> None:
    """Many share a bit, and the rows are read all the same."""
    wordings = [f"left{number} [right{number}]" for number in range(600)]
    table = table_of([row for wording in wordings for row in rows(wording, Elements({}, {}))])
    words = ["left7", "right7", "left8", "right9", "left599", "right599"]
    assert [match.row for match in table.find(coded_by(table, words))] == [7, 599]


def test_a_first_look_at_neighbours_passes_over_no_wording(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wordings whose words may stand apart are looked for only where some neighbours of theirs seem to stand."""
    examples = [bytes(map(KNOWN.chains.code, entry.wrong.lower().split())) for entry in APART]
    texts = [before + after for before in examples for after in examples]
    looked_first = [list(KNOWN.chains.find(text)) for text in texts]
    monkeypatch.setattr(Neighbours, "among", lambda *_: -1)  # as if all of them were there
    assert [list(KNOWN.chains.find(text)) for text in texts] == looked_first
    assert sum(map(bool, looked_first)) > len(texts) / 2


def test_words_that_are_met_are_not_kept_without_end() -> None:
    table = table_of(rows("left [right]", Elements({}, {})))
    lexicon = Lexicon(table.groups_of)
    for start in range(0, 300_000, 50_000):
        words = [f"word{number}" for number in range(start, start + 50_000)]
        assert not list(table.find(Coded(words, lexicon)))
    assert len(lexicon) < 150_000
    assert [match.row for match in table.find(Coded(["left", "right."], lexicon))] == [0]
