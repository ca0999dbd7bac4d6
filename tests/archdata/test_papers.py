"""Entries from the metadata services, against a local server that answers as the real ones do."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from archdata import bibliography, checks, papers
from archdata.__main__ import main
from archdata.web import ServiceError, get
from docscheck.online.ask import retry_after

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <title type="html">ArXiv Query: id_list=2307.08621</title>
  <opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">1</opensearch:totalResults>
  {entry}
</feed>"""
RETNET = """<entry>
    <id>http://arxiv.org/abs/2307.08621v4</id>
    <updated>2023-08-09T09:44:35Z</updated>
    <published>2023-07-17T16:40:01Z</published>
    <title>Retentive Network: A Successor to Transformer for Large Language
  Models</title>
    <summary>  In this work, we propose …</summary>
    <author><name>Yutao Sun</name></author>
    <author><name>Li Dong</name></author>
    <author><name>Aäron van den Oord</name></author>
    <arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">10.1234/x.y</arxiv:doi>
    <link href="http://arxiv.org/abs/2307.08621v4" rel="alternate" type="text/html"/>
  </entry>"""
ERROR = """<entry>
    <id>http://arxiv.org/api/errors#incorrect_id_format_for_2307.99999</id>
    <title>Error</title>
    <summary>incorrect id format for 2307.99999</summary>
  </entry>"""
BOMB = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>&b;</title></entry></feed>"""
CSL = {
    "type": "article-journal",
    "title": "Deep learning",
    "author": [{"family": "LeCun", "given": "Yann"}, {"family": "Bengio", "given": "Yoshua"}, {"literal": "A Team"}],
    "container-title": "Nature",
    "issued": {"date-parts": [[2015, 5, 27]]},
    "DOI": "10.1038/nature14539",
}


class Service(ThreadingHTTPServer):
    """Answers by the id asked for; `asked` holds the requests."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str]] = []
        self.answers: dict[str, list[tuple[int, dict[str, str], bytes]]] = {}
        self.delay = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, key: str, body: str, status: int = 200, **headers: str) -> None:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.setdefault(key, []).append((status, names, body.encode()))


