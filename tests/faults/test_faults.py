"""Disks, files, clocks and networks that fail: no author's text is lost, and nobody reads a traceback."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from archdata import add_paper, bibliography, intake, papers
from archdata.__main__ import main as archdata
from archdata.entries import Entry
from archdata.web import ServiceError
from archpublish.__main__ import main as archpublish
from docscheck import check_page
from docscheck.cli import main as docscheck
from docscheck.engine import open_site
from docscheck.online.cache import Cache
from docscheck.online.result import Result, State
from docscheck.source import Source

ROOT = Path(__file__).resolve().parents[2]
FAULTY = '# Title\n\n!!! note "Never closed\n    Text that nobody may lose: épreuve, 日本語.\n'
FIXED = '!!! note "Never closed"\n'
ENTRY = "@misc{a2026title,\n  title = {A title},\n  author = {Able, Ann},\n  year = {2026},\n}\n"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: Any\nmarkdown_extensions: [admonition]\n", "utf-8")
    (tmp_path / "docs/index.md").write_text(FAULTY, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, int], None]:
    """Let Python's `open` fail for paths that end so, as it does for whoever may not read or write them."""

    def refuse(ending: str, code: int) -> None:
        real = os.open

        def guarded(path: Any, *rest: Any, **more: Any) -> int:
            if str(path).endswith(ending):
                raise OSError(code, os.strerror(code), str(path))
            return real(path, *rest, **more)

        def opened(path: Any, *rest: Any, **more: Any) -> Any:
            if str(path).endswith(ending):
                raise OSError(code, os.strerror(code), str(path))
            return builtin(path, *rest, **more)

        import builtins
        import io

        builtin = builtins.open
        monkeypatch.setattr(os, "open", guarded)
        monkeypatch.setattr(builtins, "open", opened)
        monkeypatch.setattr(io, "open", opened)

    return refuse


def _with_small_disk(command: list[str], folder: Path, limit: int) -> subprocess.CompletedProcess[str]:
    """Run a command that cannot let any file grow beyond the limit, as on a disk that is full."""

    def confine() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    # Nor may Python keep what it compiles, cut off where the disk is full: docscheck would do so in the user's cache.
    quiet = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "hooks"), **quiet}
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder, env=environment, preexec_fn=confine, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


# A full disk


def test_fixing_on_a_full_disk_keeps_the_page(site: Path) -> None:
    text = FAULTY + "\nWords to fill the disk with.\n" * 300
    (site / "docs/index.md").write_text(text, "utf-8")
    done = _with_small_disk(["docscheck", "--fix", "--no-cache"], site, 4096)

    assert (site / "docs/index.md").read_text("utf-8") == text
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "index.md" in done.stderr
    assert sorted(path.name for path in (site / "docs").iterdir()) == ["index.md"]


def test_adding_a_paper_on_a_full_disk_keeps_the_bibliography(site: Path) -> None:
    file = site / "docs" / bibliography.PATH
    file.parent.mkdir(parents=True)
    before = "".join(ENTRY.replace("a2026title", f"a2026t{n:03}").replace("A title", f"Title {n}") for n in range(50))
    file.write_text(before, "utf-8")
    (site / "new.bib").write_text(ENTRY.replace("a2026title", "z2026z").replace("A title", "Another"), "utf-8")
    done = _with_small_disk(["archdata", "--docs", "docs", "add-paper", "--bibtex", "new.bib"], site, 4096)

    assert file.read_text("utf-8") == before
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "File too large" in done.stderr


# Files that cannot be read or written


def test_a_page_that_cannot_be_read_is_named(
    site: Path, refused: Callable[[str, int], None], capsys: pytest.CaptureFixture[str]
) -> None:
    refused("index.md", errno.EACCES)

    assert docscheck(["--no-cache"]) == 2
    assert "index.md: Permission denied" in capsys.readouterr().err


