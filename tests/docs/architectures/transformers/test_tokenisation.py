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


def test_a_text_has_more_cuts_than_the_one_that_encoding_gives() -> None:
    written = [" ", "low", "e", "r"]  # each of them a token
    assert {*" er", "low"} <= {*" er", *(a + b for a, b in MERGES)}
    again = page.encode("".join(written), MERGES)
    assert again != written
    assert "".join(again) == "".join(written)


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


def cuts_of(word: str) -> list[list[str]]:
    found = []
    for places in itertools.product([False, True], repeat=len(word) - 1):
        bounds = [0, *(i + 1 for i, cut in enumerate(places) if cut), len(word)]
        found.append([word[a:b] for a, b in itertools.pairwise(bounds)])
    return found


def test_expected_counts_are_those_over_all_cuts() -> None:
    share = {"a": 0.2, "b": 0.3, "ab": 0.15, "ba": 0.1, "aba": 0.05}
    word = "abaab"
    weights = [math.prod(share.get(piece, 0) for piece in cut) for cut in cuts_of(word)]
    counts, log_likelihood = page.expected_counts(word, share)

    assert log_likelihood == pytest.approx(math.log(sum(weights)))
    for piece in share:
        expected = sum(w * cut.count(piece) for w, cut in zip(weights, cuts_of(word), strict=True)) / sum(weights)
        assert counts[piece] == pytest.approx(expected)


def test_every_round_of_expectation_and_maximisation_raises_the_likelihood() -> None:
    words = page.words_of(page.TEXT)[:40]
    pieces = {w[i:j] for w in words for i in range(len(w)) for j in range(i + 1, len(w) + 1)}
    share = dict.fromkeys(pieces, 1 / len(pieces))
    likelihoods = []
    for _ in range(6):
        found = [page.expected_counts(word, share) for word in words]
        likelihoods.append(sum(value for _, value in found))
        totals = {piece: sum(counts[piece] for counts, _ in found) for piece in pieces}
        share = {piece: count / sum(totals.values()) for piece, count in totals.items() if count > 0}

    assert likelihoods == sorted(likelihoods)
    assert likelihoods[-1] > likelihoods[0] + 10


@pytest.mark.parametrize("size", [30, 60])
def test_a_trained_vocabulary_has_its_size_and_cuts_every_word(size: int) -> None:
    share = page.train_unigram(page.TEXT, size)
    table = {piece: math.log(p) for piece, p in share.items()}

    assert len(share) == size
    assert sum(share.values()) == pytest.approx(1)
    for word in page.words_of(page.TEXT):
        assert "".join(page.best_segmentation(word, table)) == word


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
