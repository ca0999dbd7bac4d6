"""The mask is shifted and ends turns, packed conversations do not mix, bins are as good as the best, weights add up."""

import json
from itertools import product

import numpy as np
import pytest
from examples import DOCS, load

s = load("alignment/sft")
RNG = np.random.default_rng(0)


def test_only_the_assistants_words_and_end_marks_carry_loss() -> None:
    tokens, own = s.render(s.DIALOGUE)

    assert [t for t, o in zip(tokens, own, strict=True) if o] == ["Lima.", s.END, "Santiago.", s.END]


def test_what_is_written_before_a_turn_in_use_is_the_start_of_the_training_text() -> None:
    whole, _ = s.render(s.DIALOGUE)
    for turns in (2, 4):
        prompt, own = s.render(s.DIALOGUE[:turns], generate=True)
        assert whole[: len(prompt)] == prompt
        assert s.render(s.DIALOGUE)[1][len(prompt)], "the first word of the answer has loss"
        assert not own[-3:].any()


def _example() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    ids, own = RNG.integers(6, size=9), np.array([0, 0, 0, 1, 1, 0, 0, 1, 1], dtype=bool)
    return RNG.normal(size=(9, 6)), ids, own


def test_the_loss_is_the_mean_surprise_of_own_tokens_given_what_stands_before() -> None:
    logits, ids, own = _example()
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    expected = -np.mean([np.log(p[t - 1, ids[t]]) for t in range(1, 9) if own[t]])

    assert s.masked_loss(logits, ids, own) == pytest.approx(expected)


def test_the_gradient_is_that_of_finite_differences() -> None:
    logits, ids, own = _example()
    step, slopes = 1e-6, np.zeros((9, 6))
    for place in product(range(9), range(6)):
        moved = logits.copy()
        moved[place] += step
        slopes[place] = (s.masked_loss(moved, ids, own) - s.masked_loss(logits, ids, own)) / step
    gradient = s.loss_gradient(logits, ids, own)

    np.testing.assert_allclose(gradient, slopes, atol=1e-6)
    assert set(np.flatnonzero(np.abs(gradient).sum(axis=1))) == {2, 3, 6, 7}


def _packed(lengths: list[int], place: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    model, ids = s.tiny_model(), np.random.default_rng(1).integers(30, size=sum(lengths))
    ends = np.cumsum(lengths)
    parts = [ids[e - n : e] for e, n in zip(ends, lengths, strict=True)]
    alone = [s.forward(model, part, np.arange(len(part)), s.block_mask([len(part)])) for part in parts]
    return s.forward(model, ids, place, mask), np.concatenate(alone)


@pytest.mark.parametrize("lengths", [[5, 7, 4], [1, 1, 9], [16]])
def test_a_packed_row_gives_what_separate_runs_give(lengths: list[int]) -> None:
    packed, alone = _packed(lengths, s.positions(lengths), s.block_mask(lengths))

    np.testing.assert_allclose(packed, alone, atol=1e-12)


def test_the_causal_mask_alone_leaks_and_so_do_positions_that_run_on() -> None:
    lengths = [5, 7, 4]
    leaking, alone = _packed(lengths, s.positions(lengths), s.block_mask([16]))
    running, _ = _packed(lengths, np.arange(16), s.block_mask(lengths))

    assert np.abs(leaking - alone)[5:].max() > 0.1
    assert np.abs(running - alone)[5:].max() > 0.1
    np.testing.assert_allclose(leaking[:5], alone[:5], atol=1e-12)


def test_rotary_scores_do_not_ask_where_a_conversation_starts() -> None:
    rope = load("architectures/transformers/rope")
    q, k = RNG.normal(size=(2, 6, 8))
    here, shifted = (rope.rotate(q, p) @ rope.rotate(k, p).T for p in (np.arange(6), 11 + np.arange(6)))

    np.testing.assert_allclose(here, shifted, atol=1e-12)


def _fewest(lengths: list[int], size: int) -> int:
    for number in range(1, len(lengths) + 1):
        for bins in product(range(number), repeat=len(lengths)):
            if np.bincount(bins, weights=lengths, minlength=number).max() <= size:
                return number
    raise AssertionError


@pytest.mark.parametrize("seed", range(6))
def test_bins_hold_each_conversation_once_and_hardly_more_bins_are_used_than_needed(seed: int) -> None:
    lengths = np.random.default_rng(seed).integers(1, 10, size=7).tolist()
    bins = s.best_fit_decreasing(lengths, 12)

    assert sorted(i for b in bins for i in b) == list(range(7))
    assert max(sum(lengths[i] for i in b) for b in bins) <= 12
    assert len(bins) <= _fewest(lengths, 12) * 11 / 9 + 1


def test_bins_are_those_of_a_worked_example() -> None:
    # Longest first: 5 is cut to a bin of its own, 3 opens one that 1 fills best, 2 gets its own.
    assert s.best_fit_decreasing([5, 2, 3, 1], 4) == [[0], [2, 3], [1]]


def test_imitation_is_a_policy_gradient_with_the_inverse_probability_as_reward() -> None:
    z, shown = np.random.default_rng(5).normal(size=6), 2
    policy = np.exp(s.log_softmax(z))
    scores = np.eye(6) - policy
    rewards = (np.arange(6) == shown) / policy[shown]

    np.testing.assert_allclose((policy * rewards) @ scores, scores[shown], atol=1e-12)
    np.testing.assert_allclose((policy * rewards * policy[shown]) @ scores, policy[shown] * scores[shown], atol=1e-12)


def test_a_mean_of_means_favours_short_micro_batches() -> None:
    by_token, by_batch = (s.token_weights([10, 100, 890], r) for r in ("token", "micro-batch"))

    assert (by_token * [10, 100, 890]).sum() == pytest.approx((by_batch * [10, 100, 890]).sum()) == pytest.approx(1)
    assert by_token[0] == by_token[2]
    assert by_batch[0] / by_batch[2] == pytest.approx(89)


def test_rouge_counts_the_longest_common_subsequence() -> None:
    assert s.rouge_l("a b c d", "a x c d") == pytest.approx(0.75)
    assert s.rouge_l("a b c", "c b a") == pytest.approx(1 / 3)
    assert s.rouge_l("a b", "c d") == 0
    assert s.novel("Name three rivers", ["Write a poem", "Name a city"])
    assert not s.novel("Name three rivers", ["Name three lakes", "Name three big rivers"])


def test_the_stored_measurements_are_what_the_code_gives() -> None:
    assert s.experiment() == json.loads((DOCS / "alignment/sft.json").read_text(encoding="utf-8"))
