"""Nearest codes, the two loss terms with their gradients, moving averages and residual stages."""

import json
from pathlib import Path

import numpy as np
import pytest
from examples import DOCS, load

vq = load("architectures/visual-tokens/vq-vae")
REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))
rng = np.random.default_rng(0)
Z, CODES = rng.normal(size=(50, 3)), rng.normal(size=(7, 3))


def test_nearest_agrees_with_all_pairwise_distances() -> None:
    brute = np.linalg.norm(Z[:, None] - CODES[None], axis=-1).argmin(1)

    np.testing.assert_array_equal(vq.nearest(Z, CODES), brute)


def test_gradients_are_those_of_the_loss_with_the_other_side_held() -> None:
    _, grad_codes, grad_z = vq.losses(Z, CODES, beta=0.25)
    index, step = vq.nearest(Z, CODES), 1e-6

    def codebook_term(codes: np.ndarray) -> float:
        return float(((codes[index] - Z) ** 2).sum(1).mean())

    moved = CODES.copy()
    moved[2, 1] += step
    assert grad_codes[2, 1] == pytest.approx((codebook_term(moved) - codebook_term(CODES)) / step, rel=1e-3, abs=1e-6)

    shifted = Z.copy()
    shifted[4, 0] += step
    commitment = 0.25 * (((CODES[index] - shifted) ** 2).sum(1).mean() - ((CODES[index] - Z) ** 2).sum(1).mean()) / step
    assert grad_z[4, 0] == pytest.approx(commitment, rel=1e-3, abs=1e-6)


def test_losses_are_those_of_diffusers_up_to_the_mean_over_coordinates_and_legacy_swaps_the_weight() -> None:
    x, book = np.array(REFERENCE["x"]), np.array(REFERENCE["books"][0])
    loss, grad_codes, grad_z = vq.losses(x, book, beta=0.25)
    right, old = REFERENCE["VQ"]["as in the paper"], REFERENCE["VQ"]["legacy"]

    assert vq.nearest(x, book).tolist() == right["index"]
    assert loss / 5 == pytest.approx(right["loss"]) == pytest.approx(old["loss"])
    np.testing.assert_allclose(grad_codes / 5, right["codebook"], atol=1e-7)
    np.testing.assert_allclose(grad_z / 5, right["encoder"], atol=1e-7)
    # The value does not show it: beta has gone to the other term.
    np.testing.assert_allclose(grad_codes / 5 * 0.25, old["codebook"], atol=1e-7)
    np.testing.assert_allclose(grad_z / 5 / 0.25, old["encoder"], atol=1e-7)


def _angle(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b)))


def test_the_rotation_trick_gives_the_code_and_keeps_the_gradient_s_angle() -> None:
    z, code, gradient = rng.normal(size=(3, 5))
    turn, scale = vq.rotation(z, code), np.linalg.norm(code) / np.linalg.norm(z)

    np.testing.assert_allclose(scale * turn @ z, code)
    np.testing.assert_allclose(turn @ turn.T, np.eye(5), atol=1e-12)
    assert np.linalg.det(turn) == pytest.approx(1)
    arrived = vq.rotated_gradient(z, code, gradient)
    assert _angle(arrived, z) == pytest.approx(_angle(gradient, code))
    assert _angle(gradient, z) != pytest.approx(_angle(gradient, code), abs=0.05), "straight-through does not keep it"


def test_the_rotated_gradient_is_that_of_the_rotation_held_constant() -> None:
    z, code, target = rng.normal(size=(3, 4))
    held = np.linalg.norm(code) / np.linalg.norm(z) * vq.rotation(z, code)

    def loss(x: np.ndarray) -> float:
        return float(((held @ x - target) ** 2).sum())

    steps = 1e-6 * np.eye(4)
    numeric = [(loss(z + step) - loss(z - step)) / 2e-6 for step in steps]
    np.testing.assert_allclose(vq.rotated_gradient(z, code, 2 * (code - target)), numeric, rtol=1e-5, atol=1e-7)
    # on the line through its code, a vector at the code's length gets what straight-through would give
    np.testing.assert_allclose(vq.rotated_gradient(code, code, target), target)


def test_moving_averages_reach_the_means_of_their_cells() -> None:
    data = np.concatenate([rng.normal(-4, 0.1, (200, 2)), rng.normal(4, 0.1, (200, 2))])
    book = vq.MovingCodebook(np.array([[-1.0, 0.0], [1.0, 0.0]]), decay=0.5)
    for _ in range(40):
        book.update(data, rng)

    np.testing.assert_allclose(book.codes, [data[:200].mean(0), data[200:].mean(0)], atol=1e-6)


