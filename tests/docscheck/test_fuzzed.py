"""Texts that `tests/fuzz.py` found, and a short run of it: what is mended stays mended."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import fuzz
import pytest
from docscheck import check_page
from docscheck.config import Config
from docscheck.fixes import fixed
from docscheck.page import Page
from docscheck.source import Source


@pytest.fixture
def config() -> Config:
    return fuzz.CONFIG


def test_a_fence_where_none_can_stand_is_read(config: Config) -> None:
    page = Page(Source("x.md", "1.  ~~~\n~~~\n"), config)

    assert "pre" in [node.tag for node in page.nodes]


def test_a_label_of_several_lines_is_told_on_one(config: Config) -> None:
    (found,) = check_page("Words.\n\n[a\nb]: https://example.org\n", config=config)

    assert "`a b`" in found.message


def test_an_address_of_several_lines_is_told_on_one(config: Config) -> None:
    (one,) = [one for one in check_page("[text](b\nc.md)\n", config=config) if one.code == "LNK101"]

    assert one.message == "the link leads to `b c.md`, which does not exist"


def test_a_sign_that_yaml_refuses_is_named_on_its_line(config: Config) -> None:
    found = check_page("---\ntitle: A page\nname: a\x0bb\n---\n\n# A page\n\nWords.\n", config=config)
    (one,) = [one for one in found if one.code == "FRM101"]

    assert (one.line, one.message) == (3, "the front matter is not read: the character U+000B is not allowed in YAML")


def test_a_snippet_that_no_file_system_could_hold_is_looked_for(config: Config) -> None:
    assert fixed(Page(Source("x.md", '--8<-- "\ud83d.md"\n'), config))


def test_a_title_that_is_glued_to_the_type_is_not_taken_for_a_slip(config: Config) -> None:
    assert fixed(Page(Source("x.md", "!!!note日本\n"), config)).count("日本") == 1


def test_fixing_twice_is_fixing_once(config: Config) -> None:
    text = '!!! note "/// figure | \x0c| a | b |\n1. ßtitle: x\n<a href=https://example.org{: .'
    once = fixed(Page(Source("x.md", text), config))

    assert once != text
    assert fixed(Page(Source("x.md", once), config)) == once


@pytest.mark.parametrize("target", sorted(fuzz.TARGETS))
def test_a_short_run_finds_nothing(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    few = {"checks": 5, "fixes": 5, "HTML": 40}
    command = ["--target", target, "--executions", str(few.get(target, 300))]

    with ThreadPoolExecutor(1) as thread:  # in this one another test's browser may keep a loop running
        code = thread.submit(fuzz.main, command).result()

    assert code == 0, capsys.readouterr().out
