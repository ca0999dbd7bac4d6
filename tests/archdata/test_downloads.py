"""The downloads hold what the data hold."""

import csv
import io
import json

from archdata import downloads, models
from examples import DOCS

FILES = downloads.files(DOCS)


def test_every_model_is_in_both_forms() -> None:
    keys = list(models.load(DOCS))

    assert [record["key"] for record in json.loads(FILES["data/models.json"])] == keys
    assert [row["key"] for row in csv.DictReader(io.StringIO(FILES["data/models.csv"]))] == keys


def test_numbers_are_those_of_the_pages() -> None:
    [mixtral] = [record for record in json.loads(FILES["data/models.json"]) if record["key"] == "mixtral-8x7b"]

    assert mixtral["parameters"] == 46_702_792_704
    assert mixtral["config"]["experts"] == 8


def test_bibliography_and_schemas_come_along() -> None:
    assert "@" in FILES["data/references.bib"]
    assert json.loads(FILES["data/schema/model.json"])["required"]
