"""FSQ reaches every code and nothing else, tokens and codes map one to one, LFQ is the nearest corner."""

import json

import numpy as np
import pytest
from examples import DOCS, load

q = load("architectures/visual-tokens/quantisers")
rng = np.random.default_rng(0)


@pytest.mark.parametrize("levels", [[3, 3], [8, 5, 5], [7, 5, 5, 5, 5], [4, 4]])
def test_fsq_uses_every_code_once_tokens_and_codes_agree(levels: list[int]) -> None:
    size = int(np.prod(levels))
    codes = q.fsq_codes(np.arange(size), levels)

    assert len(np.unique(codes, axis=0)) == size
    np.testing.assert_array_equal(q.fsq_index(codes, levels), np.arange(size))

    drawn = q.fsq_index(q.fsq(4 * rng.normal(size=(60_000, len(levels))), levels), levels)
    assert drawn.min() >= 0
    assert drawn.max() < size
    if size <= 200:
        assert len(np.unique(drawn)) == size


def test_zero_is_a_level_for_odd_and_even_counts() -> None:
    np.testing.assert_array_equal(q.fsq(np.zeros((1, 2)), [5, 4]), [[0.0, 0.0]])


def test_lfq_is_the_nearest_corner_of_the_cube() -> None:
    z = rng.normal(size=(40, 4))
    codes, index = q.lfq(z)
    corners = np.array([[1.0 if i >> b & 1 else -1.0 for b in range(4)] for i in range(16)])

    nearest = np.linalg.norm(z[:, None] - corners, axis=-1).argmin(1)
    np.testing.assert_array_equal(index, nearest)
    np.testing.assert_array_equal(codes, corners[nearest])


def test_bsq_codes_have_unit_length_and_ignore_the_scale() -> None:
    z = rng.normal(size=(10, 6))
    codes, index = q.bsq(z)

    np.testing.assert_allclose(np.linalg.norm(codes, axis=1), 1)
    np.testing.assert_array_equal(q.bsq(7 * z)[1], index)


def test_entropy_terms_tell_sure_and_varied_from_sure_and_collapsed() -> None:
    varied = 5 * np.sign(rng.normal(size=(2000, 3)))
    collapsed = np.full((2000, 3), 5.0)

    assert q.entropy_terms(varied)[0] == pytest.approx(0, abs=1e-6)
    assert q.entropy_terms(varied)[1] == pytest.approx(3 * np.log(2), abs=0.01)
    assert q.entropy_terms(collapsed)[1] == pytest.approx(0, abs=1e-6)


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/visual-tokens/quantisers.json").read_text(encoding="utf-8"))

    assert q.usage_experiment() == stored
    assert stored["learned codebook"]["used"] < 128 < stored["with restarts"]["used"]
