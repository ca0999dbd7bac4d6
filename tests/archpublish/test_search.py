"""The search index: words, names, sections, and places written in few characters."""

from __future__ import annotations

import random

import pytest
from archpublish import names, search
from archpublish.article import parse
from archpublish.words import parts, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("quantization", "quantisation"),
        ("Normalizing flows", "normalising flow"),
        ("GANs", "gan"),
        ("modelling", "modeling"),
        ("behaviour", "behavior"),
        ("KV-cache", "kv cache"),
        ("Schölkopf", "scholkopf"),
        ("categories", "category"),
    ],
)
def test_spellings_of_a_word_are_one(one: str, other: str) -> None:
    assert words(one) == words(other)


@pytest.mark.parametrize("word", ["loss", "bus", "axis", "four", "tall"])
def test_words_that_only_look_like_plurals_stay(word: str) -> None:
    assert words(word) == [word]


def test_a_written_together_name_is_also_its_parts() -> None:
    assert parts("FlashAttention and RetNet") == ["flash", "attention"]


def decode(text: str) -> dict[int, int]:
    """As search.js reads it."""
    found, value, place = {}, 0, 0
    for digit in text:
        number = search._DIGITS.index(digit)
        if number >= search.BASE:
            value = value * search.BASE + number - search.BASE
            continue
        value = value * search.BASE + number
        place += value // 3
        found[place] = value % 3
        value = 0
    return found


def test_places_come_back_as_they_were_written() -> None:
    chance = random.Random(3)
    for _ in range(50):
        places = {chance.randrange(5000): chance.choice([1, 2, 3, 4, 90]) for _ in range(chance.randrange(1, 40))}

        assert decode(search.encode(places)) == {
            place: 0 if times == 1 else 1 if times < 4 else 2 for place, times in places.items()
        }


def test_digits_need_no_escape() -> None:
    assert len(set(search._DIGITS)) == 2 * search.BASE
    assert not set(search._DIGITS) & set("\"'\\ ")


def test_titles_name_the_page_and_what_they_list() -> None:
    found = set(names.title_names("Multi-query and grouped-query attention (MQA, GQA)"))

    assert {"Multi-query and grouped-query attention", "MQA", "GQA"} <= found
    assert "grouped-query attention" in set(names.title_parts("Multi-query and grouped-query attention (MQA, GQA)"))


@pytest.mark.parametrize(
    ("name", "bare"), [("Llama 2 7B", "Llama 2"), ("Qwen3-Next 80B-A3B", "Qwen3-Next"), ("Jamba v0.1", "Jamba v0.1")]
)
def test_a_model_is_found_without_its_size(name: str, bare: str) -> None:
    assert list(names.model_names(name))[-1] == bare


def test_sections_hold_prose_without_code_and_controls() -> None:
    root = parse(
        '<p>Before.</p><h2 id="cost">Cost<a class="headerlink" href="#cost">¶</a></h2><p>Of <em>all</em> tokens</p>'
        '<div class="highlight"><pre><code>secret = 1</code></pre></div>'
        "<table><tr><td>row a</td><td>12.5</td><td>row b</td></tr></table>"
    )
    before, cost = search.sections(root)

    assert before.text == "Before."
    assert (cost.anchor, cost.title, cost.text) == ("cost", "Cost", "Of all tokens row a row b")


def test_glossary_terms_are_sections() -> None:
    root = parse('<dl><dt><span id="term-x"></span><strong>X term</strong></dt><dd>Its meaning.</dd></dl>')
    (term,) = search.sections(root, "reference/glossary.md")

    assert (term.anchor, term.title, term.text) == ("term-x", "X term", "Its meaning.")
