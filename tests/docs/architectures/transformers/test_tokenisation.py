"""Merges are learnt by frequency and applied in order; nothing of a text is lost; unigram finds the best cut."""

import itertools
import json
import math

import pytest
from examples import DOCS, load

page = load("architectures/transformers/tokenisation")
MERGES = page.train_bpe(page.TEXT, 12)


def test_the_first_merge_joins_the_most_frequent_pair() -> None:
    assert page.train_bpe("ab ab ac", 1) == [(" ", "a")]
    assert page.train_bpe("xab yab zab", 1) == [("a", "b")]


def test_words_do_not_grow_together() -> None:
    assert not any(" " in b for _, b in page.train_bpe("a b a b a b", 20))


@pytest.mark.parametrize("word", [" lowest", " slower", " unheard-of", "", " "])
def test_pieces_joined_are_the_word(word: str) -> None:
    assert "".join(page.encode(word, MERGES)) == word


def test_encoding_a_training_word_repeats_its_history() -> None:
    symbols = list(" lowest")
    for pair in MERGES:
        symbols = page.merge(symbols, pair)
    assert page.encode(" lowest", MERGES) == symbols


def test_order_matters() -> None:
    assert page.encode("abc", [("a", "b"), ("b", "c")]) == ["ab", "c"]
    assert page.encode("abc", [("b", "c"), ("a", "b")]) == ["a", "bc"]


def test_overlapping_pairs_are_joined_from_the_left() -> None:
    assert page.merge(list("aaa"), ("a", "a")) == ["aa", "a"]


def test_unigram_finds_what_trying_everything_finds() -> None:
    table = {p: math.log(0.02 + 0.01 * (i % 7)) for i, p in enumerate(["a", "b", "c", "ab", "bc", "abc", "ca", "cab"])}
    word = "abcabca"

    def cuts():
        for places in itertools.product([False, True], repeat=len(word) - 1):
            bounds = [0, *(i + 1 for i, cut in enumerate(places) if cut), len(word)]
            yield [word[a:b] for a, b in itertools.pairwise(bounds)]

    known = [cut for cut in cuts() if all(piece in table for piece in cut)]
    best = max(known, key=lambda cut: sum(table[piece] for piece in cut))
    found = page.best_segmentation(word, table)
    assert sum(table[p] for p in found) == pytest.approx(sum(table[p] for p in best))
    assert "".join(found) == word


def test_a_word_without_known_pieces_has_no_segmentation() -> None:
    assert page.best_segmentation("xyz", {"a": 0.0}) == []


def test_bytes_leave_nothing_unknown() -> None:
    text = "größe 数 🦙"
    assert b"".join(page.byte_symbols(text)).decode("utf-8") == text


def test_more_merges_help_the_text_they_were_learnt_on_most() -> None:
    run = page.experiment()
    assert run["trained on"] == sorted(run["trained on"])
    assert run["trained on"][-1] > run["held out"][-1] > run["held out"][0] == 1


def test_the_stored_run_is_reproduced() -> None:
    stored = json.loads((DOCS / "architectures/transformers/tokenisation.json").read_text(encoding="utf-8"))
    assert stored == page.experiment()