def test_a_folder_named_as_a_page_is_none(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "docs/folder.md").mkdir()

    assert docscheck(["--no-cache"]) == 1
    assert "folder.md" not in capsys.readouterr().out


def test_a_link_that_leads_nowhere_does_no_harm(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "docs/gone.md").symlink_to("nowhere.md")

    assert docscheck(["--no-cache"]) in (1, 2)
    out = capsys.readouterr()
    assert "Traceback" not in out.out + out.err


@pytest.mark.parametrize("name", ["loop.md", "loop.txt", "loop.png"])
def test_a_link_to_itself_is_named(site: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "mkdocs.yml").write_text("site_name: x\nmarkdown_extensions: [{pymdownx.snippets: {base_path: [docs]}}]\n")
    (site / "docs/index.md").write_text(f'# Title\n\n--8<-- "{name}"\n\n![x]({name})\n', "utf-8")
    (site / "docs" / name).symlink_to(name)

    for arguments in (["--no-cache"], ["--fix"], [f"docs/{name}"]):
        assert docscheck(arguments) == 2
        assert f"{name}: Too many levels of symbolic links" in capsys.readouterr().err


def test_settings_that_cannot_be_read_are_named(
    site: Path, refused: Callable[[str, int], None], capsys: pytest.CaptureFixture[str]
) -> None:
    refused("mkdocs.yml", errno.EACCES)

    assert docscheck(["--no-cache"]) == 2
    assert "mkdocs.yml" in capsys.readouterr().err


def _folder(file: Path) -> None:
    file.mkdir()


