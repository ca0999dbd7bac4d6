"""The data are right, and wrong data are refused with file, line, key and remedy."""

import shutil
import time
from pathlib import Path

import pytest
from archdata import documents, models, specs
from archdata.errors import DataError
from examples import DOCS


def test_the_sites_own_data_have_no_fault() -> None:
    assert [str(fault) for fault in [*models.check(DOCS), *specs.check(DOCS)]] == []


def test_there_are_models_and_architectures() -> None:
    assert len(models.load(DOCS)) > 40
    assert specs.load(DOCS)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A site with two models and the schemas."""
    shutil.copytree(DOCS / "_data/schema", tmp_path / "_data/schema")
    (tmp_path / "_data/models").mkdir(parents=True)
    (tmp_path / "_data/architectures").mkdir(parents=True)
    for key in ("llama-2-7b", "mixtral-8x7b"):
        text = (DOCS / f"_data/models/{key}.yml").read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if not line.startswith("page:")]
        (tmp_path / f"_data/models/{key}.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def edit(docs: Path, old: str, new: str, key: str = "llama-2-7b") -> tuple[str, int]:
    path = docs / f"_data/models/{key}.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return str(path), text[: text.index(old)].count("\n") + 1


def test_a_wrong_number_is_refused_by_its_consequence(docs: Path) -> None:
    edit(docs, "kv_heads: 8", "kv_heads: 32", "mixtral-8x7b")

    faults = [str(fault) for fault in models.check(docs)]

    assert len(faults) == 2
    assert "49,119,924,224 parameters are counted" not in faults[0]
    assert "parameters are counted and 46.7B are advertised; correct config, or give the `reason`" in faults[0]
    assert ":9:3:" in faults[0]


def test_an_unknown_field_names_the_nearest(docs: Path) -> None:
    path, line = edit(docs, "kv_heads:", "kv_head:")

    [fault] = models.check(docs)

    assert str(fault) == f"{path}:{line}:3: unknown key `kv_head`; did you mean `kv_heads`?"


def test_a_missing_field_says_what_it_is_for(docs: Path) -> None:
    edit(docs, "organisation: Meta\n", "")

    [fault] = models.check(docs)

    assert "`organisation` is missing; add it: who made it" in str(fault)


def test_a_wrong_type_is_refused_with_its_line(docs: Path) -> None:
    path, line = edit(docs, "layers: 32", "layers: many")

    [fault] = models.check(docs)

    assert str(fault).startswith(f"{path}:{line}:")
    assert "`config.layers`: 'many' is not of type 'integer'" in str(fault)


def test_broken_yaml_is_one_finding_with_its_place(docs: Path) -> None:
    path, _ = edit(docs, "licence: ", "licence: [")

    faults = [str(fault) for fault in models.check(docs)]

    assert len(faults) == 1
    assert faults[0].startswith(f"{path}:")
    assert "not YAML" in faults[0]


def test_an_unknown_model_names_the_nearest() -> None:
    with pytest.raises(DataError, match='unknown model "llama-2-17b"; did you mean "llama-2-'):
        models.get(DOCS, "llama-2-17b")


def test_an_architecture_without_a_page_is_refused(docs: Path) -> None:
    path = docs / "_data/architectures/x.yml"
    path.write_text(
        "name: X\nshort: X\nfamily: recurrent\npage: architectures/recurrent/x.md\n"
        "introduced: {date: '2020'}\nadded: 2026-01-01\n",
        encoding="utf-8",
    )

    [fault] = specs.check(docs)

    assert str(fault) == f"{path}:4:1: there is no page `architectures/recurrent/x.md`; write it, or correct the path"


def test_a_bar_that_would_end_a_cell_of_a_table_is_refused(docs: Path) -> None:
    path = docs / "_data/architectures/gone.yml"
    path.write_text(
        "name: Gone\nshort: Gone\nfamily: recurrent\npage: here.md\nintroduced: {date: 2020}\n"
        'added: 2026-11-29\ncompare:\n  Read: "$|q n|$"\n',
        encoding="utf-8",
    )
    (docs / "here.md").write_text("text\n", encoding="utf-8")

    (fault,) = [fault for fault in specs.check(docs) if "compare" in str(fault)]
    assert fault.line == 8
    assert "\\lvert" in str(fault)


def test_a_build_looks_at_the_files_once_and_sees_changes_afterwards(docs: Path) -> None:
    documents.hold()
    try:
        before = models.load(docs)
        edit(docs, "name: Llama 2 7B", "name: Another name")
        during = models.load(docs)
    finally:
        documents.release()

    assert during is before
    assert models.load(docs)["llama-2-7b"].name.startswith("Another name")


def test_asking_for_a_model_costs_next_to_nothing_in_a_build() -> None:
    documents.hold()
    try:
        models.load(DOCS)
        start = time.process_time()
        for _ in range(1000):
            models.get(DOCS, "mixtral-8x7b").parameters  # noqa: B018
        spent = time.process_time() - start
    finally:
        documents.release()

    assert spent < 0.5


def test_a_configured_value_is_a_number_for_sums_or_an_error() -> None:
    llama = models.get(DOCS, "llama-2-7b")
    assert llama.number("width") == 4096
    with pytest.raises(DataError, match="`norm` of llama-2-7b is not a number"):
        llama.number("norm")
