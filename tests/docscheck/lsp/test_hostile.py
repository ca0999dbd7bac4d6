"""A client that sends what no client should: the server answers, and the session goes on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lsp_client import Client

HOME = "# Home\n\nSee [lids](more.md#deep-end).\n"
INVALID, UNKNOWN = -32602, -32601
HERE = {"line": 2, "character": 14}
ADDRESSES = (
    *("", "not an address", "untitled:one", "http://example.org/x.md", "vscode-notebook-cell:/x.md#C1", "file:///etc/hosts"),
    *("file://host/share/x.md", "file:///%00.md", "file:///%zz%ff.md", "file:///" + "a" * 5000 + ".md", "file:///.."),
)  # fmt: skip
TEXTS = {
    "nothing": "",
    "control characters": "a\0b\x1b[31m [x](y.md)\x08",
    "half a character": "\ud800 [x](y.md)",
    "line ends": "\r" * 5_000 + "\u2028\x85\x0b",
    "quotes in quotes": ">" * 2_000 + " x",
    "lists in lists": "".join("  " * depth + "- a\n" for depth in range(120)),
    "boxes in boxes": "".join("    " * depth + "!!! note\n" for depth in range(120)),
    "brackets": "[" * 5_000 + "](" * 5_000,
    "marks of code": "`" * 5_001 + "\n" + "`a" * 5_000,
    "emphasis": "*a " * 5_000,
    "tags": "<div>" * 3_000,
    "a table": "|" * 5_000 + "\n" + "|-" * 5_000 + "|\n",
    "front matter that holds itself": "---\na: &a [*a]\nb: " + "[" * 3_000 + "\n---\n# x\n",
    "one long line": "[x](y.md) " * 3_000,
    "many lines": "See [x](y.md) and more.\n" * 3_000,
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("hostile")
    (root / "docs").mkdir()
    for name, text in {"mkdocs.yml": "site_name: S\n", "docs/index.md": HOME, "docs/more.md": "## Deep end\n"}.items():
        (root / name).write_text(text, "utf-8")
    return root


@pytest.fixture(scope="module")
def client(site: Path) -> Iterator[Client]:
    started = Client(site)
    started.open(site / "docs/index.md")
    yield started
    assert started.stop() == 0


def is_well(client: Client, site: Path) -> bool:
    """Tell whether a page's faults are still found and its places known."""
    page = site / "docs/index.md"
    found = [one["code"] for one in client.change(page, HOME.replace("#deep-end", "#no-end"))]
    return found == ["LNK201"] and client.at("hover", page, **HERE) is not None


@pytest.mark.parametrize(
    "body",
    [
        *(b"{nonsense", b"null", b"[]", b"[1, 2]", b'"text"', b"{}", b"\xff\xfe{}", b'{"jsonrpc": "2.0"}'),
        b'{"jsonrpc": "1.0", "method": "x"}',
        b'{"jsonrpc": "2.0", "id": 7, "result": 1}',
        b'{"jsonrpc": "2.0", "id": {}, "method": 5}',
        b'{"jsonrpc": "2.0", "id": "none", "error": {"code": 1, "message": "x"}}',
        b'{"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": 424242}}',
        b'{"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {"textDocument": 3}}',
        b'{"jsonrpc": "2.0", "method": "workspace/didChangeWatchedFiles", "params": {"changes": [{"uri": 1}]}}',
    ],
)  # fmt: skip
def test_what_is_no_message_ends_nothing(client: Client, site: Path, body: bytes) -> None:
    client.send(body)

    assert is_well(client, site)


@pytest.mark.parametrize("method", ["hover", "definition", "completion", "codeAction"])
def test_every_request_is_answered(client: Client, site: Path, method: str) -> None:
    """A client waits for each answer: also to a request that cannot be understood."""
    address = (site / "docs/index.md").as_uri()
    wrong: list[Any] = [None, [], {}, "x", {"textDocument": None}, {"textDocument": {"uri": 5}, "position": "x"}]
    for line, character in ((-1, -1), (2**40, 0), ("a", None)):
        at = {"line": line, "character": character}
        wrong.append({"textDocument": {"uri": address}, "position": at, "range": {"start": at, "end": at}})
    for params in wrong:
        assert client.answer_to(f"textDocument/{method}", params)["error"]["code"] == INVALID, params

    assert client.answer_to(f"{method}/unheard", {})["error"]["code"] == UNKNOWN
    assert is_well(client, site)