def test_a_dead_code_stays_dead_unless_it_is_restarted() -> None:
    data = rng.normal(size=(300, 2))
    far = np.array([[0.0, 0.0], [50.0, 50.0]])
    left, revived = vq.MovingCodebook(far), vq.MovingCodebook(far, restart_below=0.5)
    for _ in range(30):
        left.update(data, rng)
        revived.update(data, rng)

    assert set(vq.nearest(data, left.codes)) == {0}
    assert set(vq.nearest(data, revived.codes)) == {0, 1}


def test_each_residual_stage_leaves_less() -> None:
    data = rng.normal(size=(800, 4))
    books, errors = [], []
    for _ in range(4):
        _, approximation = vq.residual_quantise(data, books) if books else (None, np.zeros_like(data))
        books.append(vq.k_means(data - approximation, 16, rng))
        errors.append(((data - vq.residual_quantise(data, books)[1]) ** 2).sum())

    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 0.2 * errors[0]


def test_perplexity_counts_the_codes_in_use() -> None:
    assert vq.perplexity(np.array([0, 1, 2, 3]), 8) == pytest.approx(4)
    assert vq.perplexity(np.zeros(5, int), 8) == pytest.approx(1)


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/visual-tokens/vq-vae.json").read_text(encoding="utf-8"))

    assert vq.residual_experiment() == stored["left_over"]


@pytest.mark.parametrize("seed", range(3))
def test_the_commitment_term_rises_while_the_reconstruction_improves(seed: int) -> None:
    rng = np.random.default_rng(seed)
    encoder, decoder = 0.1 * rng.normal(size=(8, 2)), 0.1 * rng.normal(size=(2, 8))
    codes, factors = rng.uniform(-1 / 32, 1 / 32, size=(32, 2)), rng.normal(size=(2, 8))
    course = []
    for _ in range(400):
        x = rng.normal(size=(256, 2)) @ factors
        z = x @ encoder
        chosen = ((z[:, None] - codes) ** 2).sum(-1).argmin(1)
        error, gap = codes[chosen] @ decoder - x, z - codes[chosen]
        course.append(((error**2).sum(1).mean(), (gap**2).sum(1).mean()))
        to_encoder = (2 * error @ decoder.T + 0.25 * 2 * gap) / len(x)  # straight through, and commitment
        decoder -= 0.1 / 8 * codes[chosen].T @ (2 * error / len(x))
        encoder -= 0.1 / 8 * x.T @ to_encoder
        np.add.at(codes, chosen, 0.1 * 2 * gap / len(x))
    (first, small), (last, large) = course[0], course[-1]

    assert last < first / 4
    assert large > 4 * small


def test_what_no_decoder_can_restore_agrees_with_regression_on_samples() -> None:
    covariance, rng = vq.pictures(side=4), np.random.default_rng(0)
    rows = rng.normal(size=(3, 16))
    pictures = rng.multivariate_normal(np.zeros(16), covariance, size=60_000)
    numbers = pictures @ rows.T
    restored = numbers @ np.linalg.lstsq(numbers, pictures, rcond=None)[0]

    assert vq.left_over(covariance, rows) == pytest.approx(
        ((pictures - restored) ** 2).sum() / (pictures**2).sum(), rel=0.02
    )


def test_a_row_of_numbers_is_never_worse_than_a_grid_of_as_many() -> None:
    covariance = vq.pictures()
    for each in (1, 2, 4):
        grid = vq.grid_tokens(covariance, 16, 4, each)
        values = np.linalg.eigvalsh(covariance)[::-1]
        row = vq.left_over(covariance, vq.row_tokens(covariance, 16 * each))

        assert row == pytest.approx(1 - values[: 16 * each].sum() / values.sum())
        assert row < vq.left_over(covariance, grid) < 1.2 * row


def test_only_ordered_tokens_can_be_cut() -> None:
    rows = vq.cut_rows()

    assert rows["ordered"][-1] == pytest.approx(rows["mixed"][-1])
    assert all(a < b - 0.05 for a, b in zip(rows["ordered"][:-1], rows["mixed"][:-1], strict=True))


def test_the_whole_picture_restores_itself() -> None:
    assert vq.left_over(vq.pictures(side=4), np.eye(16)) == pytest.approx(0, abs=1e-9)
