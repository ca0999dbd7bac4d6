"""Llama 2: the widths follow from the published rule, and the tuning signals do what the page says."""

from pathlib import Path

import numpy as np
import pytest
from archdata import models
from examples import DOCS, load

page = load("architectures/llms/llama-2")


@pytest.mark.parametrize(
    ("key", "multiple", "multiplier"), [("llama-2-7b", 256, 1), ("llama-2-13b", 256, 1), ("llama-2-70b", 4096, 1.3)]
)
def test_the_rule_gives_the_widths_in_the_data(key: str, multiple: int, multiplier: float) -> None:
    config = models.get(Path(DOCS), key).config
    assert page.feed_forward_width(config["width"], multiple, multiplier) == config["ffn_width"]


def test_only_the_largest_model_shares_key_value_heads() -> None:
    shares = {
        key: models.get(Path(DOCS), key).config["heads"] // models.get(Path(DOCS), key).config["kv_heads"]
        for key in ("llama-2-7b", "llama-2-13b", "llama-2-70b")
    }
    assert shares == {"llama-2-7b": 1, "llama-2-13b": 1, "llama-2-70b": 8}


def test_the_loss_without_margin_is_the_bradley_terry_loss() -> None:
    assert page.ranking_loss(2.0, 0.5) == pytest.approx(-np.log(page.sigmoid(1.5)))


def test_a_margin_moves_the_loss_along_the_score_difference() -> None:
    assert page.ranking_loss(4.0, 0.0, margin=3.0) == pytest.approx(page.ranking_loss(1.0, 0.0))


def test_safety_decides_for_tagged_prompts_and_for_unsafe_answers() -> None:
    safety, helpful = np.array([0.9, 0.1, 0.9, 0.5]), np.array([0.2, 0.9, 0.8, 0.4])
    tagged = np.array([True, False, False, False])

    joined = page.joined_reward(safety, helpful, tagged)

    logit = np.log(np.array([0.9, 0.1, 0.8, 0.4]) / (1 - np.array([0.9, 0.1, 0.8, 0.4])))
    np.testing.assert_allclose(joined, (logit - logit.mean()) / logit.std())
    assert joined.mean() == pytest.approx(0, abs=1e-12)
    assert joined.std() == pytest.approx(1)


def test_rejection_sampling_takes_the_best_answer_of_each_prompt() -> None:
    assert page.best_of(np.array([[0.1, 0.7, 0.3], [2.0, -1.0, 1.0]])).tolist() == [1, 0]


def test_ghost_attention_trains_on_the_last_answer_and_shows_the_instruction_once() -> None:
    sample = page.ghost_attention([("a", "b"), ("c", "d"), ("e", "f")], "Be brief.", "g")

    assert [text for text, trained in sample if trained] == ["g"]
    assert sum("Be brief." in text for text, _ in sample) == 1
    assert sample[0][0] == "Be brief. a"
    assert "f" not in [text for text, _ in sample]


def test_the_prompt_is_the_one_of_the_model_s_documentation() -> None:
    """The example that transformers' guide to chat templates gives, as quoted in FastChat's issue 2736."""
    talk = [("Hello, how are you?", "I'm doing great. How can I help you today?")]
    written = page.prompt(talk, "I'd like to show off how chat templating works!", "You are a helpful assistant.")

    assert written == (
        "<s>[INST] <<SYS>>\nYou are a helpful assistant.\n<</SYS>>\n\nHello, how are you? [/INST]"
        " I'm doing great. How can I help you today? </s>"
        "<s>[INST] I'd like to show off how chat templating works! [/INST]"
    )
    assert page.prompt([], " Hi ") == "<s>[INST] Hi [/INST]"