def test_places_beyond_the_text(client: Client, site: Path) -> None:
    page = site / "docs/index.md"
    far, start = {"line": 2**31 - 1, "character": 2**31 - 1}, {"line": 0, "character": 0}
    for method in ("hover", "definition", "completion"):
        assert client.at(method, page, **far) in (None, {"isIncomplete": False, "items": []})
    turned = {"range": {"start": far, "end": start}, "context": {"diagnostics": []}}

    assert client.ask("textDocument/codeAction", {"textDocument": {"uri": page.as_uri()}, **turned}) == []
    for edge in ({"start": far, "end": start}, {"start": start, "end": far}):
        change = {
            "textDocument": {"uri": page.as_uri(), "version": 1},
            "contentChanges": [{"range": edge, "text": "z"}],
        }
        client.tell("textDocument/didChange", change)
    assert is_well(client, site)


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_that_lead_nowhere(client: Client, site: Path, address: str) -> None:
    """They may be opened, changed, asked about and closed twice; nothing is found in them."""
    named = {"uri": address, "languageId": "markdown", "version": 1, "text": "# x\n\n[a](b.md)\n"}
    client.tell("textDocument/didOpen", {"textDocument": named})
    changed = {"textDocument": {"uri": address, "version": 2}, "contentChanges": [{"text": "[a](c.md)"}]}
    client.tell("textDocument/didChange", changed)
    place = {"textDocument": {"uri": address}, "position": {"line": 0, "character": 5}}
    assert client.ask("textDocument/hover", place) is None
    for _ in range(2):
        client.tell("textDocument/didClose", {"textDocument": {"uri": address}})

    assert is_well(client, site)
    assert not any(
        message["params"]["diagnostics"]
        for message in client.said
        if message["method"] == "textDocument/publishDiagnostics" and message["params"]["uri"] == address
    )


@pytest.mark.parametrize("name", TEXTS)
def test_texts_that_no_author_writes(client: Client, site: Path, name: str) -> None:
    page = site / "docs/index.md"
    client.change(page, TEXTS[name])
    client.at("hover", page, 0, 3)
    client.at("completion", page, 0, 3)

    assert is_well(client, site)


def test_a_line_without_end_keeps_nobody_waiting(client: Client, site: Path) -> None:
    """Questions are answered while it is checked, the next text ends the check, and what is left out is said."""
    page, more = site / "docs/index.md", site / "docs/more.md"
    client.open(more)
    long = "[x](y.md) " * 35_000

    client.type(page, long)
    time.sleep(0.2)  # the check has begun
    client.at("hover", more, 0, 3)
    assert client.version(page) not in published(client, page)

    told = client.findings(page)
    assert [one.get("code") for one in told[:-2]] == ["LNK101"] * 500
    assert "500 of 35,000 findings are shown" in told[-2]["message"]
    assert "350,000 characters, more than 300,000" in told[-1]["message"]
    assert client.actions(page, 0, 3) == []

    client.type(page, long)
    time.sleep(0.2)  # a page that took long is checked after a longer pause
    skipped = client.version(page)
    client.open(page)
    client.type(page, long)
    time.sleep(0.2)
    given_up = client.version(page)
    assert is_well(client, site)
    assert not {skipped, given_up} & published(client, page)


def published(client: Client, page: Path) -> set[int]:
    """The versions of a page of which something has been said."""
    params = [said["params"] for said in client.said if said["method"] == "textDocument/publishDiagnostics"]
    return {one["version"] for one in params if one["uri"] == page.as_uri() and one.get("version")}


def test_folders_that_are_none(client: Client, site: Path) -> None:
    event = {"added": [{"uri": "untitled:x", "name": "x"}, {"uri": "file:///nowhere", "name": "n"}], "removed": []}
    client.tell("workspace/didChangeWorkspaceFolders", {"event": event})
    assert is_well(client, site)
    client.tell("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": event["added"]}})

    assert is_well(client, site)
