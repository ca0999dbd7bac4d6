"""Edits: applied where certain, refused where anything else would change, and nothing of a text is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from docscheck import fixes, rendering
from docscheck.cli import main
from docscheck.config import Config
from docscheck.diagnostics import Edit
from docscheck.engine import DEFAULTS
from docscheck.fixes import fixed
from docscheck.page import Page
from docscheck.rewriting import applied, diff
from docscheck.rules import RULES
from docscheck.site import Site
from docscheck.source import Source, Span


def page(text: str) -> Page:
    """A page of its own."""
    config = Config(Path("nowhere/mkdocs.yml"), DEFAULTS)
    made = Page(Source("page.md", text), config, "page.md", Site(config))
    assert made.site is not None
    made.site.add(made)
    return made


def test_an_edit_replaces_its_span_only() -> None:
    assert applied("abcdef", Edit(Span(2, 4), "X")) == "abXef"
    assert applied("abc", Edit(Span(3, 3), '"')) == 'abc"'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('!!! note "Open\n    Body.\n', '!!! note "Open"\n    Body.\n'),
        ("!!! note “Curly”\n    Body.\n", '!!! note "Curly"\n    Body.\n'),
        ('!! note "Few"\n    Body.\n', '!!! note "Few"\n    Body.\n'),
        ('!!! note: "Colon"\n    Body.\n', '!!! note "Colon"\n    Body.\n'),
        ('???- note "Folded"\n    Body.\n', '??? note "Folded"\n    Body.\n'),
        ("Three things:\n- one\n- two\n", "Three things:\n\n- one\n- two\n"),
        ("- one\n-two\n- three\n", "- one\n- two\n- three\n"),
        ("Look at the the end of it.\n", "Look at the end of it.\n"),
        ("Twenty&nbsp decibels.\n", "Twenty&nbsp; decibels.\n"),
        ("It looks at the\nthe end of every line of the file.\n", "It looks at\nthe end of every line of the file.\n"),
        ("The library is small , fast and free.\n", "The library is small, fast and free.\n"),
        ("The library is small ,fast and free.\n", "The library is small, fast and free.\n"),
        ("This is the full buffer . You can stop it.\n", "This is the full buffer. You can stop it.\n"),
        ("This is what you need for the start :\n\n- a key\n", "This is what you need for the start:\n\n- a key\n"),
        ("It returns a error for each of the pairs.\n", "It returns an error for each of the pairs.\n"),
        ("- a\n  - b\n    wrapped\n  - c\n    - d\n- e\n", "- a\n    - b\n      wrapped\n    - c\n        - d\n- e\n"),
        ("1. a\n   - b\n\n   - c\n\n2. d\n", "1. a\n    - b\n\n    - c\n\n2. d\n"),
        ("1. Open it.\n\n   Then wait\n   for a while.\n\n2. Close it.\n",
         "1. Open it.\n\n    Then wait\n    for a while.\n\n2. Close it.\n"),
        ("- Open it.\n\n  ```sh\n  ls\n\n    -l\n  ```\n\n  Then wait.\n\n- Close it.\n",
         "- Open it.\n\n    ```sh\n    ls\n\n      -l\n    ```\n\n    Then wait.\n\n- Close it.\n"),
        ("- Open it.\n    - The left one.\n\n  Then wait.\n\n- Close it.\n",
         "- Open it.\n    - The left one.\n\n    Then wait.\n\n- Close it.\n"),
        # What one edit shows, another mends: both are made, or none.
        ("Two things:\n- one\n  - half\n- two\n", "Two things:\n\n- one\n    - half\n- two\n"),
        # The link was not seen before, so its text was not judged.
        ("More is told (here)[https://example.net/more].\n", "More is told [here](https://example.net/more).\n"),
        ('!!! note "Two faults\n    Body.\n\nThree things:\n- one\n- two\n',
         '!!! note "Two faults"\n    Body.\n\nThree things:\n\n- one\n- two\n'),
    ],
)  # fmt: skip
def test_certain_faults_are_mended(before: str, after: str) -> None:
    assert fixed(page(before)) == after
    assert fixed(page(after)) == after


@pytest.mark.parametrize(
    "text",
    [
        "[Somewhere](nowhere.md) and **open.\n",
        "After that it would like like the picture below.\n",  # "look like"
        "If if does not hold a line, it is dropped.\n",  # "If it"
        "It reads the latitude an longitude of every point.\n",  # "and"
        "There you see a applications that were stopped before.\n",  # without an article
        "The plugin is active. . You can stop it.\n",
        "- a\n  - b\n\n    Another paragraph.\n",  # whose depth the items' does not tell
        "- a\n  - b\n   - c\n",  # nested, or not
        "- Open it.\n\n  Then wait\n for a while.\n",  # of which the second line stands outside
        "- Open it.\n\n  | one | two |\n  | --- | --- |\n  | a | b |\n",
        "- a\n  ```sh\n  x\n  ```\n  - b\n",
        "[A book](https://www.amazon.com/dp/0131103628?tag=ours-21)\n",  # with which its author earns
    ],
)
def test_a_fault_without_a_certain_remedy_stays(text: str) -> None:
    assert fixed(page(text)) == text


def test_parameters_under_the_site_s_own_domain_stay(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = site.parents[1] / "mkdocs.yml"
    settings.write_text("site_name: x\nsite_url: https://docs.example.net/\n", encoding="utf-8")
    text = "# Prices\n\n[Ours](https://shop.example.net/?utm_source=docs), [theirs](https://shop.example.org/{}).\n"
    site.write_text(text.format("?utm_source=docs"), encoding="utf-8")
    assert main(["--fix", "--format", "concise"]) == 1
    assert site.read_text(encoding="utf-8") == text.format("")
    assert capsys.readouterr().out.count("REF122") == 1


def test_a_list_is_set_deeper_only_where_its_text_stays(site: Path) -> None:
    before = "- a\n  - b `one  two`\n      - c\n- d\n\n  - e\n"
    site.write_text(f"# Lists\n\n{before}", encoding="utf-8")
    main(["--fix"])
    after = "- a\n    - b `one  two`\n        - c\n- d\n\n    - e\n"
    assert site.read_text(encoding="utf-8") == f"# Lists\n\n{after}"


@pytest.mark.parametrize(
    "text",
    [
        '<!-- docscheck: ignore BOX101 -->\n\n!!! note "Open\n    Body.\n',
        '!!! note "Open\n    Body.\n\n<!-- docscheck: ignore-file unclosed-title -->\n',
    ],
)
def test_what_is_let_stand_is_not_mended(text: str) -> None:
    assert fixed(page(text)) == text


def test_only_what_is_selected_is_mended() -> None:
    text = '!!! note "Open\n    Body.\n\nThree things:\n- one\n- two\n'
    assert fixed(page(text), select=["LST"]) == text.replace("things:\n", "things:\n\n")
    assert fixed(page(text), ignore=["swallowed-list"]) == text.replace("Open", 'Open"')


def test_what_the_site_s_settings_ignore_is_not_mended(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = '!!! note "Open\n    Body.\n\nThree things:\n- one\n- two\n'
    site.write_text(text, encoding="utf-8")
    with (site.parents[1] / "mkdocs.yml").open("a", encoding="utf-8") as settings:
        settings.write("extra: {docscheck: {ignore: [LST101]}}\n")
    main(["--fix", "--ignore", "HDG"])
    assert site.read_text(encoding="utf-8") == text.replace("Open", 'Open"')
    assert capsys.readouterr().err == "docscheck: fixed docs/index.md\n"


def test_an_edit_that_would_change_other_lines_is_refused() -> None:
    # A blank line before the item would also end the quote that the paragraph belongs to.
    text = "> Three things:\n> - one\n> - two\n"
    assert fixed(page(text)) == text


_FAULTS = (
    '!!! note "Open\n    Body.\n',
    "Look at the the end of it.\n",
    "> Three things:\n> - one\n> - two\n",  # of which the edit is refused
    "Three things:\n- one\n- two\n",
    "It returns a error for each of the pairs.\n",
    "- a\n  - b\n  - c\n",
    "More is told (here)[https://example.net/more].\n",
)


def test_edits_far_apart_are_judged_with_few_renderings(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what comes of it is what comes of judging them one by one."""
    rendered = []
    render = rendering.render
    monkeypatch.setattr(rendering, "render", lambda page: rendered.append(page) or render(page))
    parts = [f"{fault}\nText between part {number} and the next.\n" for number, fault in enumerate(_FAULTS * 6)]
    text = "\n".join(parts)
    together = fixed(page(text))
    few = len(rendered)
    rendered.clear()
    monkeypatch.setattr(fixes, "parts_apart", lambda *_: [])
    assert fixed(page(text)) == together != text
    assert few * 2 < len(rendered)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "mkdocs.yml").write_text("site_name: x\nmarkdown_extensions: [admonition]\n", encoding="utf-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_bytes(b'!!! note "Open\r\n    Body.\r\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path / "docs" / "index.md"


def test_diff_shows_and_writes_nothing(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = site.read_bytes()
    assert main(["--diff"]) == 0
    assert '+!!! note "Open"' in capsys.readouterr().out
    assert site.read_bytes() == before


def test_fix_writes_with_the_line_ends_the_file_has(site: Path) -> None:
    assert main(["--fix"]) == 0
    assert site.read_bytes() == b'!!! note "Open"\r\n    Body.\r\n'


def test_fix_keeps_the_rights_of_a_file(site: Path) -> None:
    site.chmod(0o640)
    assert main(["--fix"]) == 0
    assert site.stat().st_mode & 0o7777 == 0o640


def test_fix_leaves_a_read_only_file_alone_and_mends_the_others(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = site.read_bytes()
    other = site.with_name("other.md")
    other.write_bytes(before)
    site.chmod(0o444)
    assert main(["--fix"]) == 1
    told = capsys.readouterr()
    assert "left docs/index.md as it is: it is read-only" in told.err
    assert "fixed docs/other.md" in told.err
    assert "docs/index.md" in told.out
    assert (site.read_bytes(), site.stat().st_mode & 0o7777) == (before, 0o444)
    assert other.read_bytes() != before


def test_every_rule_that_promises_a_fix_has_one() -> None:
    """The pages say where `--fix` helps; the examples show that it does."""
    pages = Path(__file__).resolve().parents[2] / "docs" / "contribute" / "checks"
    promised = [rule.name for rule in RULES if "`--fix` " in (pages / f"{rule.name}.md").read_text(encoding="utf-8")]
    assert len(promised) > 5
    for name in promised:
        text = (pages / f"{name}.md").read_text(encoding="utf-8").split("## Bad")[1]
        if 'title="' in text.split("## Good")[0]:
            continue  # an example of several files
        bad = text.split("````markdown", 1)[1].split("\n", 1)[1].split("````", 1)[0]
        assert fixed(page(bad)) != bad, name


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'a\r\n\r\n!!! note "Open\r\n    Body.\r\n\r\nb\n', b'a\r\n\r\n!!! note "Open"\r\n    Body.\r\n\r\nb\n'),
        (b'a\n\n!!! note "Open\n    Body.\n\nb\r\nc\n', b'a\n\n!!! note "Open"\n    Body.\n\nb\r\nc\n'),
        (b"Three:\r- one\r- two", b"Three:\r\r\n- one\r- two"),
        (b'a\r\rb\n\n!!! note "Open\n    Body.\n', b'a\r\rb\n\n!!! note "Open"\n    Body.\n'),
    ],
)
def test_each_line_keeps_its_own_end(site: Path, before: bytes, after: bytes) -> None:
    site.write_bytes(before)
    main(["--fix", "--select", "BOX,LST"])
    assert site.read_bytes() == after


def test_a_patch_has_the_lines_that_git_sees() -> None:
    patch = diff("x.md", "a\x0cb\u2028c\nd", "a\x0cb\u2028c\ne\n")
    assert patch.splitlines(keepends=False)[-1] == "+e"
    assert patch.split("\n")[3:] == [" a\x0cb\u2028c", "-d", "\\ No newline at end of file", "+e", ""]
