"""The small pipeline does at each stage what the page says, and its gradients are gradients."""

import json

import numpy as np
import pytest
from examples import DOCS, load

page = load("learning/hybrid-training")


@pytest.fixture(scope="module")
def made() -> dict:
    return page.stages()


def test_pretraining_reaches_the_corpus(made: dict) -> None:
    np.testing.assert_allclose(page.policy(made["pretrained"]), page.corpus(), atol=1e-4)


def test_fine_tuning_changes_style_everywhere_and_knowledge_only_where_shown(made: dict) -> None:
    before, after = (page.policy(made[name]) for name in ("pretrained", "fine-tuned"))
    rest = np.setdiff1d(np.arange(page.PROMPTS), page.SHOWN)

    assert after[rest, :5].sum(1).min() > 0.8
    among_answers = after[rest, page.RIGHT[rest]] / after[rest, :5].sum(1)
    np.testing.assert_allclose(among_answers, before[rest, page.RIGHT[rest]] / before[rest, :5].sum(1), atol=1e-9)
    assert after[page.SHOWN, page.RIGHT[page.SHOWN]].min() > 0.9


def test_a_verifier_teaches_the_prompts_without_demonstrations(made: dict) -> None:
    assert page.measure(made["reinforced"], made["pretrained"])["right"] > 0.9


def test_the_policy_gradient_is_the_gradient_of_reward_minus_divergence(made: dict) -> None:
    weights, reward, beta = made["fine-tuned"], page.correct(), 0.02
    reference = page.policy(made["pretrained"])

    def objective(table: np.ndarray) -> float:
        p = page.policy({**weights, "table": table})
        return float((p * (reward - beta * np.log(p / reference))).sum())

    p = page.policy(weights)
    value = reward - beta * np.log(p / reference)
    gradient = p * (value - (p * value).sum(1, keepdims=True))
    for row, column in [(0, 0), (3, 5), (17, 2)]:
        bump = np.zeros_like(weights["table"])
        bump[row, column] = 1e-5
        slope = (objective(weights["table"] + bump) - objective(weights["table"] - bump)) / 2e-5
        assert slope == pytest.approx(gradient[row, column], abs=1e-8)


def test_every_stage_moves_further_from_the_pretrained_policy(made: dict) -> None:
    distances = [page.measure(made[name], made["pretrained"])["distance"] for name in list(made)[:3]]
    assert distances[0] == pytest.approx(0)
    assert distances == sorted(distances)


def test_the_stored_run_is_reproduced() -> None:
    stored = json.loads((DOCS / "learning/hybrid-training.json").read_text(encoding="utf-8"))
    assert stored == page.curves()
