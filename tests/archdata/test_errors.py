from archdata.errors import DataError, nearest, unknown


def test_an_error_reads_as_one_line_with_its_place_and_remedy() -> None:
    error = DataError("docs/_data/references.bib", 12, 3, "no title", "add one\n  from the paper")
    assert str(error) == "docs/_data/references.bib:12:3: no title; add one from the paper"


def test_what_is_unknown_is_left_out() -> None:
    assert str(DataError(None, None, None, "no model is given")) == "no model is given"
    assert str(DataError("a.yml", 4, None, "wrong")) == "a.yml:4: wrong"


def test_the_nearest_key_ignores_case_and_keeps_the_known_spelling() -> None:
    assert nearest("LAMA-2-70b", ["Llama-2-70B", "mixtral"]) == "Llama-2-70B"
    assert nearest("zzz", ["llama"]) is None


def test_an_unknown_key_names_the_nearest_one() -> None:
    assert 'did you mean "gqa"?' in str(unknown("mechanism", "gqaa", ["gqa", "mla"]))
    assert "no mechanism has a similar name" in str(unknown("mechanism", "q", ["gqa", "mla"]))