UNREADABLE: dict[str, Callable[[Path], object]] = {
    "no file": lambda file: None,
    "a folder": _folder,
    "a link to itself": lambda file: file.symlink_to(file.name),
    "no YAML": lambda file: file.write_text("site_name: [x\n"),
    "a list": lambda file: file.write_text("- a\n"),
    "no UTF-8": lambda file: file.write_bytes(b"site_name: \xe9\n"),
    "a zero": lambda file: file.write_text("site_name: x\0y\n"),
    "nesting": lambda file: file.write_text("a: " + "[" * 200_000),
    "a parent that is gone": lambda file: file.write_text("INHERIT: mkdocs.yml.gone\nsite_name: x\n"),
    "itself as its parent": lambda file: file.write_text("INHERIT: mkdocs.yml\nsite_name: x\n"),
}
COMMANDS: dict[str, Callable[[], int]] = {
    "docscheck": lambda: docscheck(["--no-cache", "--config-file", "mkdocs.yml"]),
    "docscheck links": lambda: docscheck(["links", "--online", "--config-file", "mkdocs.yml"]),
    **{
        f"archpublish {command[0]}": lambda command=command: archpublish(command)  # type: ignore[misc]
        for command in (["complete"], ["sheets"], ["measure"], ["compare", "site", "site"], ["addresses"])
    },
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS.keys())
@pytest.mark.parametrize("make", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_settings_that_are_none_are_told_by_every_command(
    site: Path, make: Callable[[Path], object], command: Callable[[], int], capsys: pytest.CaptureFixture[str]
) -> None:
    """Only MkDocs itself is beyond us: see the test after this one."""
    (site / "mkdocs.yml").unlink()
    make(site / "mkdocs.yml")
    (site / "site").mkdir()

    assert command() in (1, 2)
    told = capsys.readouterr()
    assert "mkdocs.yml" in told.err
    assert len(told.err) < 500
    assert "Traceback" not in told.err + told.out


def test_mkdocs_says_what_it_cannot_read_if_the_file_is_named(site: Path) -> None:
    """Without `-f` it shows a traceback, whose last line says the same, before any plugin or hook is loaded."""
    (site / "mkdocs.yml").unlink()
    (site / "mkdocs.yml").mkdir()
    command = [sys.executable, "-m", "mkdocs", "build", "-f", "mkdocs.yml"]
    done = subprocess.run(command, cwd=site, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert done.stderr.endswith("'mkdocs.yml': Is a directory\n")


def test_a_site_that_was_not_built_is_told(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("complete", "offline", "sheets", "scripts", "measure", "addresses"):
        with pytest.raises(SystemExit, match="archpublish: site is no folder; build the site first"):
            archpublish([command])


def test_settings_of_the_wrong_kind_are_told(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "site").mkdir()
    (site / "mkdocs.yml").write_text("site_name: 5\nnav: [7]\nextra: {moved: 7}\n")

    assert archpublish(["complete"]) == 1
    assert "mkdocs.yml: `extra.moved` is no set of `old address: new address` lines" in capsys.readouterr().err


def test_a_page_that_cannot_be_written_keeps_its_text(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "docs")

    monkeypatch.setattr("tempfile.mkstemp", full)

    assert docscheck(["--fix", "--no-cache"]) == 2
    assert "Permission denied" in capsys.readouterr().err
    assert (site / "docs/index.md").read_text("utf-8") == FAULTY


def test_a_bibliography_that_cannot_be_read_is_named(
    site: Path, refused: Callable[[str, int], None], capsys: pytest.CaptureFixture[str]
) -> None:
    (site / "docs/_data").mkdir()
    (site / "new.bib").write_text(ENTRY, "utf-8")
    refused("new.bib", errno.EACCES)

    assert archdata(["--docs", "docs", "add-paper", "--bibtex", "new.bib"]) == 1
    assert "new.bib: Permission denied" in capsys.readouterr().err


def test_a_pasted_entry_in_another_encoding_is_told(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "docs/_data").mkdir()
    (site / "new.bib").write_bytes(ENTRY.replace("Able", "Äble").encode("latin-1"))

    assert archdata(["--docs", "docs", "add-paper", "--bibtex", "new.bib"]) == 1
    assert "UTF-8" in capsys.readouterr().err


# Encodings and line ends


@pytest.mark.parametrize("content", ["# Words\n\nA café.\n".encode("latin-1"), "# Words\n".encode("utf-16")])
def test_a_page_that_is_no_text_is_named(site: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "docs/index.md").write_bytes(content)

    for arguments in ([], [], ["--no-cache"]):
        assert docscheck(["--select", "lost-character", *arguments]) == 1
        assert "this file is not UTF-8" in capsys.readouterr().out


ENCODED = {
    "latin-1": FAULTY.replace("日本語", "").encode("latin-1"),
    "utf-16": FAULTY.encode("utf-16"),
    "a cut character": FAULTY.encode() + "é".encode()[:1],
    "nothing": b"",
    "only a mark": b"\xef\xbb\xbf",
    "zeros": FAULTY.encode() + bytes(50),
}


@pytest.mark.parametrize("content", ENCODED.values(), ids=ENCODED.keys())
def test_bytes_that_are_no_text_are_not_rewritten(site: Path, content: bytes) -> None:
    file = site / "docs/index.md"
    file.write_bytes(content)

    assert docscheck(["--fix", "--no-cache"]) in (0, 1)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        assert file.read_bytes() == content
    assert file.read_bytes().endswith(content[-10:])


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "marked"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_marks_and_line_ends_stay(site: Path, mark: bytes, end: str) -> None:
    file = site / "docs/index.md"
    file.write_bytes(mark + FAULTY.replace("\n", end).encode())
    docscheck(["--fix", "--no-cache"])

    expected = FAULTY.replace('!!! note "Never closed\n', FIXED).replace("\n", end)
    assert file.read_bytes() == mark + expected.encode()


@pytest.mark.parametrize("start", ["\ufeff", ""], ids=["marked", "plain"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old"])
def test_findings_are_where_they_are_whatever_ends_lines(site: Path, start: str, end: str) -> None:
    (site / "docs/index.md").write_bytes((start + FAULTY.replace("\n", end)).encode())
    text = Source.read(site / "docs/index.md", "index.md").text

    assert [(f.rule, f.line, f.column) for f in check_page(text)] == [("unclosed-title", 3, 10)]


# Sizes


def test_a_page_of_ten_megabytes_is_read(site: Path) -> None:
    text = "One of many words that stand here.\n" * 300_000
    (site / "docs/index.md").write_text(text, "utf-8")
    began = time.monotonic()

    assert len(text) > 10_000_000
    assert any("more than a `.md` may have" in str(error) for error in intake.check(site / "docs"))
    assert time.monotonic() - began < 5


def test_ten_thousand_pages_are_checked(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(100):
        folder = site / f"docs/part-{number}"
        folder.mkdir()
        for page in range(100):
            (folder / f"page-{page}.md").write_text("# A page\n\nOne sentence.\n", "utf-8")

    assert list(intake.check(site / "docs")) == []
    assert len(open_site(site / "mkdocs.yml").files) == 10_001
    assert docscheck(["--no-cache", "--select", "BOX"]) == 1
    assert capsys.readouterr().out.count("BOX101") == 1


# Names

NAMES = ["with space.md", "ünïcödé.md", "日本語.md", "a'b.md", "a%20b.md", "a#b.md", "-rf.md", "🙂.md", "a\\b.md"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_any_kind_is_checked_and_not_published(
    site: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (site / "docs" / name).write_text(FAULTY, "utf-8")

    assert docscheck(["--no-cache"]) == 1
    assert f"docs/{name}:3:10: error" in capsys.readouterr().out
    assert any("cannot be an address everywhere" in str(error) for error in intake.check(site / "docs"))


def test_a_name_of_bytes_that_are_no_text_is_said(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        Path(os.fsdecode(os.fsencode(site / "docs") + b"/a\xffb.md")).write_text(FAULTY, "utf-8")
    except OSError:
        pytest.skip("this disk holds no such names")

    for form in ("text", "json", "sarif", "github", "gitlab"):
        assert docscheck(["--no-cache", "--format", form]) == 1
        capsys.readouterr().out.encode()
    assert docscheck([]) == 1
    assert docscheck(["--write-baseline", "known.json"]) == 0
    assert any("cannot be an address everywhere" in str(error) for error in intake.check(site / "docs"))


def test_a_terminal_that_knows_few_signs_ends_nothing(site: Path) -> None:
    (site / "docs/index.md").write_text('# Title\n\n!!! note "Épreuve, 日本語\n    x\n', "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "docscheck", "--no-cache"],
        cwd=site, env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert "\\xc9preuve" in done.stdout
    assert not done.stderr


@pytest.mark.parametrize("pair", [("Page.md", "page.md"), ("straße.md", "STRASSE.md"), ("é.md", "e\u0301.md")])
def test_names_that_are_one_elsewhere_are_refused(site: Path, pair: tuple[str, str]) -> None:
    for name in pair:
        (site / "docs" / name).write_text("# Title\n", "utf-8")
    if len(list((site / "docs").iterdir())) < 3:
        pytest.skip("on this disk the two are one")

    assert any(pair[0] in str(error) and pair[1] in str(error) for error in intake.check(site / "docs"))


# Clocks


@pytest.mark.parametrize("moment", [0, 2**31 - 1, 4_000_000_000], ids=["1970", "2038", "2096"])
def test_a_change_is_seen_whatever_the_clock_says(site: Path, moment: int, capsys: pytest.CaptureFixture[str]) -> None:
    """The new text is as long as the old, and the file claims to be of the same moment."""
    file = site / "docs/index.md"
    os.utime(file, (moment, moment))
    assert docscheck([]) == 1
    file.write_text(FAULTY.replace('"Never closed', "Never--closed"), "utf-8")
    os.utime(file, (moment, moment))
    capsys.readouterr()
    docscheck([])
    out = capsys.readouterr().out

    assert docscheck(["--no-cache"]) == int(bool(out))
    assert capsys.readouterr().out == out
    assert "unclosed-title" not in out


# Downloads that end too early


class _CutShort(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html" if self.path == "/" else "application/atom+xml")
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.wfile.write(b"<?xml version='1.0'?><feed><entry><title>Half of a ti")
        self.wfile.flush()
        self.connection.close()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def cut_short(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _CutShort) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setenv("ARCHDATA_ARXIV_URL", url)
        monkeypatch.setenv("ARCHDATA_DOI_URL", url)
        yield url
        server.shutdown()


@pytest.mark.parametrize("paper", ["2307.08621", "10.1000/xyz"])
def test_half_an_answer_adds_no_paper(
    site: Path, cut_short: str, paper: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = site / "docs" / bibliography.PATH
    file.parent.mkdir(parents=True)
    file.write_text(ENTRY, "utf-8")
    with pytest.raises(ServiceError, match="answer ended too early"):
        papers.fetch(paper)

    assert archdata(["--docs", "docs", "add-paper", paper]) == 1
    assert "Traceback" not in capsys.readouterr().err
    assert file.read_text("utf-8") == ENTRY


def test_half_an_answer_is_no_page(cut_short: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from docscheck.online import guard
    from docscheck.online.ask import Asking, ask
    from docscheck.online.result import Link

    monkeypatch.setattr(guard, "is_public", lambda _: True)
    result = ask(Link(f"{cut_short}/#part", ()), Asking(timeout=2))

    assert result.state is State.UNREACHABLE
    assert "answer ended too early" in result.detail


def test_links_that_end_in_the_middle_keep_what_was_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "links.json"
    known = Cache(file)
    known.put(Result("https://example.org/", State.OK, checked="2026-11-28"))
    known.write()
    before = file.read_bytes()

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    known.put(Result("https://example.com/", State.OK, checked="2026-11-28"))
    with pytest.raises(OSError, match="No space"):
        known.write()

    assert file.read_bytes() == before


class _NeverEnding(BaseHTTPRequestHandler):
    asked = Event()
    left = Event()

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.wfile.write(b"<feed>")
        self.asked.set()
        self.left.wait(60)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_download_that_its_user_ends_leaves_all_as_it_was(site: Path) -> None:
    file = site / "docs" / bibliography.PATH
    file.parent.mkdir(parents=True)
    file.write_text(ENTRY, "utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), _NeverEnding) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        address = {"ARCHDATA_ARXIV_URL": f"http://127.0.0.1:{server.server_port}", "PYTHONPATH": str(ROOT / "hooks")}
        command = [sys.executable, "-m", "archdata", "add-paper", "2307.08621"]
        started = subprocess.Popen(command, cwd=site, env={**os.environ, **address}, stderr=subprocess.PIPE, text=True)
        assert _NeverEnding.asked.wait(60)
        time.sleep(1)  # until it waits for the rest: Python drops an interrupt that comes between two steps of its own
        started.send_signal(signal.SIGINT)
        _, told = started.communicate(timeout=60)
        _NeverEnding.left.set()
        server.shutdown()

    assert started.returncode == 130, told
    assert told == "archdata: interrupted; every file is either unchanged or complete\n"
    assert file.read_text("utf-8") == ENTRY


def test_a_reader_that_leaves_ends_nothing_in_a_traceback(site: Path) -> None:
    """As `docscheck | head` does."""
    reads, writes = os.pipe()
    os.close(reads)
    command = [sys.executable, "-m", "docscheck", "--no-cache"]
    done = subprocess.run(command, cwd=site, stdout=writes, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writes)

    assert done.returncode == 141
    assert done.stderr == ""


def test_two_that_add_at_once_lose_nothing(site: Path) -> None:
    file = site / "docs" / bibliography.PATH
    file.parent.mkdir(parents=True)
    entries = [Entry(key=f"k{n}2026x", kind="misc", title=f"Title {n}", authors=(), year=2026) for n in range(12)]
    threads = [Thread(target=add_paper.add, args=(file, [entry])) for entry in entries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {entry.key for entry in bibliography.load(file).values()} == {entry.key for entry in entries}
