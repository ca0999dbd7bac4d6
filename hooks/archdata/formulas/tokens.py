"""How many positions an image or a sound takes in a sequence."""

from __future__ import annotations


def image_tokens(height: int, width: int, patch: int, *, merge: int = 1, extra: int = 0) -> int:
    """Tokens of an image cut into patches of `patch` px, `merge` × `merge` of them joined, with `extra` special tokens.

    Raises `ValueError` when the image does not divide into merged patches.
    """
    side = patch * merge
    if height % side or width % side:
        raise ValueError(f"{height} × {width} px do not divide into squares of {side} px")
    return (height // side) * (width // side) + extra


def audio_positions(seconds: float, frames_per_second: float, *, stride: int = 1) -> int:
    """Positions of a sound after an encoder that takes every `stride`-th frame."""
    return int(seconds * frames_per_second) // stride
