"""Where a fault of the front matter is said to be."""

from __future__ import annotations

import pytest
from docscheck.parse.front_matter import parse_front_matter


@pytest.mark.parametrize("sign", ["\x85", "\u2028", "\u2029"])
def test_lines_are_those_of_the_file(sign: str) -> None:
    """For YAML these signs end a line; for editors, and for us, they do not."""
    found, plain = (parse_front_matter(f"---\ntitle: 'a{text}b'\nother: [\n---\n") for text in (sign, " "))

    assert found.error
    assert found.error_line == plain.error_line == 3


def test_half_a_surrogate_pair_is_a_fault_and_no_traceback() -> None:
    found = parse_front_matter("---\ntitle: a\ud83d\n---\n")

    assert "cannot be read" in found.error
