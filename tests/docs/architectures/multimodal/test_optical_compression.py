"""Token counts are the published ones, masks mean what they say, and reading is checked against other ways to read."""

import itertools
import json

import numpy as np
import pytest
from archdata import counted, models
from examples import DOCS, load

optical = load("architectures/multimodal/optical-compression")


def test_the_modes_have_the_published_numbers_of_tokens() -> None:
    published = {"Tiny": 64, "Small": 100, "Base": 256, "Large": 400}  # deepseek-ai/DeepSeek-OCR README.md

    assert {name: optical.side(size) ** 2 for name, size in optical.MODES.items()} == published
    assert [optical.sequence_2(tiles) - 1 for tiles in (0, 6)] == [256, 1120]  # deepseek-ai/DeepSeek-OCR-2 README.md


def test_the_sequence_has_one_more_for_each_row_and_for_the_end() -> None:
    # What `UnlimitedOcrProcessor` and `DeepseekOcr2Processor` of transformers 5.24 put in the place of an image.
    assert [optical.sequence(size) for size in (512, 640, 1024, 1280)] == [73, 111, 273, 421]
    assert optical.sequence(1024, 640, 2, 3) == 903
    assert optical.sequence_2(2) == 545


def test_the_work_of_a_layer_is_what_its_matrices_say() -> None:
    tokens, width = 7, 4
    rows = np.ones((tokens, width))
    matrices = [np.ones((width, width))] * 4 + [np.ones((width, 4 * width)), np.ones((4 * width, width))]
    counted = sum(len(rows) * matrix.size for matrix in matrices) + tokens * tokens * width * 2

    assert optical.layer_work(tokens, width, tokens) == counted


def test_windows_cover_the_picture() -> None:
    work = optical.encoder_work()
    # 64 x 64 patches, padded to 70 x 70: 25 windows of 196.
    assert work["windows"] == 25 * 8 * optical.layer_work(196, 768, 196)
    assert sum(work.values()) - work["CLIP on all"] < work["CLIP on all"] / 3


def test_queries_see_the_image_and_earlier_queries_only() -> None:
    mask = optical.flow_mask(6)
    image, queries = mask[:6], mask[6:]

    assert image[:, :6].all()
    assert not image[:, 6:].any()
    np.testing.assert_array_equal(queries, np.hstack([np.ones((6, 6), bool), np.tril(np.ones((6, 6), bool))]))


def test_the_reference_stays_and_the_output_slides() -> None:
    mask = optical.reference_mask(5, 9, 3)

    assert mask[5:, :5].all()
    np.testing.assert_array_equal(mask[:, 5:].sum(1), [0] * 5 + [1, 2] + [3] * 7)
    np.testing.assert_array_equal(mask[:5, :5], np.tril(np.ones((5, 5), bool)))
    assert not np.triu(mask, 1).any()


def test_a_photograph_keeps_the_ink() -> None:
    page = optical.glyph("b")
    for pixel, shift in ((12, (0, 0)), (20, (7, 3)), (48, (31, 40))):
        assert optical.photograph(page, pixel, shift).sum() * pixel**2 == pytest.approx(page.sum())
    np.testing.assert_array_equal(np.kron(optical.photograph(page, 12, (0, 0))[:9, :6], np.ones((12, 12))), page)


def test_letters_differ_and_words_are_of_five() -> None:
    assert len({tuple(rows) for rows in optical.FONT.values()}) == 26
    assert {len(word) for word in optical.WORDS} == {5}
    assert len(set(optical.WORDS)) == len(optical.WORDS)


def test_a_clear_picture_is_read_as_by_trying_all_words() -> None:
    rng = np.random.default_rng(0)
    letters = optical.letter_pictures(16, (5, 9), length=2)
    for true in ((3, 7), (20, 2), (25, 25)):
        picture = letters[0, true[0]] + letters[1, true[1]]
        picture = picture + 0.1 * rng.normal(size=picture.shape)
        best = min(
            itertools.product(range(26), repeat=2),
            key=lambda pair: ((picture - letters[0, pair[0]] - letters[1, pair[1]]) ** 2).sum(),
        )
        assert tuple(optical.read_letters(picture, letters)) == best == true


