"""Whole sessions with the server over standard input and output."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from lsp_client import Client, edited

SETTINGS = """\
site_name: Example
theme: {name: material}
plugins: [search, bibtex: {bib_file: refs.bib}]
markdown_extensions: [admonition, footnotes, attr_list, toc, pymdownx.details, pymdownx.superfences, pymdownx.snippets]
"""
BIB = """\
@article{vaswani2017attention,
  title = {Attention Is All You Need},
  author = {Vaswani, Ashish and Shazeer, Noam and Parmar, Niki},
  year = {2017},
  annotation = {The transformer.},
}

@misc{gu2023mamba,
  title = {{Mamba}: Linear-Time Sequence Modeling},
  author = {Gu, Albert and Dao, Tri},
  year = 2023,
}
"""
HOME = "# Home\n\nSee [lids](guide/more.md#deep-end) and [@gu2023mamba].\n\n!!! note\n\n    Fine.\n"
MORE = "---\ntitle: More of it\ndescription: The rest.\n---\n\n# More\n\n## Deep end\n\nWords stand here.\n"


def a_site(root: Path) -> Path:
    files = {"mkdocs.yml": SETTINGS, "refs.bib": BIB, "docs/index.md": HOME, "docs/guide/more.md": MORE}
    files["docs/part.txt"] = "before\n# --8<-- [start:middle]\nwithin\n# --8<-- [end:middle]\n"
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return root


def a_session(site: Path) -> Iterator[Client]:
    started = Client(site)
    yield started
    if started.process.poll() is None:
        assert started.stop() == 0
    assert not any("Traceback" in line for line in started.errors), "".join(started.errors)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A small site."""
    return a_site(tmp_path)


