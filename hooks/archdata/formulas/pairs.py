"""Trunks that keep a vector for every pair of tokens, as AlphaFold 3's does."""

from __future__ import annotations


def pair_flops(tokens: int, pair: int = 128) -> int:
    """Operations on the pairs in one block: triangle multiplications and attentions, and the transition.

    Two for a product and its sum; `pair` is the width of a pair. Sizes as in google-deepmind/alphafold3: two
    multiplications of six matrices, two attentions of five, and a gated transition four times as wide.
    """
    cubic = 2 * 2 + 2 * 4
    matrices = 2 * 6 + 2 * 5 + 12
    return cubic * tokens**3 * pair + 2 * matrices * tokens**2 * pair**2


def pair_block_flops(tokens: int, pair: int = 128, single: int = 384, heads: int = 16) -> int:
    """Operations of the whole block: with the attention of the tokens, which pairs bias, and their transition.

    `single` is the width of a token's vector, `heads` are those of its attention. Sizes as in the same code: five
    matrices of attention and a gated transition four times as wide, and for each pair and head a bias from the pair.
    """
    matrices = 5 + 12
    of_tokens = 2 * matrices * tokens * single**2 + 4 * tokens**2 * single + 2 * tokens**2 * pair * heads
    return pair_flops(tokens, pair) + of_tokens
