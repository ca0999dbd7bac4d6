"""A language client over standard input and output, written from the protocol: it shares no code with the server."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

LIMIT = 60.0
"""Seconds to wait for anything, on a busy machine."""
Value = Any


class Client:
    """Starts `docscheck lsp`, sends and waits."""

    def __init__(self, folder: Path, *, folders: list[Path] | None = None, **capabilities: Value) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "docscheck", "lsp", "--stdio"],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent / "hooks")},
        )
        self.said: list[dict[str, Value]] = []
        """Notifications and requests of the server, in order."""
        self.errors: list[str] = []
        self._arrived: queue.Queue[dict[str, Value]] = queue.Queue()
        self._number = 0
        self._versions: dict[str, int] = {}
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._read_errors, daemon=True).start()
        named = [{"uri": one.as_uri(), "name": one.name} for one in (folders or [folder])]
        self.answer = self.ask(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": named[0]["uri"],
                "workspaceFolders": named,
                "capabilities": {"textDocument": {}, "workspace": {"workspaceFolders": True}, **capabilities},
            },
        )
        self.tell("initialized", {})

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while header := stream.readline():
            length = int(header.removeprefix(b"Content-Length: "))
            while stream.readline() != b"\r\n":
                pass
            self._arrived.put(json.loads(stream.read(length)))

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.errors.append(line.decode("utf-8", "replace"))

    def _send(self, message: dict[str, Value]) -> None:
        self.send(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def send(self, body: bytes) -> None:
        """Send whatever it is."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _next(self, until: float) -> dict[str, Value]:
        try:
            message = self._arrived.get(timeout=max(until - time.monotonic(), 0.01))
        except queue.Empty:
            raise AssertionError(f"nothing came:\n{''.join(self.errors)[-3000:]}") from None
        if "method" in message:
            self.said.append(message)
            if "id" in message:
                self._send({"id": message["id"], "result": None})
        return message

    def tell(self, method: str, params: Value) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: Value) -> Value:
        """Send a request and return its result."""
        answer = self.answer_to(method, params)
        assert "error" not in answer, answer
        return answer["result"]

    def answer_to(self, method: str, params: Value) -> dict[str, Value]:
        """Send a request and return the answer, be it an error."""
        self._number += 1
        number = self._number
        self._send({"id": number, "method": method, "params": params})
        until = time.monotonic() + LIMIT
        while True:
            message = self._next(until)
            if message.get("id") == number and "method" not in message:
                return message

    def open(self, file: Path, text: str | None = None) -> list[dict[str, Value]]:
        """Open a page, anew if it was open, and return what is found in it."""
        content = file.read_text("utf-8") if text is None else text
        if file.as_uri() in self._versions:
            self.close(file)
        version = self._versions.get(file.as_uri(), 0) + 1
        self._versions[file.as_uri()] = version
        document = {"uri": file.as_uri(), "languageId": "markdown", "version": version, "text": content}
        self.tell("textDocument/didOpen", {"textDocument": document})
        return self.findings(file)

    def version(self, file: Path) -> int:
        """The version of a page that the server was told last."""
        return self._versions[file.as_uri()]

    def change(self, file: Path, text: str) -> list[dict[str, Value]]:
        """Give an open page another text and return what is found in it."""
        self.type(file, text)
        return self.findings(file)

    def type(self, file: Path, text: str) -> None:
        """Give an open page another text."""
        self._versions[file.as_uri()] += 1
        named = {"uri": file.as_uri(), "version": self._versions[file.as_uri()]}
        self.tell("textDocument/didChange", {"textDocument": named, "contentChanges": [{"text": text}]})

    def findings(self, file: Path, version: int | None = None) -> list[dict[str, Value]]:
        """Wait for what is found in a version of a page, the present one by default."""
        wanted = version or self._versions[file.as_uri()]
        return self.published(file.as_uri(), lambda params: params.get("version") == wanted)

    def published(self, address: str, fits: Value = lambda params: True) -> list[dict[str, Value]]:
        """Wait for a publication that fits; those that came before count."""
        until = time.monotonic() + LIMIT
        while True:
            for message in reversed(self.said):
                if message["method"] == "textDocument/publishDiagnostics" and message["params"]["uri"] == address:
                    if fits(message["params"]):
                        found: list[dict[str, Value]] = message["params"]["diagnostics"]
                        return found
                    break
            self._next(until)

    def at(self, method: str, file: Path, line: int, character: int, **more: Value) -> Value:
        """Ask about a place."""
        place = {"textDocument": {"uri": file.as_uri()}, "position": {"line": line, "character": character}}
        return self.ask(f"textDocument/{method}", {**place, **more})

    def labels(self, file: Path, line: int, character: int) -> list[str]:
        """What can be written at a place."""
        return [item["label"] for item in self.at("completion", file, line, character)["items"]]

    def actions(self, file: Path, line: int, character: int, **context: Value) -> list[dict[str, Value]]:
        """What is offered at a place."""
        at = {"line": line, "character": character}
        params = {
            "textDocument": {"uri": file.as_uri()},
            "range": {"start": at, "end": at},
            "context": {"diagnostics": [], **context},
        }
        found: list[dict[str, Value]] = self.ask("textDocument/codeAction", params)
        return found

    def close(self, file: Path) -> None:
        """Close a page."""
        self.tell("textDocument/didClose", {"textDocument": {"uri": file.as_uri()}})

    def stop(self) -> int:
        """End the session as the protocol wants it; return the server's exit code."""
        assert self.ask("shutdown", None) is None
        self.tell("exit", None)
        return self.process.wait(LIMIT)


def edited(text: str, edits: list[dict[str, Value]]) -> str:
    """A text after a client's edits, whose places are counted in UTF-16 code units."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    result = "\n".join(lines)

    def offset(place: dict[str, int]) -> int:
        start = sum(len(line) + 1 for line in lines[: place["line"]])
        if place["line"] >= len(lines):
            return len(result)
        units = lines[place["line"]].encode("utf-16-le")[: 2 * place["character"]]
        return start + len(units.decode("utf-16-le"))

    for edit in sorted(edits, key=lambda edit: offset(edit["range"]["start"]), reverse=True):
        start, end = offset(edit["range"]["start"]), offset(edit["range"]["end"])
        result = result[:start] + edit["newText"] + result[end:]
    return result
