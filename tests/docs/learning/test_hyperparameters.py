"""Under µP a layer's change does not grow with the width, as it does else; another batch keeps what is remembered."""

from __future__ import annotations

import json

import numpy as np
import pytest
from examples import DOCS, load

page = load("learning/hyperparameters")
STORED = json.loads((DOCS / "learning/hyperparameters.json").read_text(encoding="utf-8"))


def _slope(widths: list[int], changes: list[float]) -> float:
    return float(np.polyfit(np.log(widths), np.log(changes), 1)[0])


def test_gradients_by_hand_agree_with_differences() -> None:
    rng = np.random.default_rng(8)
    target = rng.permutation(page.TOKENS)
    weights = page.network(16, "mup", rng)
    found = page.gradients(weights, 0.5, target)

    def loss(w: list[np.ndarray]) -> float:
        z = page.forward(w, 0.5)[-1]
        z = z - z.max(1, keepdims=True)
        return float(np.mean(np.log(np.exp(z).sum(1)) - z[np.arange(page.TOKENS), target]))

    for place, grad in enumerate(found):
        direction = rng.normal(size=grad.shape)
        up, down = (
            loss([w + sign * 1e-6 * direction if i == place else w for i, w in enumerate(weights)]) for sign in (1, -1)
        )
        assert (grad * direction).sum() == pytest.approx((up - down) / 2e-6, rel=1e-4, abs=1e-8)


def test_the_factors_are_one_at_the_base_width_and_those_of_the_table_beyond() -> None:
    for kind in ("input", "hidden", "output"):
        assert page.factors(kind, 32) == (1, 1, 1) == page.factors(kind, 32, rule="standard")
    assert page.factors("hidden", 512) == (0.25, 1 / 16, 1)
    assert page.factors("output", 512) == (1, 1, 1 / 16)
    assert page.factors("input", 512) == (1, 1, 1)


@pytest.mark.parametrize(
    ("rule", "least", "most"),
    [("Adam", 0.65, 1.1), ("Adam, µP", -0.15, 0.05), ("Muon, spectral", -0.05, 0.12), ("Muon, RMS", 0.4, 0.6)],
)
def test_a_hidden_layers_change_follows_the_width_as_the_page_says(rule: str, least: float, most: float) -> None:
    assert least < _slope(STORED["width"], STORED[f"{rule}: hidden"]) < most


def test_without_mup_the_logits_change_in_proportion_to_the_width() -> None:
    assert _slope(STORED["width"], STORED["Adam: logits"]) == pytest.approx(1, abs=0.15)
    assert _slope(STORED["width"], STORED["Adam, µP: logits"]) < 0


def test_the_stored_run_is_reproduced() -> None:
    run = page.experiment(widths=(32, 64))
    for name, numbers in run.items():
        np.testing.assert_allclose(numbers, STORED[name][: len(numbers)], rtol=0.02, atol=1e-4, err_msg=name)


def test_decay_averages_the_steps_of_the_last_one_over_rate_times_decay() -> None:
    # With constant updates the weights come within 1/e of where they will end after 1 / (rate x decay) steps.
    rate, decay, w = 0.01, 0.1, 0.0
    for _ in range(round(1 / (rate * decay))):
        w -= rate * (-1.0 + decay * w)
    assert w * decay == pytest.approx(1 - 1 / np.e, rel=1e-3)


def test_another_batch_keeps_the_memory_of_squares_and_of_steps_in_tokens() -> None:
    old = {"rate": 3e-4, "beta2": 0.95, "decay": 0.1}
    new = page.settings_at(2**16, *old.values(), base=2**22)

    def remembered(settings: dict[str, float], batch: int) -> tuple[float, float]:
        return batch * np.log(0.5) / np.log(settings["beta2"]), batch / (settings["rate"] * settings["decay"])

    assert remembered(new, 2**16) == pytest.approx(remembered(old, 2**22))
    assert page.settings_at(2**22, *old.values(), base=2**22) == old
