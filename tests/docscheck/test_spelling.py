"""Slips are found with what was meant; the field's words, names and both spellings are left alone."""

import tracemalloc

import pytest
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