class Handler(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        key = parse_qs(parts.query).get("id_list", [parts.path.lstrip("/")])[0]
        self.server.asked.append((key, self.headers.get("Accept", "")))
        time.sleep(self.server.delay)
        answers = self.server.answers.get(key)
        status, headers, body = (answers.pop(0) if len(answers) > 1 else answers[0]) if answers else (404, {}, b"")
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    server = Service()
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setenv("ARCHDATA_ARXIV_URL", server.url)
    monkeypatch.setenv("ARCHDATA_DOI_URL", server.url)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    (folder / "_data").mkdir(parents=True)
    return folder


@pytest.mark.parametrize(
    "written",
    [
        "2307.08621",
        "2307.08621v4",
        "arXiv:2307.08621",
        "https://arxiv.org/abs/2307.08621",
        "http://arxiv.org/pdf/2307.08621v2.pdf",
        "https://doi.org/10.48550/arXiv.2307.08621",
    ],
)
def test_an_arxiv_paper_however_it_is_written(service: Service, written: str) -> None:
    service.answer("2307.08621", FEED.format(entry=RETNET))
    entry = papers.fetch(written)
    assert entry.key == "sun2023retentive"
    assert entry.title == "Retentive Network: A Successor to Transformer for Large Language Models"
    assert [person.family for person in entry.authors] == ["Sun", "Dong", "van den Oord"]
    assert (entry.year, entry.date, entry.arxiv, entry.doi) == (2023, "2023-07-17", "2307.08621", "10.1234/x.y")
    assert entry.url == "https://arxiv.org/abs/2307.08621"


@pytest.mark.parametrize(
    "written", ["10.1038/nature14539", "doi:10.1038/nature14539", "https://doi.org/10.1038/nature14539"]
)
def test_a_doi_however_it_is_written(service: Service, written: str) -> None:
    service.answer("10.1038/nature14539", json.dumps(CSL))
    entry = papers.fetch(written)
    assert entry.key == "lecun2015deep"
    assert [person.full for person in entry.authors] == ["Yann LeCun", "Yoshua Bengio", "A Team"]
    assert (entry.kind, entry.venue, entry.date, entry.doi) == (
        "article",
        "Nature",
        "2015-05-27",
        "10.1038/nature14539",
    )
    assert service.asked[0][1] == "application/vnd.citationstyles.csl+json"


def test_the_colon_after_a_team_is_no_author(service: Service) -> None:
    team = (
        "<author><name>Qwen Team</name></author><author><name>:</name></author><author><name>Yutao Sun</name></author>"
    )
    service.answer("2307.08621", FEED.format(entry=RETNET.replace("<author><name>Yutao Sun</name></author>", team)))
    entry = papers.fetch("2307.08621")
    assert [person.inverted for person in entry.authors][:2] == ["{Qwen Team}", "Sun, Yutao"]
    assert entry.key == "qwenteam2023retentive"


def test_crossrefs_lists_and_a_redirect_are_understood(service: Service) -> None:
    service.answer("10.5/abc", "", 302, Location="/works/abc")
    changed = {**CSL, "title": ["A <i>title</i>"], "type": "paper-conference", "container-title": ["Proc."]}
    service.answer("works/abc", json.dumps({**changed, "issued": {"date-parts": [[2019]]}}))
    with pytest.raises(ServiceError, match="neither"):
        papers.fetch("10.5/abc")
    service.answers["10.50000/abc"] = service.answers["10.5/abc"]
    entry = papers.fetch("10.50000/abc")
    assert (entry.title, entry.kind, entry.venue, entry.year) == ("A title", "inproceedings", "Proc.", 2019)
    assert "date" not in entry.fields


@pytest.mark.parametrize("text", ["", "retnet", "2307.1", "11.1000/x", "https://example.org/2307.08621"])
def test_what_is_no_id_is_refused_before_asking(service: Service, text: str) -> None:
    with pytest.raises(ServiceError, match="neither an arXiv id nor a DOI"):
        papers.fetch(text)
    assert service.asked == []


@pytest.mark.parametrize(
    ("body", "status", "finding"),
    [
        ("", 404, "there is no such paper"),
        (FEED.format(entry=""), 200, "arXiv has no paper 2307.99999"),
        (FEED.format(entry=ERROR), 200, "incorrect id format"),
        (FEED.format(entry=RETNET)[:-40], 200, "broken XML"),
        ("<html><p>maintenance", 200, "broken XML"),
        (BOMB, 200, "a document type"),
        (BOMB.encode().decode(), 200, "is it the service?"),
        ("", 500, "answers 500"),
        ("x" * 3_000_000, 200, "too many bytes"),
    ],
)
def test_every_wrong_answer_is_named(service: Service, body: str, status: int, finding: str) -> None:
    service.answer("2307.99999", body, status)
    with pytest.raises(ServiceError, match=finding):
        papers.fetch("2307.99999")


def test_an_entity_bomb_in_another_encoding_is_refused_too(service: Service) -> None:
    service.answers["2307.99999"] = [(200, {}, BOMB.replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16"))]
    with pytest.raises(ServiceError, match="a document type"):
        papers.fetch("2307.99999")


def test_json_that_is_none_is_named(service: Service) -> None:
    service.answer("10.1038/page", "<html>", Content_Type="text/html")
    with pytest.raises(ServiceError, match="text/html, not JSON"):
        papers.fetch("10.1038/page")
    service.answer("10.1038/empty", "{}")
    with pytest.raises(ServiceError, match="without a title"):
        papers.fetch("10.1038/empty")


def test_a_busy_service_is_waited_for_as_it_asks(service: Service) -> None:
    service.answer("2307.08621", "", 429, Retry_After="7")
    service.answer("2307.08621", "", 503)
    service.answer("2307.08621", FEED.format(entry=RETNET))
    waits: list[float] = []
    assert papers.fetch("2307.08621", wait=waits.append).key == "sun2023retentive"
    assert waits == [7.0, 4.0]


def test_a_service_that_stays_busy_is_given_up(service: Service) -> None:
    service.answer("2307.08621", "", 429, Retry_After="1")
    with pytest.raises(ServiceError, match=r"too busy \(429\)"):
        papers.fetch("2307.08621", wait=lambda _: None)
    assert len(service.asked) == 3


def test_a_long_wait_is_told_and_not_waited(service: Service) -> None:
    service.answer("2307.08621", "", 429, Retry_After="3600")
    waits: list[float] = []
    with pytest.raises(ServiceError, match="try again in 3600 seconds"):
        papers.fetch("2307.08621", wait=waits.append)
    assert waits == []


def test_a_date_to_retry_after_is_understood() -> None:
    in_a_minute = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert 55 < retry_after(in_a_minute, 1) <= 60
    assert retry_after("Mon, 01 Jan 2001 00:00:00 GMT", 1) == 0
    assert retry_after("soon", 3) == 3
    assert retry_after(None, 3) == 3


def test_no_answer_in_time_is_named(service: Service) -> None:
    service.delay = 0.5
    with pytest.raises(ServiceError, match=r"did not answer within 0\.1 s"):
        get(f"{service.url}/slow", "*/*", timeout=0.1)


def test_no_connection_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHDATA_ARXIV_URL", "http://127.0.0.1:9")
    with pytest.raises(ServiceError, match="cannot be reached"):
        papers.fetch("2307.08621")


# The command


def test_the_command_writes_the_entry_and_says_what_is_left(
    service: Service, docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service.answer("2307.08621", FEED.format(entry=RETNET))
    assert main(["--docs", str(docs), "add-paper", "2307.08621"]) == 0
    out = capsys.readouterr().out
    assert "added [@sun2023retentive] Retentive Network" in out
    assert "`annotation` is missing" in out
    assert "cite it with [@sun2023retentive]" in out
    left = [str(error) for error in checks.CHECKS[0](docs) if error.severity == "error"]
    assert len(left) == 1
    assert "`annotation` is missing" in left[0]


def test_the_command_leaves_the_file_alone_when_there_is_no_such_paper(
    service: Service, docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--docs", str(docs), "add-paper", "2307.99999"]) == 1
    assert "there is no such paper" in capsys.readouterr().err
    assert not (docs / bibliography.PATH).exists()