@pytest.fixture
def client(site: Path) -> Iterator[Client]:
    """A client with the site as its workspace."""
    yield from a_session(site)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client for tests that only ask."""
    yield from a_session(a_site(tmp_path_factory.mktemp("kept")))


def codes(found: list[dict[str, object]]) -> list[object]:
    return [one["code"] for one in found]


def test_findings_come_while_typing_and_go_when_mended(site: Path, client: Client) -> None:
    page = site / "docs/index.md"
    assert client.open(page) == []
    broken = HOME.replace("!!! note", '!!! note "Open')
    (found,) = client.change(page, broken)
    assert (found["code"], found["severity"], found["source"]) == ("BOX101", 1, "docscheck")
    assert found["range"] == {"start": {"line": 4, "character": 9}, "end": {"line": 4, "character": 10}}
    assert "never closed" in found["message"]
    assert client.change(page, HOME) == []


def test_only_the_last_of_many_changes_is_told(site: Path, client: Client) -> None:
    page = site / "docs/index.md"
    client.open(page)
    before = len(client.said)
    for number in range(20):
        client.type(page, HOME + "\nWord" * number)
    assert client.findings(page) == []
    told = [m for m in client.said[before:] if m["method"] == "textDocument/publishDiagnostics"]
    assert len(told) < 10


def test_columns_are_counted_in_utf_16(kept: Client) -> None:
    page = kept.folder / "docs/index.md"
    line = "𝔸 café 🙂🙂 [gone](gone.md) 🙂"
    (found,) = kept.open(page, f"# Home\n\n{line}\n")
    units = len(line[: line.index("gone.md")].encode("utf-16-le")) // 2
    assert found["range"]["start"] == {"line": 2, "character": units}
    assert found["range"]["end"] == {"line": 2, "character": units + 7}
    assert kept.at("hover", page, 2, units + 3)["range"] == found["range"]


def test_the_encoding_is_the_client_s_choice(site: Path) -> None:
    client = Client(site, general={"positionEncodings": ["utf-8", "utf-16"]})
    agreed = client.answer["capabilities"]["positionEncoding"]
    line = "𝔸 café 🙂 [gone](gone.md)"
    (found,) = client.open(site / "docs/index.md", f"# Home\n\n{line}\n")
    before = line[: line.index("gone.md")]
    width = {"utf-8": len(before.encode()), "utf-16": len(before.encode("utf-16-le")) // 2}[agreed]
    assert found["range"]["start"]["character"] == width
    assert client.stop() == 0


def test_line_ends_of_windows_and_a_byte_order_mark_move_nothing(kept: Client) -> None:
    page = kept.folder / "docs/index.md"
    (found,) = kept.open(page, "\ufeff# Home\r\n\r\nSee [gone](gone.md).\r\n")
    assert found["range"]["start"] == {"line": 2, "character": 11}


def test_hover_tells_the_rule_the_entry_and_the_target(kept: Client) -> None:
    page = kept.folder / "docs/index.md"
    kept.open(page, HOME.replace("!!! note", '!!! note "Open'))
    rule = kept.at("hover", page, 4, 9)["contents"]["value"]
    assert "BOX101" in rule
    assert "The parser recognises a header only as a whole" in rule
    assert "Add the missing" in rule
    entry = kept.at("hover", page, 2, HOME.splitlines()[2].index("mamba"))["contents"]["value"]
    assert "Mamba: Linear-Time Sequence Modeling" in entry
    assert "Gu and Dao 2023" in entry
    target = kept.at("hover", page, 2, 8)["contents"]["value"]
    assert "More of it › Deep end" in target
    assert "The rest." in target
    assert kept.at("hover", page, 0, 3) is None


@pytest.mark.parametrize(
    ("line", "expected", "other"),
    [
        ("Said by [@gu", "gu2023mamba", "guide/more.md"),
        ("Said by [@gu2023mamba; @", "vaswani2017attention", "guide/more.md"),
        ("See [lids](", "guide/more.md", "vaswani2017attention"),
        ("See [lids](guide/more.md#", "deep-end", "home"),
        ("See [here](#", "home", "deep-end"),
        ("!!! ", "warning", "details"),
        ("??? wa", "warning", "note"),
        ('--8<-- "', "docs/", "home"),
        ('--8<-- "docs/part.txt:', "middle", "home"),
        ("A note[^", "first", "home"),
        ("By label [text][", "far", "home"),
    ],
)
def test_what_can_be_written_is_offered(kept: Client, line: str, expected: str, other: str) -> None:
    page = kept.folder / "docs/index.md"
    text = f"# Home\n\n🙂 x\n\n{line}\n\n[^first]: A note.\n\n[far]: guide/more.md\n"
    kept.open(page, text)
    labels = kept.labels(page, 4, len(line))
    assert expected in labels
    assert other not in labels


def test_a_completion_replaces_what_was_typed(kept: Client) -> None:
    page = kept.folder / "docs/index.md"
    text = "# Home\n\n🙂🙂 [@vas\n"
    kept.open(page, text)
    items = kept.at("completion", page, 2, len("xxxx [@vas"))["items"]
    (item,) = [item for item in items if item["label"] == "vaswani2017attention"]
    assert edited(text, [item["textEdit"]]) == "# Home\n\n🙂🙂 [@vaswani2017attention\n"
    assert "Attention Is All You Need" in item["documentation"]["value"]


def test_nothing_is_suggested_in_code(kept: Client) -> None:
    page = kept.folder / "docs/index.md"
    kept.open(page, "# Home\n\n```md\n!!! \n```\n")
    assert kept.labels(page, 3, 4) == []


@pytest.mark.parametrize(
    ("place", "file", "line"),
    [
        ((2, 8), "docs/guide/more.md", 7),
        ((2, HOME.splitlines()[2].index("gu2023")), "refs.bib", 7),
        ((8, 12), "docs/part.txt", 1),
        ((10, 4), "docs/index.md", 12),
    ],
)
def test_a_definition_is_found(kept: Client, place: tuple[int, int], file: str, line: int) -> None:
    page = kept.folder / "docs/index.md"
    kept.open(page, f'{HOME}\n--8<-- "docs/part.txt:middle"\n\nA[^n] note.\n\n[^n]: Here.\n')
    found = kept.at("definition", page, *place)
    assert found["uri"] == (kept.folder / file).as_uri()
    assert found["range"]["start"]["line"] == line


def test_a_fix_is_offered_and_mends(kept: Client) -> None:
    page = kept.folder / "docs/index.md"
    text = HOME.replace("!!! note", '!!! note "🙂 Open')
    kept.open(page, text)
    offered = kept.actions(page, 4, 12)
    fix = next(action for action in offered if action.get("isPreferred"))
    (change,) = fix["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": page.as_uri(), "version": kept.version(page)}
    mended = edited(text, change["edits"])
    assert mended == HOME.replace("!!! note", '!!! note "🙂 Open"')
    assert kept.change(page, mended) == []


def test_what_may_have_been_meant_is_a_choice(kept: Client) -> None:
    page = kept.folder / "docs/index.md"
    text = HOME.replace("guide/more.md#", "guide/mor.md#")
    kept.open(page, text)
    titles = {action["title"]: action for action in kept.actions(page, 2, 14)}
    choice = titles["Change to `guide/more.md#deep-end`"]
    assert not choice.get("isPreferred")
    assert edited(text, choice["edit"]["documentChanges"][0]["edits"]) == HOME


def test_a_finding_can_be_let_stand(kept: Client) -> None:
    page = kept.folder / "docs/index.md"
    text = HOME.replace("guide/more.md#deep-end", "lost.md")
    kept.open(page, text)
    (stand,) = [action for action in kept.actions(page, 2, 12) if "Ignore " in action["title"]]
    after = edited(text, stand["edit"]["documentChanges"][0]["edits"])
    assert "<!-- docscheck: ignore LNK101 -->" in after
    assert kept.change(page, after) == []


def test_all_certain_fixes_at_once(kept: Client) -> None:
    page = kept.folder / "docs/index.md"
    text = '# Home\r\n\r\n!!! note "One\r\n    Text 🙂.\r\n\r\nWords.\r\n\r\n!!! tip "Two\r\n    Text.\r\n'
    kept.open(page, text)
    (action,) = kept.actions(page, 0, 0, only=["source.fixAll"])
    edits = action["edit"]["documentChanges"][0]["edits"]
    assert all("\r\n" in edit["newText"] for edit in edits)
    mended = edited(text, edits)
    assert mended.replace("\r\n", "\n") == text.replace("\r\n", "\n").replace("One", 'One"').replace("Two", 'Two"')
    assert kept.actions(page, 0, 0, only=["refactor"]) == []


def test_an_open_page_counts_before_it_is_saved(site: Path, client: Client) -> None:
    home, more = site / "docs/index.md", site / "docs/guide/more.md"
    client.open(home)
    client.open(more)
    client.change(more, MORE.replace("Deep end", "Shallow end"))
    found = client.published(home.as_uri(), lambda params: params["diagnostics"])
    assert codes(found) == ["LNK201"]
    new = site / "docs/new.md"
    client.open(new, "# New\n\nAn unsaved page.\n")
    assert client.change(home, "# Home\n\nSee [new](new.md).\n") == []
    client.close(new)
    found = client.published(home.as_uri(), lambda params: params["diagnostics"])
    assert codes(found) == ["LNK101"]


def test_what_changes_on_disk_is_seen(site: Path, client: Client) -> None:
    home = site / "docs/index.md"
    assert client.open(home) == []
    (site / "docs/guide/more.md").rename(site / "docs/guide/other.md")
    client.tell("workspace/didChangeWatchedFiles", {"changes": []})
    found = client.published(home.as_uri(), lambda params: params["diagnostics"])
    assert codes(found) == ["LNK101"]
    (site / "docs/guide/other.md").rename(site / "docs/guide/more.md")
    client.tell("workspace/didChangeWatchedFiles", {"changes": []})
    client.published(home.as_uri(), lambda params: not params["diagnostics"])


def test_broken_settings_are_told_where_they_are_and_the_last_ones_hold(site: Path, client: Client) -> None:
    home, settings = site / "docs/index.md", site / "mkdocs.yml"
    broken = HOME.replace("!!! note", '!!! note "Open')
    assert codes(client.open(home, broken)) == ["BOX101"]
    settings.write_text(SETTINGS + "nav: [\n", "utf-8")
    client.tell("workspace/didChangeWatchedFiles", {"changes": []})
    (fault,) = client.published(settings.as_uri(), lambda params: params["diagnostics"])
    assert fault["severity"] == 1
    assert codes(client.change(home, broken + "\nMore.\n")) == ["BOX101"]
    settings.write_text(SETTINGS, "utf-8")
    client.tell("workspace/didChangeWatchedFiles", {"changes": []})
    client.published(settings.as_uri(), lambda params: not params["diagnostics"])


def test_settings_that_were_never_right_judge_nothing(site: Path) -> None:
    (site / "mkdocs.yml").write_text("site_name: [\n", "utf-8")
    client = Client(site)
    assert client.open(site / "docs/index.md", '# A\n\n!!! note "Open\n') == []
    assert client.published((site / "mkdocs.yml").as_uri())
    (site / "mkdocs.yml").write_text(SETTINGS, "utf-8")
    client.tell("workspace/didChangeWatchedFiles", {"changes": []})
    found = client.published((site / "docs/index.md").as_uri(), lambda params: params["diagnostics"])
    assert codes(found) == ["BOX101"]
    assert client.stop() == 0


def test_files_that_are_no_pages_are_left_alone(site: Path, client: Client) -> None:
    readme = site / "README.md"
    readme.write_text('!!! note "Open\n', "utf-8")
    document = {"languageId": "markdown", "version": 1, "text": '!!! note "Open\n'}
    for address in (readme.as_uri(), "untitled:Untitled-1", "git:/docs/index.md", "file:///nowhere/docs/a.md"):
        client.tell("textDocument/didOpen", {"textDocument": {"uri": address, **document}})
        place = {"textDocument": {"uri": address}, "position": {"line": 0, "character": 3}}
        assert client.ask("textDocument/hover", place) is None
    assert client.open(site / "docs/index.md") == []
    addresses = {m["params"]["uri"] for m in client.said if m["method"] == "textDocument/publishDiagnostics"}
    assert addresses <= {(site / "docs/index.md").as_uri(), (site / "mkdocs.yml").as_uri()}


def test_two_workspaces_have_settings_of_their_own(site: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "mkdocs.yml").write_text("site_name: Other\ndocs_dir: pages\n", "utf-8")
    (other / "pages").mkdir()
    page = other / "pages/index.md"
    for file in (page, other / "pages/only.md"):
        file.write_text("# Other\n\nWords.\n", "utf-8")
    client = Client(site, folders=[site, other])
    text = "# Home\n\nSee [it](only.md).\n"
    assert codes(client.open(site / "docs/index.md", text)) == ["LNK101"]
    assert client.open(page, text) == []
    assert client.labels(page, 2, 9) == ["only.md"]
    assert client.stop() == 0


def test_a_closed_page_is_taken_back(site: Path, client: Client) -> None:
    home = site / "docs/index.md"
    assert client.open(home, '# A\n\n!!! note "Open\n')
    client.close(home)
    client.published(home.as_uri(), lambda params: not params["diagnostics"])


def test_a_server_ends_when_its_client_does(site: Path) -> None:
    client = Client(site)
    client.open(site / "docs/index.md")
    assert client.process.stdin is not None
    client.process.stdin.close()
    client.process.wait(30)


def test_without_pygls_the_command_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from docscheck import lsp

    monkeypatch.setattr(lsp, "find_spec", lambda name: None)
    assert lsp.main([]) == 2
    assert "install the extra `lsp`" in capsys.readouterr().err
    assert lsp.main(["--port"]) == 2
    assert lsp.main(["--help"]) == 0


def test_the_answer_to_a_change_is_quick(site: Path, client: Client) -> None:
    page = site / "docs/index.md"
    client.open(page)
    began = time.monotonic()
    client.change(page, HOME.replace("!!! note", '!!! note "Open'))
    assert time.monotonic() - began < 5  # a busy machine; the benchmark measures
