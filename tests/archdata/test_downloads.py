"""The downloads hold what the data hold."""

import csv
import io
import json

import pytest
from archdata import downloads, models, specs
from examples import DOCS


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return downloads.files(DOCS)


def test_every_model_is_in_both_forms(files: dict[str, str]) -> None:
    keys = list(models.load(DOCS))

    assert [record["key"] for record in json.loads(files["data/models.json"])] == keys
    assert [row["key"] for row in csv.DictReader(io.StringIO(files["data/models.csv"]))] == keys


def test_numbers_are_those_of_the_pages(files: dict[str, str]) -> None:
    [mixtral] = [record for record in json.loads(files["data/models.json"]) if record["key"] == "mixtral-8x7b"]

    assert mixtral["parameters"] == 46_702_792_704
    assert mixtral["config"]["experts"] == 8


def test_bibliography_and_schemas_come_along(files: dict[str, str]) -> None:
    assert "@" in files["data/references.bib"]
    assert json.loads(files["data/schema/model.json"])["required"]


def test_every_design_is_there_with_the_models_that_use_it(files: dict[str, str]) -> None:
    designs = {record["key"]: record for record in json.loads(files["data/architectures.json"])}

    assert list(designs) == list(specs.load(DOCS))
    assert "deepseek-v3" in designs["mla"]["models"]
    assert designs["mla"]["builds_on"][0] == "mqa-gqa"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ('=HYPERLINK("https://evil.example")', '\'=HYPERLINK("https://evil.example")'),
        ("@SUM(1)", "'@SUM(1)"),
        (["+1", "2"], "'+1 2"),
        (-5, -5),
        ("a=b", "a=b"),
    ],
)
def test_no_cell_is_a_formula(value: object, cell: object) -> None:
    """Programs for tables calculate with a cell that begins so, and may ask another host for what it says."""
    assert downloads._plain(value) == cell
