"""Slips are found with what was meant; the field's words, names and both spellings are left alone."""

import tracemalloc
from pathlib import Path

import pytest
from docscheck.config import load_config
from docscheck.engine import check_pages
from docscheck.site import Site
from docscheck.words.known import right_words
from docscheck.words.spelling import misspelt


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("trainewd", "trained"),
        ("inititally", "initially"),
        ("scaleable", "scalable"),
        ("architectre", "architecture"),
        ("recieve", "receive"),
        ("Langauge", "Language"),
        ("teh", "the"),
        ("occured", "occurred"),
        ("seperate", "separate"),
        ("smalller", "smaller"),
        ("Pperson", "Person"),
        ("instantiatons", "instantiations"),
        ("nivocation", "invocation"),
        ("heterogenenous", "heterogeneous"),
        ("identitity", "identity"),
        ("examplele", "example"),
        ("Febuary", "February"),
        ("Inital", "Initial"),
        ("SQLlite", "SQLite"),
        ("heterogenous", "heterogeneous"),
    ],
)
def test_a_slip_is_found_with_what_was_meant(slip: str, meant: str) -> None:
    assert misspelt({slip: 1}) == {slip: meant}


@pytest.mark.parametrize(
    "text",
    [
        "tokeniser tokenizer quantisation denoise chunking subword embeddings logits softmax prefill",
        "colour modelling labelled normalise normalize catalogue behaviour analyse centre",
        "finetuned multimodal upcycling unembedding reparameterisation chunkwise autoregressive",
        "codebase toolchain webpage changelog filename plaintext superfences",
        "Vaswani Goodfellow Schwettmann Jamba Mixtral Griffin Hymba Zamba",
        "isn't model's we've",
        "biomolecular phylogeography spectroscopies Llama Aaron Lloyd Oobleck hmmm Seeed",
        "recognisable customisable normalisers optimisers uvicorn orjson sdists structs lexers requestor",
        "Sambamba",
    ],
)
def test_words_of_the_field_names_and_both_spellings_are_left_alone(text: str) -> None:
    assert misspelt(dict.fromkeys(text.split(), 1)) == {}


def test_words_that_are_right_without_a_look_at_the_lists_are_so_with_one() -> None:
    assert misspelt(dict.fromkeys(right_words(), 1)) == {}


def test_a_word_that_a_site_uses_often_is_its_own() -> None:
    assert misspelt({"trainewd": 1}) == {"trainewd": "trained"}
    assert misspelt({"trainewd": 3}) == {}


def test_a_word_without_end_takes_no_memory() -> None:
    """With every string one edit away, a word of 50,000 letters took all the memory of the machine."""
    tracemalloc.start()
    found = misspelt({"unend" * 400: 1})
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found == {}
    assert most < 1_000_000


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("# Kettle\n\nStart teh kettle.\n", ["teh"]),
        ("# Kettle\n\nRun recieve first.\n\nKettles boil water quickly.\n", ["recieve"]),
        ("# Wasserkocher\n\nTeh kochen.\n", []),
        ("# Kettle\n\n`teh`\n", []),
    ],
)
def test_a_page_of_a_few_words_is_in_english_if_a_list_knows_them(tmp_path: Path, text: str, wrong: list[str]) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text(text, encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text("site_name: Kettle\n", encoding="utf-8")
    site = Site(load_config(tmp_path / "mkdocs.yml"))

    found = check_pages(site, [site.page("index.md")])

    assert [
        text.split("\n")[finding.line - 1][finding.column - 1 : finding.end_column - 1] for finding in found
    ] == wrong
