"""How numbers are written."""

import pytest
from archdata.numbers import count, number, size_in_bytes


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (46_702_792_704, "46.7B"),
        (124_439_808, "124M"),
        (1_372_178_432, "1.37B"),
        (999_885_952, "1B"),
        (950, "950"),
        (2e12, "2T"),
    ],
)
def test_counts_are_rounded_as_models_are_named(value: float, text: str) -> None:
    assert count(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(327_680, "320 KiB"), (2**30, "1 GiB"), (1.5 * 2**20, "1.5 MiB"), (100, "100 bytes")]
)
def test_bytes_are_written_with_binary_units(value: float, text: str) -> None:
    assert size_in_bytes(value).replace("\u00a0", " ") == text


@pytest.mark.parametrize(("value", "text"), [(46702792704, "46,702,792,704"), (1000.0, "1,000"), (2.34567, "2.346")])
def test_numbers_are_written_in_groups_of_three(value: float, text: str) -> None:
    assert number(value) == text