def test_a_reader_sure_of_its_list_knows_nothing_else() -> None:
    words = np.array([optical.spell(word) for word in ("about", "queen")])
    letters = optical.letter_pictures(12, (0, 0))
    scrambled = optical.spell("uotba")
    picture = sum(letters[place, scrambled[place]] for place in range(5))

    read = optical.read_with_language(picture, letters, words, doubt=1e-300, noise=10.0)
    assert any((read == word).all() for word in words)
    np.testing.assert_array_equal(optical.read_with_language(picture, letters, words), scrambled)


def test_compression_is_text_tokens_for_a_vision_token() -> None:
    pixel = 12  # one pixel a dot: 6 x 9 px a letter
    assert optical.pixels_of_a_letter(pixel) == 54
    assert optical.compression(pixel) == pytest.approx(64 * 64 / 54 / 4)


def test_the_stored_experiment_is_what_the_code_gives_and_language_helps_only_words() -> None:
    stored = json.loads((DOCS / "architectures/multimodal/optical-compression.json").read_text("utf-8"))
    read = stored["read"]

    assert {key: stored[key] for key in ("compression", "read")} == optical.experiment()
    assert min(read["8"].values()) > 0.99
    small = read["36"]
    assert small["words with language"] > small["words by shape"] + 0.3
    assert small["scrambled with language"] < small["scrambled by shape"]


def test_the_counted_sizes_of_the_two_encoders_are_those_of_their_matrices() -> None:
    """Counted from the matrices of SAM-base with a neck and two convolutions, and of CLIP-large without its patches."""
    clip = 24 * _layer(1024) + 1024 + 257 * 1024 + 2 * 1024
    positions = 64 * 64 * 768
    layers = 8 * (_layer(768) + _relative(14)) + 4 * (_layer(768) + _relative(64))
    neck = 768 * 256 + 9 * 256 * 256 + 2 * 2 * 256
    sam = 3 * 16 * 16 * 768 + 768 + positions + layers + neck + 9 * (256 * 512 + 512 * 1024)

    assert counted.parameters(DOCS, "sam-in-unlimited-ocr") == sam
    assert counted.parameters(DOCS, "clip-in-unlimited-ocr") == clip
    page = (DOCS / "architectures/multimodal/optical-compression.md").read_text("utf-8")
    assert 'SAM with its convolutions has [= n_counted("sam-in-unlimited-ocr") | count =]' in page
    assert 'CLIP [= n_counted("clip-in-unlimited-ocr") | count =]' in page
    assert models.load(DOCS)["unlimited-ocr"].value("towers") == sam + clip


def _layer(width: int) -> int:
    """A transformer layer with biases: two norms, attention, a feed-forward network four times as wide."""
    matrices = [(width, 3 * width), (width, width), (width, 4 * width), (4 * width, width)]
    return 2 * 2 * width + sum(a * b + b for a, b in matrices)


def _relative(side: int, head_size: int = 64) -> int:
    """SAM's relative positions: a vector for each distance along each of two axes."""
    return 2 * (2 * side - 1) * head_size


def test_the_guard_bans_the_token_that_would_complete_a_repeated_run() -> None:
    text = [*range(25), *range(19)]

    assert optical.banned(text) == {19}
    assert optical.banned(text, allowed={19}) == set()
    assert optical.banned(list(range(60))) == optical.banned([1, 2]) == set()


@pytest.mark.parametrize("period", [1, 7, 20, 71])
def test_loops_as_long_as_the_window_allows_are_stopped_at_the_first_repeated_run(period: int) -> None:
    assert optical.steps_in_loop(period) == max(period + 19, 20)


def test_a_loop_longer_than_the_window_less_the_run_is_never_seen() -> None:
    assert 90 - 20 + 1 == 71
    assert optical.steps_in_loop(72) is None
