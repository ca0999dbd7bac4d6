"""Losses and gradients are right, and the loss can fall while the preferred answer becomes less probable."""

import json

import numpy as np
import pytest
from examples import DOCS, load

d = load("alignment/dpo")
hub = load("alignment/index")


@pytest.mark.parametrize(("loss", "gradient"), [(d.dpo, d.dpo_gradient), (d.ipo, d.ipo_gradient)])
def test_gradients_are_those_of_the_losses(loss, gradient) -> None:  # type: ignore[no-untyped-def]
    w, lost, ref, step = -3.0, -2.0, (-2.5, -2.2), 1e-6
    by_w, by_l = gradient(ref, 0.3)(w, lost)

    def at(w: float, lost: float) -> float:
        return float(loss(d.Pair(w, lost, *ref).margin, 0.3))

    assert by_w == pytest.approx((at(w + step, lost) - at(w - step, lost)) / (2 * step))
    assert by_l == pytest.approx((at(w, lost + step) - at(w, lost - step)) / (2 * step))


@pytest.mark.parametrize("margin", [-3.0, 0.5, 8.0])
def test_the_robust_loss_is_that_of_true_labels_on_average_and_the_smoothed_one_is_not(margin: float) -> None:
    flipped = 0.2

    def average(loss) -> float:  # type: ignore[no-untyped-def]
        return float((1 - flipped) * loss(margin) + flipped * loss(-margin))

    assert average(lambda m: d.robust(m, 0.1, flipped)) == pytest.approx(d.dpo(margin, 0.1))
    assert average(lambda m: d.dpo(m, 0.1, flipped)) != pytest.approx(d.dpo(margin, 0.1), rel=1e-3)


def test_at_the_reference_the_loss_is_log_two() -> None:
    assert d.dpo(d.Pair(-3, -4, -3, -4).margin) == pytest.approx(np.log(2))


def test_it_is_the_reward_models_loss_on_implied_rewards() -> None:
    policy, beta = hub.optimal_policy(hub.REFERENCE, hub.REWARD, 0.7), 0.7
    log_p, log_ref = np.log(policy), np.log(hub.REFERENCE)

    assert d.dpo(d.Pair(log_p[4], log_p[1], log_ref[4], log_ref[1]).margin, beta) == pytest.approx(
        hub.reward_model_loss(hub.REWARD[4], hub.REWARD[1])
    )


EXAMPLES = [
    d.EXAMPLE,
    d.Pair(-20.0, -33.0, -25.0, -26.0, 9, 14),
    d.Pair(-3.0, -40.0, -30.0, -5.0, 4, 25),
    d.Pair(-12.0, -12.0, -12.0, -12.0, 6, 6),
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_gradient_is_that_of_its_loss(example) -> None:  # type: ignore[no-untyped-def]
    step, slopes = 1e-6, d.gradients(example)

    def change(name: str, answer: str) -> float:
        there, back = (example._replace(**{answer: getattr(example, answer) + sign * step}) for sign in (1, -1))
        return float(d.values(there)[name] - d.values(back)[name]) / (2 * step)

    for name in d.values(example):
        by_w, by_l = change(name, "policy_w"), change(name, "policy_l")
        assert slopes[name][0] == pytest.approx(by_w, abs=1e-6, rel=1e-5), name
        assert slopes[name][1] == pytest.approx(by_l, abs=1e-6, rel=1e-5), name


def test_label_noise_gives_the_margin_a_limit() -> None:
    margins = np.linspace(-20, 60, 8001)
    best = margins[np.argmin([d.dpo(m, 0.1, flipped=0.2) for m in margins])]

    assert best == pytest.approx(np.log(0.8 / 0.2) / 0.1, abs=0.02)


def test_the_hinge_leaves_clear_pairs_alone() -> None:
    assert d.hinge(11.0, 0.1) == 0
    assert d.hinge(0.0, 0.1) == 1


def test_the_loss_falls_although_both_answers_became_less_probable() -> None:
    assert d.dpo(d.Pair(-40, -80, -30, -30).margin) < np.log(2) / 10


def test_with_shared_features_both_fall_and_cross_entropy_holds_the_winner() -> None:
    run, held = d.displaced(), d.displaced(anchor=0.1)
    loss = [d.dpo(d.Pair(*np.log(p[:2]), *np.log(run[0][:2])).margin, beta=0.5) for p in run]

    assert (np.diff(loss) < 0).all()
    assert run[-1][0] < run[0][0] / 10
    assert run[-1][1] < run[0][1] / 10
    assert held[-1][0] > run[0][0]


def test_the_winners_rate_is_the_product_on_the_page() -> None:
    p, step = d.displaced(steps=1)[0], 1e-6
    difference = d.FEATURES[0] - d.FEATURES[1]
    weights = np.array([0.0, 2.0])

    def log_winner(w: np.ndarray) -> float:
        logits = d.FEATURES @ w
        return float(logits[0] - np.log(np.exp(logits).sum()))

    slope = (log_winner(weights + step * difference) - log_winner(weights)) / step
    assert slope == pytest.approx((d.FEATURES[0] - p @ d.FEATURES) @ difference, abs=1e-5)


def test_dpo_goes_on_where_ipo_stops() -> None:
    runs = {name: np.array(run) for name, run in d.experiment().items()}
    target = 1 / (2 * 0.5)
    ipo_end = np.log(runs["IPO"][-1])

    assert runs["DPO"][-1][1] < 0.01
    assert d.Pair(*ipo_end[:2], *d.START[:2]).margin == pytest.approx(target, abs=0.01)


def test_kto_judges_single_answers() -> None:
    assert d.kto(1, True, 0.0) < d.kto(-1, True, 0.0)
    assert d.kto(1, False, 0.0) > d.kto(-1, False, 0.0)


def test_simpo_does_not_reward_length() -> None:
    assert d.simpo(*d.Pair(-10, -10, 0, 0, 10, 10).means) == pytest.approx(
        d.simpo(*d.Pair(-20, -20, 0, 0, 20, 20).means)
    )


def test_orpo_prefers_the_probable_winner() -> None:
    assert d.orpo(-0.5, -2) < d.orpo(-2, -0.5)


def test_the_stored_runs_are_what_the_code_gives() -> None:
    assert d.experiment() == json.loads((DOCS / "alignment/dpo.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("m", [-20.0, -1.0, 0.0, 3.0])
def test_unlearning_is_dpo_without_a_winner_and_its_slope_fades(m: float) -> None:
    def npo(ratio: float, beta: float = 0.1) -> float:
        return float(2 / beta * d.dpo(-ratio, beta))

    slope = (npo(m + 1e-5) - npo(m - 1e-5)) / 2e-5
    assert slope == pytest.approx(2 * d.sigmoid(0.1 * m), rel=1e-6)
