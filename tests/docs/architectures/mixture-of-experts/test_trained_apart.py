"""Experts trained beside a frozen one fit together; parts of whole models do so only after more training."""

import json

import numpy as np
import pytest
from archfigures.mixture_of_experts import trained_apart as figures
from examples import DOCS, load

apart = load("architectures/mixture-of-experts/trained-apart")
RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(40, 8)), RNG.normal(size=(40, 3))
STORED = json.loads((DOCS / "architectures/mixture-of-experts/trained-apart.json").read_text(encoding="utf-8"))["ways"]


def mixture(experts: int) -> dict[str, np.ndarray]:
    model = apart.new_model(RNG)
    sizes = {name: (experts, *model[name].shape[1:]) for name in ("up", "down", "rows")}
    return model | {name: RNG.normal(size=size) / 4 for name, size in sizes.items()}


@pytest.mark.parametrize(("experts", "k"), [(1, 1), (4, 1), (4, 2)])
def test_the_gradient_is_that_of_the_error(experts: int, k: int) -> None:
    model = mixture(experts)
    slopes = apart.gradient(model, X, Y, k)

    def loss(changed: dict[str, np.ndarray]) -> float:
        return float(((apart.forward(changed, X, k)[0] - Y) ** 2).sum() / len(X) / 2)

    for name in apart.PARTS:
        step = 1e-6 * RNG.normal(size=model[name].shape)
        there, back = (loss(model | {name: model[name] + sign * step}) for sign in (1, -1))
        assert (there - back) / 2 == pytest.approx((slopes[name] * step).sum(), rel=1e-3, abs=1e-12)


def test_only_the_parts_that_are_free_learn() -> None:
    model = mixture(2)
    trained = apart.train(model, X, Y, {"up": [1], "rows": None}, k=2, steps=3)

    np.testing.assert_array_equal(trained["rest"], model["rest"])
    np.testing.assert_array_equal(trained["down"], model["down"])
    np.testing.assert_array_equal(trained["up"][0], model["up"][0])
    assert (trained["up"][1] != model["up"][1]).any()
    assert (trained["rows"] != model["rows"]).all()


def test_a_joined_model_of_one_owner_is_the_pair_that_was_trained() -> None:
    public = mixture(1)
    own = apart.beside(public, X, Y, steps=5)
    pair = apart.join(public["rest"], [public, own])
    common = np.tanh(X @ public["rest"])
    gate = np.exp(common @ np.concatenate([public["rows"], own["rows"]]).T)
    parts = [np.maximum(common @ part["up"][0], 0) @ part["down"][0] for part in (public, own)]

    expected = (gate[:, [0]] * parts[0] + gate[:, [1]] * parts[1]) / gate.sum(1, keepdims=True)
    np.testing.assert_allclose(apart.forward(pair, X, 2)[0], expected, atol=1e-12)


def test_leaving_an_expert_out_changes_nothing_where_it_was_not_chosen() -> None:
    model = mixture(4)
    without = {name: part if name == "rest" else part[:3] for name, part in model.items()}
    chosen = (np.argsort(np.tanh(X @ model["rest"]) @ model["rows"].T)[:, -2:] == 3).any(1)
    before, after = (apart.forward(either, X, 2)[0] for either in (model, without))

    assert 0 < chosen.sum() < len(X)
    np.testing.assert_allclose(before[~chosen], after[~chosen])
    assert (np.abs(before[chosen] - after[chosen]).max(1) > 1e-6).all()


def test_the_router_by_ridge_regression_is_the_sum_of_what_owners_hand_over_and_knows_the_domains() -> None:
    data, tests = apart.domains(np.random.default_rng(3))
    model = apart.ridge_rows(mixture(4), data)
    states = np.concatenate([np.tanh(x @ model["rest"]) for x, _ in data])
    labels = np.repeat(np.eye(4), [len(x) for x, _ in data], axis=0)
    wanted = np.linalg.solve(states.T @ states + np.eye(states.shape[1]), states.T @ labels)

    np.testing.assert_allclose(model["rows"], wanted.T, atol=1e-10)
    for domain, (x, _) in enumerate(tests):
        assert ((np.tanh(x @ model["rest"]) @ model["rows"].T).argmax(1) == domain).mean() > 0.8


def test_the_results_say_what_the_page_says() -> None:
    public, owners = np.array([row for _, *row in STORED]).T
    at = {way.strip(): place for place, (way, *_) in enumerate(STORED[:7])}
    frozen, ridge, trained, together = 7, 8, 9, 10

    assert owners[at["public model"]] > 10 * owners[frozen]
    averaged = at["experts of these, rest averaged"]
    assert owners[averaged] > 2.5 * owners[frozen]
    assert public[frozen] > 10 * public[at["public model"]]
    assert public[ridge] < 0.2 * public[frozen]
    assert owners[at["all weights averaged"]] == owners[1:].max()
    assert owners[at["whole models, domain known"]] == owners.min()
    after = np.array([owners[at["trained on together"]], owners[trained], owners[together]])
    assert after.max() < 1.2 * after.min()


def test_one_seed_shows_the_same() -> None:
    one = apart.experiment(1, steps=150, more=40)
    owners = np.exp(np.log(one[:, 1:]).mean(1))

    assert owners[7] < 0.7 * owners[4]  # the rest frozen, and averaged
    assert owners[4] < 0.7 * owners[2]  # all weights averaged
    assert owners[9] < owners[7]


def test_the_figure_shows_the_ways_that_there_are() -> None:
    assert set(figures.SHOWN) <= {way for way, *_ in STORED}
