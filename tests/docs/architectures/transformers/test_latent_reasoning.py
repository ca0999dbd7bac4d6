"""Thoughts are the same with and without a cache, stages are the reference's, and one vector searches like sets do."""

import itertools
import json
from collections import deque

import numpy as np
import pytest
from examples import DOCS, load

latent = load("architectures/transformers/latent-reasoning")
LAYERS, EMBED, MARKS = latent.model()
QUESTION = np.array([3, 1, 4, 1, 5])


@pytest.mark.parametrize("steps", [0, 1, 5])
def test_feeding_back_with_a_cache_is_filling_gaps_in_the_whole_text(steps: int) -> None:
    scores, passes = latent.think(QUESTION, steps, "thought", LAYERS, EMBED, MARKS)

    np.testing.assert_allclose(
        scores, latent.think_without_cache(QUESTION, steps, LAYERS, EMBED, MARKS), rtol=0, atol=1e-12
    )
    assert passes == steps + 1  # as facebookresearch/coconut counts them: one for each thought, and a last one


def test_words_and_mixtures_are_rows_of_the_embedding_and_means_of_rows() -> None:
    h = np.random.default_rng(2).normal(size=(1, 16))
    sharp = latent.next_input("mixture", 200 * h, EMBED)

    np.testing.assert_allclose(sharp, latent.next_input("word", h, EMBED), atol=1e-9)
    np.testing.assert_allclose(latent.next_input("mixture", 0 * h, EMBED), EMBED.mean(0, keepdims=True))


def test_writing_words_is_reading_the_text_that_they_make() -> None:
    text = [*EMBED[QUESTION], MARKS[0][0]]
    for _ in range(3):
        text.append(EMBED[np.argmax(latent.read(np.array(text), LAYERS, {})[-1] @ EMBED.T)])
    scores = latent.read(np.array([*text, MARKS[1][0]]), LAYERS, {})[-1:] @ EMBED.T

    np.testing.assert_allclose(latent.think(QUESTION, 3, "word", LAYERS, EMBED, MARKS)[0], scores, atol=1e-12)


def test_pauses_change_the_answer_but_need_one_pass() -> None:
    without, with_pauses = (latent.think(QUESTION, n, "pause", LAYERS, EMBED, MARKS) for n in (0, 3))

    assert without[1] == with_pauses[1] == 1
    assert np.abs(without[0] - with_pauses[0]).max() > 1e-3


def test_pauses_one_after_another_are_the_same_function_as_all_at_once() -> None:
    begin, end, pause = MARKS
    caches: dict[int, dict[str, np.ndarray]] = {}
    latent.read(np.concatenate([EMBED[QUESTION], begin]), LAYERS, caches)
    for _ in range(6):
        latent.read(pause, LAYERS, caches)
    scores = latent.read(end, LAYERS, caches)[-1:] @ EMBED.T

    np.testing.assert_allclose(latent.think(QUESTION, 6, "pause", LAYERS, EMBED, MARKS)[0], scores, atol=1e-12)


def test_the_stages_are_those_of_the_reference() -> None:
    """Lengths of the parts by the rule in dataset.py: beyond the last stage every written step is skipped."""
    steps = ["s1", "s2"]
    rows = [latent.example("Q", steps, "A", stage, 2, 3) for stage in range(5)]
    assert [text.count("o") for text, _ in rows] == [0, 2, 4, 6, 6]
    assert [sum(loss) for _, loss in rows] == [3, 2, 1, 1, 1]
    for text, loss in rows:
        assert len(text) == len(loss)
        assert not any(lost for lost, word in zip(loss, text, strict=True) if word in ("Q", "o", "<begin>", "<end>"))
    longer, _ = latent.example("Q", ["s1", "s2", "s3", "s4"], "A", 4, 2, 3)
    assert longer == ["Q", "<begin>", *["o"] * 6, "<end>", "A"]


def breadth_first(edges: np.ndarray, start: int, steps: int) -> set[int]:
    """With a queue and distances, independent of the page's sets."""
    distance, queue = {start: 0}, deque([start])
    while queue:
        here = queue.popleft()
        for a, b in edges.tolist():
            if a == here and b not in distance:
                distance[b] = distance[here] + 1
                queue.append(b)
    return {node for node, far in distance.items() if far <= steps}


@pytest.mark.parametrize("seed", range(8))
def test_a_thought_holds_what_breadth_first_search_has_reached(seed: int) -> None:
    rng = np.random.default_rng(seed)
    edges, start, good, bad = latent.problem(rng)
    turned = np.linalg.qr(rng.normal(size=(60, 40)))[0].T  # any orthonormal vectors will do, in more dimensions too
    for nodes in (np.eye(40), turned):
        h = nodes[start]
        for steps in itertools.count(1):
            h = latent.thought_step(h, edges, nodes)
            assert latent.held(h, nodes) == breadth_first(edges, start, steps) == latent.frontier(edges, start, steps)
            if steps == 5:
                break
    assert good in breadth_first(edges, start, 4) - breadth_first(edges, start, 3)
    assert bad not in breadth_first(edges, start, 40)


def test_written_thoughts_name_only_nodes_that_can_be_reached() -> None:
    rng = np.random.default_rng(0)
    edges, start, *_ = latent.problem(rng)
    everything = breadth_first(edges, start, 40)

    assert latent.walk(rng, edges, start, 40, True) == everything
    assert latent.walk(rng, edges, start, 40, False) < everything
    assert [latent.right({found}, 1, 2) for found in (1, 2, 3)] == [1, 0, 0.5]


def test_the_charts_runs_are_the_experiments_and_show_what_the_page_says() -> None:
    stored = json.loads((DOCS / "architectures/transformers/latent-reasoning.json").read_text(encoding="utf-8"))
    rng = np.random.default_rng(7)
    again = latent.search_scores([latent.problem(rng) for _ in range(24)], rng)
    for kind, values in again.items():
        np.testing.assert_allclose(stored[kind], values, atol=0.2)
    assert stored["vectors"] == [0.5] * 4 + [1.0] * 21
    assert stored["words, searching"][18] < 1 == stored["words, searching"][19]
    assert max(stored["words, one path"]) < 0.6
    assert latent.read_back(rng, 1000, 64, 8, trials=20) == pytest.approx(stored["read back"]["64"][3], abs=0.12)
    large = dict(zip(latent.SIZES, stored["read back"]["768"], strict=True))
    assert large[16] == 1
    assert 0.93 < large[32] < 1
    assert large[128] < 0.8
