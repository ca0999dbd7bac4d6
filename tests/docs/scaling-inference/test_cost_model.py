"""Small batches are bound by reading, large ones by computing, and a cache keeps decoding bound by reading."""

import pytest
from examples import load

cost = load("scaling-inference/cost-model")
CHIP = (1.97e14, 8.1e11)


def test_a_single_token_is_bound_by_reading_the_weights() -> None:
    assert cost.decode(8e9, 0, 1, *CHIP) == pytest.approx(16e9 / 8.1e11)


def test_the_pace_changes_at_the_critical_batch() -> None:
    batch = cost.critical_batch(*CHIP)

    assert cost.decode(8e9, 0, 0.9 * batch, *CHIP) == pytest.approx(cost.decode(8e9, 0, 1, *CHIP))
    assert cost.decode(8e9, 0, 2 * batch, *CHIP) == pytest.approx(2 * cost.decode(8e9, 0, batch, *CHIP))


def test_prefill_of_a_long_prompt_is_bound_by_computing() -> None:
    assert cost.prefill(8e9, 4096, *CHIP) == pytest.approx(2 * 8e9 * 4096 / 1.97e14)


def test_with_a_large_cache_no_batch_reaches_the_peak() -> None:
    cache = 32_768 * 131_072
    used = [2 * 8e9 * b / cost.decode(8e9, cache, b, *CHIP) / CHIP[0] for b in (1, 10, 100, 1000)]

    assert used == sorted(used)
    assert used[-1] < 0.02


@pytest.mark.parametrize(("batch", "cache"), [(1, 0), (16, 10**8), (64, 2048 * 131_072)])
def test_a_free_piece_of_a_prompt_makes_no_step_longer(batch: int, cache: float) -> None:
    piece = cost.free_piece(8e9, cache, batch, *CHIP)
    alone = cost.decode(8e9, cache, batch, *CHIP)

    assert cost.mixed(8e9, cache, batch, 0, *CHIP) == alone
    assert cost.mixed(8e9, cache, batch, piece, *CHIP) == pytest.approx(alone)
    assert cost.mixed(8e9, cache, batch, piece + 10, *CHIP) > alone * 1.01


def test_the_piece_named_on_the_page() -> None:
    assert round(cost.free_piece(8.03e9, 2048 * 131_072, 64, *CHIP)) == 439
