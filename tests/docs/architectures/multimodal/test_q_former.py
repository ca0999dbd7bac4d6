"""The masks let through what each task allows, and the text never sees the image but through the queries."""

import json

import numpy as np
import pytest
from examples import DOCS, load

qformer = load("architectures/multimodal/q-former")
RNG = np.random.default_rng(0)
IMAGE, QUERIES, TEXT = RNG.normal(size=(20, 24)), RNG.normal(size=(4, 16)), RNG.normal(size=(3, 16))
WEIGHTS = qformer.example(RNG)


def run(task: str, image: np.ndarray = IMAGE, text: np.ndarray = TEXT) -> tuple[np.ndarray, np.ndarray]:
    mask = qformer.task_mask(4, 3, task)
    queries, words = qformer.layer(QUERIES, text, image, WEIGHTS, mask, 4)
    out: tuple[np.ndarray, np.ndarray] = qformer.layer(queries, words, image, WEIGHTS, mask, 4)
    return out


def moved(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(np.abs(a - b).max() > 1e-6)


OTHER_IMAGE, OTHER_TEXT = RNG.normal(size=(20, 24)), RNG.normal(size=(3, 16))


@pytest.mark.parametrize(
    ("task", "text_sees_image", "queries_see_text"),
    [("contrast", False, False), ("match", True, True), ("caption", True, False)],
)
def test_what_reaches_whom(task: str, text_sees_image: bool, queries_see_text: bool) -> None:
    queries, words = run(task)

    assert moved(run(task, image=OTHER_IMAGE)[1], words) == text_sees_image
    assert moved(run(task, text=OTHER_TEXT)[0], queries) == queries_see_text
    assert moved(run(task, image=OTHER_IMAGE)[0], queries)


def test_captions_are_causal() -> None:
    changed = TEXT.copy()
    changed[2] += 1

    np.testing.assert_allclose(run("caption", text=changed)[1][:2], run("caption")[1][:2], atol=1e-12)


def test_the_number_of_queries_does_not_depend_on_the_image() -> None:
    assert run("match", image=RNG.normal(size=(300, 24)))[0].shape == (4, 16)


def test_a_layer_without_cross_attention_does_not_see_the_image() -> None:
    plain, mask = qformer.example(RNG, cross=False), qformer.task_mask(4, 3, "match")

    a, b = (qformer.layer(QUERIES, TEXT, image, plain, mask, 4)[0] for image in (IMAGE, OTHER_IMAGE))
    assert (a == b).all()


def test_a_layer_of_queries_written_out() -> None:
    def heads(x: np.ndarray, context: np.ndarray, maps: tuple[np.ndarray, ...]) -> np.ndarray:
        wq, wk, wv, wo = maps
        parts = []
        for part in (slice(4 * head, 4 * head + 4) for head in range(4)):
            scores = np.exp((x @ wq)[:, part] @ (context @ wk)[:, part].T / 2)
            parts.append(scores / scores.sum(1, keepdims=True) @ (context @ wv)[:, part])
        return np.concatenate(parts, axis=1) @ wo

    out, _ = qformer.layer(QUERIES, TEXT, IMAGE, WEIGHTS, qformer.task_mask(4, 3, "contrast"), 4)
    x = qformer.norm(QUERIES + heads(QUERIES, QUERIES, WEIGHTS["self"]))
    x = qformer.norm(x + heads(x, IMAGE, WEIGHTS["cross"]))
    up, down = WEIGHTS["ffn"][0]
    np.testing.assert_allclose(out, qformer.norm(x + qformer.gelu(x @ up) @ down), atol=1e-10)


def test_the_best_query_decides_the_similarity() -> None:
    text = RNG.normal(size=16)
    queries = np.concatenate([RNG.normal(size=(3, 16)), 7 * text[None]])

    assert qformer.contrastive_score(queries, text) == pytest.approx(1)


def test_the_count_is_that_of_the_reference_implementation() -> None:
    parts = qformer.parameters()
    without_text = parts["self-attention"] + parts["cross-attention"] + parts["network for queries"]

    # transformers 5.23, Blip2QFormerModel with default configuration; it has one more norm of 2 × 768 at its input.
    assert without_text + 2 * 768 == 105_137_664
    assert without_text + parts["network for text"] + 2 * 768 == 161_825_280


def test_queries_of_a_window_see_their_window_only_and_keep_its_place() -> None:
    rng = np.random.default_rng(3)
    image, weights = rng.normal(size=(8, 12, 16))[:8, :8], qformer.example(rng, image=16)
    learned, places = rng.normal(size=(4, 16)), rng.normal(size=(16, 16))
    changed = image.copy()
    changed[5, 2] += 1

    a, b = (qformer.in_windows(x, learned, places, weights, 4, window=4, few=2) for x in (image, changed))
    assert a.shape == (4, 4, 16)
    where = np.argwhere(np.abs(a - b).max(-1) > 1e-9)
    assert {tuple(place) for place in where.tolist()} == {(2, 0), (2, 1), (3, 0), (3, 1)}


def test_windows_are_the_layer_applied_to_each() -> None:
    rng = np.random.default_rng(4)
    image, weights = rng.normal(size=(4, 4, 16)), qformer.example(rng, image=16)
    learned, places = rng.normal(size=(1, 16)), rng.normal(size=(16, 16))

    one = qformer.in_windows(image, learned, places, weights, 4, window=4, few=1)
    flat = image.reshape(16, 16)
    out, _ = qformer.layer(learned + flat.mean(0), learned[:0], flat + places, weights, None, 4)
    np.testing.assert_allclose(one[0], out)


def test_the_stored_numbers_are_those_of_the_code() -> None:
    stored = json.loads((DOCS / "architectures/multimodal/q-former.json").read_text("utf-8"))
    assert stored == qformer.experiment()
