"""Sessions of an editor made up at random, for `tests/fuzz.py --target "language server"`.

One execution is one message given to the server as the bytes of its body: pages that are opened, typed into, saved and
closed, questions about places inside and outside the text, and messages of the wrong shape. The server has to answer
each request once, keep the client's text, and say nothing of places that are not there.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import logging
import random
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docscheck.lsp import server as module
from docscheck.lsp.features import make

TextOf = Callable[[random.Random], str]
ASKED = ("hover", "definition", "completion", "codeAction")
MALFORMED: tuple[Any, ...] = (None, -1, 2**40, 1.5, "", "x", [], [[]], {}, True, {"line": "1"}, "file:///", "\ud83d")
PAGES = ("index.md", "page.md", "a/b.md", "new.md", "with space.md", "mkdocs.yml", "x.txt")


class BrokenError(AssertionError):
    """What the server did does not hold together."""


class _Listening(logging.Handler):
    """What docscheck's own code logs as a fault, which the server survives and a test should not."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self.said.append(f"{record.getMessage()}: {type(error).__name__}: {error}" if error else record.getMessage())


class Session:
    """A server without a process, and what its client knows of it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fuzz-lsp-"))
        docs = self.folder / "docs"
        (docs / "a").mkdir(parents=True)
        (docs / "index.md").write_text("# Home\n\n[a](page.md#x)\n", "utf-8")
        (docs / "page.md").write_text("# X\n\n## y { #x }\n", "utf-8")
        (self.folder / "refs.bib").write_text("@misc{a1b,\n  title = {A},\n}\n", "utf-8")
        (self.folder / "mkdocs.yml").write_text(
            "site_name: Any\n"
            "plugins: [search, macros: {j2_variable_start_string: '[=', j2_variable_end_string: '=]'}]\n"
            "markdown_extensions: [abbr, admonition, attr_list, def_list, footnotes, md_in_html, tables, "
            "pymdownx.details, pymdownx.superfences, pymdownx.snippets, pymdownx.tabbed, pymdownx.arithmatex, "
            "pymdownx.blocks.admonition, archmarkdown.citations: {bibliography: refs.bib}]\n",
            "utf-8",
        )
        module.SETTLED = 0.0
        self.loop = asyncio.new_event_loop()
        self.server = make()
        self.server.report_server_error = lambda *_: None  # type: ignore[method-assign]
        self.sent: list[dict[str, Any]] = []
        self.server.protocol.set_writer(self, include_headers=False)
        self.faults = _Listening()
        logging.getLogger("docscheck.lsp").handlers = [self.faults]
        logging.getLogger("docscheck.lsp").propagate = False
        for name in ("pygls", "concurrent.futures"):  # which tell each message of the wrong shape at length
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self.number = self.given = self.told = 0
        self.texts: dict[str, str] = {}
        self.answer("initialize", {"processId": None, "rootUri": self.folder.as_uri(), "capabilities": {}})
        self.give({"jsonrpc": "2.0", "method": "initialized", "params": {}})

    # What the protocol wants of a writer.

    def write(self, data: bytes) -> None:
        self.sent.append(json.loads(data))

    def close(self) -> None:
        """The session is over."""
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # Messages.

    def give(self, message: Any, *, pauses: bool = True) -> None:
        """Hand over one message, as the loop that reads standard input does; the client may pause after it."""
        body = json.dumps(message).encode()

        async def handed() -> None:
            try:
                self.server.protocol.handle_message(
                    json.loads(body, object_hook=self.server.protocol.structure_message)
                )
            except Exception as error:  # the loop of pygls tells it, and reads on
                self.sent.append({"refused": type(error).__name__})
            await asyncio.sleep(0)
            for address, waiting in list(self.server._waiting.items()) if pauses else ():
                waiting.cancel()
                self.server._check_now(address)
            for _ in range(4):
                await asyncio.sleep(0)

        self.loop.run_until_complete(handed())

    def answer(self, method: str, params: Any) -> dict[str, Any]:
        """Ask, and return the one answer."""
        self.number += 1
        self.sent.clear()
        self.give({"jsonrpc": "2.0", "id": self.number, "method": method, "params": params})
        found = [one for one in self.sent if one.get("id") == self.number and "method" not in one]
        if len(found) != 1:
            raise BrokenError(f"{method} has {len(found)} answers")
        return found[0]

    def tell(self, method: str, params: Any, *, pauses: bool = True) -> None:
        """Tell, which has no answer."""
        self.sent.clear()
        self.give({"jsonrpc": "2.0", "method": method, "params": params}, pauses=pauses)

    def uri(self, rng: random.Random) -> str:
        """The address of a page, mostly of one that is open."""
        if self.texts and rng.random() < 0.8:
            return rng.choice(list(self.texts))
        if rng.random() < 0.05:
            return rng.choice(("untitled:1", "file:///", "file:///etc/passwd", "http://x/y.md", "", "file://%zz/a.md"))
        folder = self.folder if (name := rng.choice(PAGES)).endswith("yml") else self.folder / "docs"
        return (folder / name).as_uri()


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _lines(text: str) -> list[str]:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _holds(session: Session, address: str, found: Any) -> None:
    """Every place in what was said of a page lies in its text."""
    text = session.texts.get(address)
    if text is None:
        return
    widths = [_units(line) for line in _lines(text)]
    widths[0] += text.startswith("\ufeff")
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            waiting += one.values()
            if one.keys() == {"start", "end"}:
                ends = [(one[end]["line"], one[end]["character"]) for end in ("start", "end")]
                if ends[0] > ends[1]:
                    raise BrokenError("a range ends before it begins")
                for line, character in ends:
                    if not (0 <= line < len(widths) and 0 <= character <= widths[line]):
                        raise BrokenError(f"a place lies outside the page: {line}:{character}")


MOST = 400
"""Messages of one session."""
_session: list[Session] = []


def message(rng: random.Random, text_of: TextOf) -> None:
    """Give the server one message, made up. A fault names how many messages came before it in the session."""
    if not _session:
        _session.append(Session())
        atexit.register(_end)
    elif _session[0].given >= MOST:
        _session.pop().close()
        _session.append(Session())
    session = _session[0]
    session.given += 1
    try:
        _message(session, rng, text_of)
    except AssertionError as error:
        raise BrokenError(f"after {session.given} messages: {error}") from error


def _end() -> None:
    _session.pop().close()


def _message(session: Session, rng: random.Random, text_of: TextOf) -> None:
    session.faults.said.clear()
    chance = rng.random()
    if chance < 0.12:
        _malformed(session, rng)
    elif chance < 0.24 or not session.texts:
        _open_or_close(session, rng, text_of)
    elif chance < 0.55:
        _type(session, rng, text_of)
    elif chance < 0.58:
        session.tell("textDocument/didSave", {"textDocument": {"uri": session.uri(rng)}})
    else:
        _ask(session, rng)
    for one in session.sent:
        if one.get("method") == "textDocument/publishDiagnostics":
            session.told += len(one["params"]["diagnostics"])
            _holds(session, one["params"]["uri"], [found["range"] for found in one["params"]["diagnostics"]])
            if any(not found["message"].strip() for found in one["params"]["diagnostics"]):
                raise BrokenError("a finding without a message")
    if session.faults.said:
        raise BrokenError(session.faults.said[0])
    for address, document in session.server.documents.items():
        if address in session.texts and document.raw != session.texts[address]:
            raise BrokenError("the server has another text than the client")


def _open_or_close(session: Session, rng: random.Random, text_of: TextOf) -> None:
    address = session.uri(rng)
    if address in session.texts:
        session.tell("textDocument/didClose", {"textDocument": {"uri": address}})
        del session.texts[address]
        return
    session.texts[address] = text_of(rng)
    opened = {"uri": address, "languageId": "markdown", "version": 1, "text": session.texts[address]}
    session.tell("textDocument/didOpen", {"textDocument": opened})


def _type(session: Session, rng: random.Random, text_of: TextOf) -> None:
    address = rng.choice(list(session.texts))
    session.texts[address] = text_of(rng)
    named = {"uri": address, "version": rng.choice((1, 2, 7, 2**31 - 1))}
    changes = [{"text": "a"}] * rng.randint(0, 2) + [{"text": session.texts[address]}]
    typed = {"textDocument": named, "contentChanges": changes}
    session.tell("textDocument/didChange", typed, pauses=rng.random() < 0.7)


def _ask(session: Session, rng: random.Random) -> None:
    address, method = session.uri(rng), rng.choice(ASKED)
    lines = _lines(session.texts.get(address, ""))
    at = [
        {"line": rng.choice((rng.randrange(len(lines)), rng.randint(0, 99), 2**31 - 1)),
         "character": rng.choice((rng.randint(0, 30), 0, 2**31 - 1))}
        for _ in range(2)
    ]  # fmt: skip
    params: dict[str, Any] = {"textDocument": {"uri": address}, "position": at[0]}
    if method == "codeAction":
        only = rng.choice(
            ({}, {"only": ["quickfix"]}, {"only": ["source"]}, {"only": ["source.fixAll.docscheck", "x"]})
        )
        params = {"textDocument": {"uri": address}, "range": {"start": at[0], "end": at[1]}}
        params["context"] = {"diagnostics": [], **only}
    answer = session.answer(f"textDocument/{method}", params)
    if "error" in answer:
        raise BrokenError(f"{method} fails: {str(answer['error'].get('message'))[:200]}")
    if method != "definition":
        _holds(session, address, answer.get("result"))


def _malformed(session: Session, rng: random.Random) -> None:
    """A message with a value of another kind somewhere, or of a method that nobody knows. Only an answer is wanted."""
    address = session.uri(rng)
    params: Any = {
        "textDocument": {"uri": address, "version": 1, "languageId": "markdown"},
        "position": {"line": 0, "character": 0},
    }
    where = rng.choice((params, params["textDocument"], params["position"]))
    where[rng.choice(list(where))] = rng.choice(MALFORMED)
    if rng.random() < 0.2:
        params = rng.choice(MALFORMED)
    method = rng.choice(
        (*(f"textDocument/{name}" for name in ASKED), "textDocument/didClose", "x/y", "$/cancelRequest", "", 7)
    )
    asked: dict[str, Any] = {"jsonrpc": rng.choice(("2.0", "2.0", "1.0", None)), "method": method, "params": params}
    if rng.random() < 0.7:
        session.number += 1
        asked["id"] = rng.choice((session.number, str(session.number), None, [], 2**60))
    if rng.random() < 0.1:
        asked = rng.choice(MALFORMED)
    session.sent.clear()
    session.give(asked)
    for closed in session.texts.keys() - session.server.documents.keys() if method == "textDocument/didClose" else ():
        session.texts.pop(closed, None)
