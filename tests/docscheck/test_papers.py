"""Titles of papers in link texts."""

from __future__ import annotations

import pytest
from docscheck import bibliography, papers


@pytest.mark.parametrize(
    "text",
    [
        "Attention Is All You Need",
        "RoFormer: Enhanced Transformer with Rotary Position Embedding",
        "Train Short, Test Long",
        "**Deep** Residual Learning for Image Recognition",
    ],
)
def test_titles_are_taken_for_titles(text: str) -> None:
    assert papers.is_title(text)


@pytest.mark.parametrize(
    "text",
    [
        "RoFormer",
        "Su et al. (2021)",
        "the original paper",
        "arXiv:1706.03762",
        "as was shown for longer contexts",
        "Vaswani and Shazeer",
        "Paper: Attention Is All You Need",
        "This is how the others do it",
        "https://arxiv.org/abs/1706.03762",
    ],
)
def test_other_texts_of_links_are_no_titles(text: str) -> None:
    assert not papers.is_title(text)


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("RoFormer", "RoFormer: Enhanced Transformer with Rotary Position Embedding"),
        ("Train Short Test Long", "Train short, test long: attention with linear biases"),
        ("LoRA: Low-Rank Adaptation", "LoRA: Low Rank Adaptation of Large Language Models"),
        ("Denoising Diffusion Models", "Denoising Diffusion Probabilistic Models"),
    ],
)
def test_spellings_of_one_title_can_be_the_same_paper(title: str, other: str) -> None:
    assert papers.can_be_same(title, other)


def test_titles_of_two_papers_cannot_be_the_same() -> None:
    assert not papers.can_be_same(
        "Train Short, Test Long", "RoFormer: Enhanced Transformer with Rotary Position Embedding"
    )
    assert not papers.can_be_same("Attention Is All You Need", "Deep Residual Learning for Image Recognition")


def test_titles_of_a_bibliography_are_read() -> None:
    bibtex = """
@article{vaswani2017attention,
  title = {{Attention} Is All {You} Need},
  eprint = {1706.03762},  eprinttype = {arxiv},
}
@article{ho2020denoising,
  title        = {Denoising Diffusion
                  Probabilistic Models},
  eprint       = {2006.11239},
}
@article{hochreiter1997lstm,
  title = {Long {Short-Term} Memory},
  author = {Hochreiter, Sepp and Schmidhuber, J{\\"u}rgen},
  doi = {https://doi.org/10.1162/NECO.1997.9.8.1735},
}
@book{no2000eprint,
  title = {A book},
}
"""
    assert dict(bibliography.titles_by_identifier(bibtex)) == {
        "1706.03762": "Attention Is All You Need",
        "2006.11239": "Denoising Diffusion Probabilistic Models",
    }
    assert dict(bibliography.titles_by_doi(bibtex)) == {"10.1162/neco.1997.9.8.1735": "Long Short-Term Memory"}
    assert dict(bibliography.authors_by_identifier(bibtex)) == {
        "10.1162/neco.1997.9.8.1735": {"hochreiter", "sepp", "and", "schmidhuber", "jurgen"}
    }


@pytest.mark.parametrize(
    ("text", "shortened"),
    [
        ("Attention Is All You Need", True),
        ("**Attention is all you need**", True),
        ("Attention Is All", True),
        ("Attention Is All You Need (2017)", True),
        ("Attention Is Everything You Need", False),
        ("Attention Is Not All You Need", False),
        ("Attention Was All You Need", False),
    ],
)
def test_a_title_may_be_shortened_but_no_word_may_be_another(text: str, shortened: bool) -> None:
    assert papers.is_shortened(text, "Attention Is All You Need") == shortened
