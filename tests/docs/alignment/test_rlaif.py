"""Data flow through the loop as drawn, labels mean what is said, and shared taste has the limit that geometry gives."""

import json

import numpy as np
import pytest
from examples import DOCS, load

r = load("alignment/rlaif")


def _recorder() -> tuple[list, tuple]:
    calls: list = []

    def answer(prompt):  # type: ignore[no-untyped-def]
        calls.append(("answer", prompt))
        return "a0"

    def critique(prompt, text, principle):  # type: ignore[no-untyped-def]
        calls.append(("critique", text, principle))
        return f"c({text})"

    def rewrite(prompt, text, objection, principle):  # type: ignore[no-untyped-def]
        calls.append(("rewrite", text, objection, principle))
        return f"{text}+"

    return calls, (answer, critique, rewrite)


def test_every_round_criticises_and_rewrites_the_last_text_under_one_principle() -> None:
    calls, model = _recorder()
    trail = r.revise("x", *model, ["p", "q"], 9, np.random.default_rng(0))

    assert trail == ["a0" + "+" * round_ for round_ in range(10)]
    assert calls[0] == ("answer", "x")
    for index in range(9):
        criticised, rewritten = calls[1 + 2 * index : 3 + 2 * index]
        assert criticised[:2] == ("critique", trail[index])
        assert rewritten[:3] == ("rewrite", trail[index], f"c({trail[index]})")
        assert criticised[2] == rewritten[3]
    assert {call[-1] for call in calls[1:]} == {"p", "q"}


def _judge(pull: float):  # type: ignore[no-untyped-def]
    quality = {"good": 0.8, "poor": 0.0}

    def judge(prompt, first, second, principle):  # type: ignore[no-untyped-def]
        return quality[first] - quality[second] + pull

    return judge


@pytest.mark.parametrize("pull", [-3.0, 0.0, 1.0, 5.0])
def test_a_pull_towards_a_position_cancels_in_the_logits(pull: float) -> None:
    expected = 1 / (1 + np.exp(-0.8))

    assert r.soft_label(_judge(pull), "", "good", "poor", "") == pytest.approx(expected)
    assert r.soft_label(_judge(pull), "", "poor", "good", "") == pytest.approx(1 - expected)


@pytest.mark.parametrize("pull", [-3.0, 1.0, 5.0])
def test_in_the_probabilities_it_keeps_the_sign_and_shrinks(pull: float) -> None:
    label = r.soft_label(_judge(pull), "", "good", "poor", "", average="probabilities")

    assert 0.5 < label < 1 / (1 + np.exp(-0.8))


def test_a_comparison_keeps_the_pair_and_its_label() -> None:
    record = r.compare("x", "good", "poor", _judge(0.0), ["p"], np.random.default_rng(0))

    assert record["pair"] == ("good", "poor")
    assert record["p_first"] == pytest.approx(1 / (1 + np.exp(-0.8)))


@pytest.mark.parametrize("p", [0.4, 0.6, 0.9])
def test_the_soft_loss_is_lowest_where_the_difference_gives_the_label(p: float) -> None:
    differences = np.linspace(-4, 4, 8001)
    best = differences[np.argmin(r.soft_loss(differences, p))]

    assert 1 / (1 + np.exp(-best)) == pytest.approx(p, abs=1e-3)
    assert abs(np.log(r.clamp(p) / (1 - r.clamp(p)))) <= np.log(1.5) + 1e-12


def test_a_grade_is_its_expectation_on_a_scale_from_minus_one_to_one() -> None:
    sure = np.full(10, -np.inf)
    for grade, expected in ((1, -1.0), (10, 1.0), (6, 1 / 9)):
        logits = sure.copy()
        logits[grade - 1] = 3.0
        assert r.direct_reward(logits) == pytest.approx(expected)
    assert r.direct_reward(np.zeros(10)) == pytest.approx(0)


def test_shared_taste_has_a_limit_and_random_error_has_none() -> None:
    stored = json.loads((DOCS / "alignment/rlaif.json").read_text(encoding="utf-8"))

    assert stored["model"][-1] == pytest.approx(1 / np.sqrt(1.25), abs=0.005)
    assert stored["model, less biased"][-1] == pytest.approx(1 / np.sqrt(1.04), abs=0.005)
    assert stored["people"][-1] > 0.99
    assert stored["people"][0] < stored["model"][0]


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "alignment/rlaif.json").read_text(encoding="utf-8"))

    assert r.experiment() == stored
