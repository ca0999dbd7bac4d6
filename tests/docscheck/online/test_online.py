"""External links, against a local server with every fault there is."""

from __future__ import annotations

import json
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from docscheck.online import ask as ask_module
from docscheck.online import guard, main
from docscheck.online import run as run_module
from docscheck.online.ask import Asking, BusyError, ask
from docscheck.online.cache import Cache
from docscheck.online.collect import collect
from docscheck.online.report import markdown
from docscheck.online.result import Link, Place, Result, State
from docscheck.online.run import Checker, Limits

PAGE = "<html><head><meta name='citation_title' content='Attention Is All You Need'></head><body>{}</body></html>"
HTML = {"Content-Type": "text/html; charset=utf-8"}
TODAY = date(2026, 11, 24)

Answer = Callable[["Handler"], None]


class Server(ThreadingHTTPServer):
    """Answers by path; `asked` holds (method, path, time), `most` the most requests at once."""

    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, str, float]] = []
        self.now = self.most = 0
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def methods(self, path: str) -> list[str]:
        return [method for method, asked, _ in self.asked if asked == path]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def reply(self, status: int, body: str = "", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body.encode())

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        with self.server.lock:
            self.server.asked.append((self.command, path, time.monotonic()))
            self.server.now += 1
            self.server.most = max(self.server.most, self.server.now)
        try:
            self.server.answers.get(path, lambda handler: handler.reply(404))(self)
        finally:
            with self.server.lock:
                self.server.now -= 1

    do_HEAD = do_GET  # noqa: N815 (the name the server looks for)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
    yield running
    running.shutdown()
    running.server_close()


LOCAL = Asking(timeout=2, private=True)


def one(server: Server, path: str, title: str = "") -> Result:
    return ask(Link(server.url + path, title=title), LOCAL)


# One link


def test_a_page_that_is_there_is_asked_for_its_head_only(server: Server) -> None:
    server.answers["/a"] = lambda h: h.reply(200)
    assert one(server, "/a").state is State.OK
    assert server.methods("/a") == ["HEAD"]


@pytest.mark.parametrize("status", [400, 403, 404, 405, 501])
def test_a_server_that_dislikes_head_is_asked_again_with_get(server: Server, status: int) -> None:
    server.answers["/a"] = lambda h: h.reply(status if h.command == "HEAD" else 200)
    assert one(server, "/a").state is State.OK
    assert server.methods("/a") == ["HEAD", "GET"]


@pytest.mark.parametrize("status", [401, 403, 404, 410, 418, 500])
def test_a_page_that_is_not_there_is_broken(server: Server, status: int) -> None:
    server.answers["/a"] = lambda h: h.reply(status)
    result = one(server, "/a")
    assert result.state is State.BROKEN
    assert result.detail.startswith(str(status))


@pytest.mark.parametrize("status", [301, 308])
def test_a_page_that_moved_for_good_is_told_with_its_fragment(server: Server, status: int) -> None:
    server.answers["/old"] = lambda h: h.reply(status, Location="/new")
    server.answers["/new"] = lambda h: h.reply(200, '<p id="part">', **HTML)
    result = one(server, "/old#part")
    assert (result.state, result.location) == (State.MOVED, f"{server.url}/new#part")


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_page_that_is_elsewhere_for_now_is_fine(server: Server, status: int) -> None:
    server.answers["/old"] = lambda h: h.reply(status, Location="/new")
    server.answers["/new"] = lambda h: h.reply(200)
    assert one(server, "/old").state is State.OK


def test_one_passing_redirect_on_the_way_makes_no_new_address(server: Server) -> None:
    server.answers["/a"] = lambda h: h.reply(301, Location="/b")
    server.answers["/b"] = lambda h: h.reply(302, Location="/c")
    server.answers["/c"] = lambda h: h.reply(200)
    assert one(server, "/a").state is State.OK


def test_redirects_to_nothing_in_circles_or_out_of_the_web_are_faults(server: Server) -> None:
    server.answers["/gone"] = lambda h: h.reply(301, Location="/nothing")
    server.answers["/circle"] = lambda h: h.reply(302, Location="/circle")
    server.answers["/nowhere"] = lambda h: h.reply(302)
    server.answers["/file"] = lambda h: h.reply(302, Location="file:///etc/passwd")
    assert one(server, "/gone").detail == "404 Not Found"
    assert "more than 10 redirects" in one(server, "/circle").detail
    assert one(server, "/nowhere").state is State.BROKEN
    assert "is not an address of the web" in one(server, "/file").detail


def test_fragments_are_looked_for_in_ids_and_names(server: Server) -> None:
    server.answers["/a"] = lambda h: h.reply(
        200, PAGE.format("<h2 id=here></h2><a name='old'></a><h1 id='user-content-readme'>"), **HTML
    )
    for fragment in ("here", "old", "readme", "%68ere", "", "top", ":~:text=x", "L10"):
        assert one(server, f"/a#{fragment}").state is State.OK, fragment
    result = one(server, "/a#there")
    assert (result.state, result.detail) == (State.NO_FRAGMENT, "the page has no #there")


def test_a_fragment_of_what_is_no_html_is_not_judged(server: Server) -> None:
    server.answers["/a.pdf"] = lambda h: h.reply(200, "%PDF", Content_Type="application/pdf")
    server.answers["/drawn"] = lambda h: h.reply(200, "<div></div><script></script>", **HTML)
    assert one(server, "/a.pdf#page=3").state is State.OK
    assert one(server, "/drawn#part").state is State.OK


def test_the_title_of_a_paper_is_compared_by_its_letters(server: Server) -> None:
    server.answers["/abs"] = lambda h: h.reply(200, PAGE.format(""), **HTML)
    assert one(server, "/abs", "Attention is all you need").state is State.OK
    result = one(server, "/abs", "Attention Is Not All You Need")
    assert result.state is State.WRONG_TITLE
    assert "Attention Is All You Need" in result.detail


def test_an_unchanged_page_is_not_read_again(server: Server) -> None:
    def answer(handler: Handler) -> None:
        same = handler.headers.get("If-None-Match") == '"v1"'
        handler.reply(304 if same else 200, "" if same else PAGE.format(""), ETag='"v1"', **HTML)

    server.answers["/a"] = answer
    first = ask(Link(f"{server.url}/a", title="Attention Is All You Need"), LOCAL)
    second = ask(Link(f"{server.url}/a", title="Attention Is All You Need"), LOCAL, etag=first.etag)
    assert (first.etag, second.state, second.etag) == ('"v1"', State.OK, '"v1"')


def test_a_busy_server_is_an_exception_with_its_wish(server: Server) -> None:
    in_a_minute = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    server.answers["/number"] = lambda h: h.reply(429, Retry_After="17")
    server.answers["/date"] = lambda h: h.reply(503, Retry_After=in_a_minute)
    server.answers["/silent"] = lambda h: h.reply(429)
    with pytest.raises(BusyError) as number:
        one(server, "/number")
    with pytest.raises(BusyError) as moment:
        one(server, "/date")
    with pytest.raises(BusyError) as silent:
        one(server, "/silent")
    assert number.value.seconds == 17
    assert 50 < moment.value.seconds <= 60
    assert silent.value.seconds > 0


def test_no_answer_in_time(server: Server) -> None:
    server.answers["/slow"] = lambda h: time.sleep(0.6)
    result = ask(Link(f"{server.url}/slow"), Asking(timeout=0.1, private=True))
    assert (result.state, result.detail) == (State.UNREACHABLE, "no answer within 0.1 s")


def test_answers_that_are_none(server: Server) -> None:
    server.answers["/garbage"] = lambda h: h.wfile.write(b"garbage\r\n\r\n")
    server.answers["/nothing"] = lambda h: None
    for path in ("/garbage", "/nothing"):
        assert one(server, path).state is State.UNREACHABLE


def test_hosts_that_do_not_answer() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    assert ask(Link(f"http://127.0.0.1:{port}/"), LOCAL).detail == "the connection was refused"
    assert ask(Link("http://no-such-host.invalid/"), LOCAL).detail == "there is no such host"


def test_an_https_address_at_a_plain_server_is_not_reached(server: Server) -> None:
    result = ask(Link(server.url.replace("http://", "https://") + "/a"), LOCAL)
    assert result.state is State.UNREACHABLE
    assert "no secure connection" in result.detail


def test_addresses_with_spaces_and_letters_of_all_kinds_are_sent_in_ascii(server: Server) -> None:
    server.answers["/%C3%A9%20b"] = lambda h: h.reply(200)
    server.answers["/a%20b"] = lambda h: h.reply(200)
    assert one(server, "/é b?q=ü").state is State.OK
    assert one(server, "/a%20b").state is State.OK


# Private addresses


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("192.168.0.1", False),
        ("172.16.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False),
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert guard.is_public(address) is public


def test_a_private_address_is_not_asked(server: Server) -> None:
    result = ask(Link(f"{server.url}/a"), Asking())
    assert (result.state, server.asked) == (State.REFUSED, [])
    assert ask(Link("http://localhost:1/"), Asking()).state is State.REFUSED


def test_a_redirect_into_the_private_net_is_not_followed(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "is_public", lambda address: address == "127.0.0.1")
    server.answers["/a"] = lambda h: h.reply(302, Location=f"http://127.0.0.2:{server.server_port}/secret")
    assert ask(Link(f"{server.url}/a"), Asking()).state is State.REFUSED
    assert server.methods("/secret") == []


def test_the_address_that_was_looked_at_is_the_one_that_is_asked(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[str] = []

    def resolve(host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        looked_up.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(guard.socket, "getaddrinfo", resolve)
    server.answers["/a"] = lambda h: h.reply(200)
    asked = []
    real = socket.create_connection
    monkeypatch.setattr(
        guard.socket, "create_connection", lambda pair, *rest: (asked.append(pair), real(pair, *rest))[1]
    )
    assert ask(Link(f"http://site.example:{server.server_port}/a"), LOCAL).state is State.OK
    assert asked == [("127.0.0.1", server.server_port)]
    assert looked_up[0] == "site.example"


# Many links


def checker(tmp_path: Path, **limits: float) -> Checker:
    values = {"interval": 0.0, **limits}
    return Checker(Cache(tmp_path / "links.json"), LOCAL, Limits(**values), today=TODAY)


def test_a_host_is_asked_a_few_times_at_once_and_not_too_often(server: Server, tmp_path: Path) -> None:
    def slowly(handler: Handler) -> None:
        time.sleep(0.03)
        handler.reply(200)

    links = []
    for number in range(12):
        server.answers[f"/{number}"] = slowly
        links.append(Link(f"{server.url}/{number}"))
    assert {result.state for result in checker(tmp_path, per_host=2).check(links)} == {State.OK}
    # The server may still be leaving a question that has been answered when the next one comes.
    assert 2 <= server.most <= 4
    server.answers = {path: lambda h: h.reply(200) for path in server.answers}
    spans = []
    for attempt in range(3):
        server.asked.clear()
        run = checker(tmp_path, interval=0.05)
        run.cache = Cache(tmp_path / f"other{attempt}.json")
        list(run.check(links[:5]))
        times = sorted(moment for _, _, moment in server.asked)
        spans.append(times[-1] - times[0])
    # Five questions at a distance of 0.05 s; on a busy machine the first may arrive late and the next right behind it.
    assert max(spans) > 0.1


def test_a_host_that_asks_for_patience_gets_it_while_others_go_on(server: Server, tmp_path: Path) -> None:
    tries = iter([429, 200])
    server.answers["/busy"] = lambda h: h.reply(next(tries), Retry_After="1")
    server.answers["/next"] = lambda h: h.reply(200)
    other = server.url.replace("127.0.0.1", "localhost")
    links = [Link(f"{server.url}/busy"), Link(f"{server.url}/next"), Link(f"{other}/next")]
    results = {result.url: result for result in checker(tmp_path, per_host=1).check(links)}
    assert {result.state for result in results.values()} == {State.OK}
    moments = {(path, number): moment for number, (_, path, moment) in enumerate(server.asked)}
    busy = [moment for (path, _), moment in moments.items() if path == "/busy"]
    assert busy[1] - busy[0] >= 0.95


def test_a_server_that_stays_busy_is_left_unjudged_and_keeps_its_former_result(server: Server, tmp_path: Path) -> None:
    server.answers["/busy"] = lambda h: h.reply(429, Retry_After="0")
    link = Link(f"{server.url}/busy")
    run = checker(tmp_path)
    run.cache.put(Result(link.url, State.OK, checked="2026-11-01"))
    (result,) = run.check([link])
    assert result.state is State.BUSY
    assert len(server.asked) == 3
    assert run.cache.get(link.url).state is State.OK
    server.answers["/busy"] = lambda h: h.reply(429, Retry_After="9999")
    assert next(iter(run.check([link]))).state is State.BUSY
    assert len(server.asked) == 4


def test_what_was_good_lately_is_not_asked_again(server: Server, tmp_path: Path) -> None:
    server.answers["/a"] = lambda h: h.reply(200)
    links = [Link(f"{server.url}/a"), Link(f"{server.url}/gone")]
    first = checker(tmp_path)
    list(first.check(links))
    first.cache.write()
    server.asked.clear()
    again = checker(tmp_path)
    assert {result.state for result in again.check(links)} == {State.OK, State.BROKEN}
    assert {path for _, path, _ in server.asked} == {"/gone"}
    later = checker(tmp_path)
    later.today = TODAY + timedelta(days=7)
    server.asked.clear()
    list(later.check(links))
    assert server.methods("/a") == ["HEAD"]


def test_a_changed_title_is_asked_for_again(server: Server, tmp_path: Path) -> None:
    server.answers["/abs"] = lambda h: h.reply(200, PAGE.format(""), **HTML)
    run = checker(tmp_path)
    list(run.check([Link(f"{server.url}/abs", title="Attention Is All You Need")]))
    (result,) = run.check([Link(f"{server.url}/abs", title="Something else altogether")])
    assert result.state is State.WRONG_TITLE


def test_the_file_reads_well_and_survives_damage(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "links.json"
    cache = Cache(path)
    cache.put(Result("https://b.org/", State.MOVED, "moved", "https://c.org/", checked="2026-11-24"))
    cache.put(Result("https://a.org/", State.OK, checked="2026-11-24"))
    cache.put(Result("https://z.org/", State.OK, checked="2026-11-24"))
    cache.keep_only(["https://a.org/", "https://b.org/"])
    cache.write()
    lines = path.read_text("utf-8").splitlines()
    assert lines[1].startswith('"https://a.org/": {"state": "ok", "checked": "2026-11-24"}')
    assert len(lines) == 4
    assert Cache(path).get("https://b.org/").location == "https://c.org/"
    for damaged in ("", "{", '{"form": 99}', '{"form": 1, "links": {"u": {"state": "no such"}}}', "[]"):
        path.write_text(damaged, "utf-8")
        assert len(Cache(path)) == 0


def test_ten_thousand_links_in_little_time_and_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = threading.Lock()
    under_way = {"now": 0, "most": 0}

    def quickly(link: Link, asking: Asking, *, etag: str = "") -> Result:
        with lock:
            under_way["now"] += 1
            under_way["most"] = max(under_way["most"], under_way["now"])
        with lock:
            under_way["now"] -= 1
        return Result(link.url, State.OK)

    monkeypatch.setattr(run_module, "ask", quickly)
    links = [Link(f"https://host{number % 2500}.example/{number}") for number in range(10_000)]
    run = checker(tmp_path, workers=16)
    tracemalloc.start()
    start = time.monotonic()
    count = sum(result.state is State.OK for result in run.check(links))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 10_000
    assert under_way["most"] <= 16
    assert time.monotonic() - start < 30
    assert peak < 30_000_000


# Pages, report, command


@pytest.fixture
def site(tmp_path: Path, server: Server) -> Path:
    docs = tmp_path / "docs"
    (docs / "_data").mkdir(parents=True)
    (docs / "index.md").write_text(
        f"# A\n\nSee [one]({server.url}/one) and <{server.url}/gone>.\n\n`[code]({server.url}/code)` "
        f'[in](other.md)\n\n<a href="{server.url}/html">x</a>\n',
        "utf-8",
    )
    (docs / "other.md").write_text(f"# B\n\n[one]({server.url}/one) [mail](mailto:a@b.org)\n", "utf-8")
    (docs / "_data" / "references.bib").write_text(
        "@article{v,\n  title = {Attention Is All You Need},\n  eprint = {1706.03762},\n"
        "  url = {https://arxiv.org/abs/1706.03762},\n}\n",
        "utf-8",
    )
    (tmp_path / "mkdocs.yml").write_text("site_name: x\nexclude_docs: /_data/\n", "utf-8")
    return tmp_path


def test_links_are_collected_once_with_all_their_places(site: Path, server: Server) -> None:
    links = {link.url: link for link in collect(site / "mkdocs.yml")}
    assert set(links) == {f"{server.url}/{name}" for name in ("one", "gone", "html")} | {
        "https://arxiv.org/abs/1706.03762"
    }
    one_link = links[f"{server.url}/one"]
    assert [(Path(place.path).name, place.line) for place in one_link.places] == [("index.md", 3), ("other.md", 3)]
    paper = links["https://arxiv.org/abs/1706.03762"]
    assert paper.title == "Attention Is All You Need"
    assert (Path(paper.places[0].path).name, paper.places[0].line) == ("references.bib", 4)


def test_the_command_reports_and_remembers(site: Path, server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "docs" / "_data" / "references.bib").unlink()
    server.answers["/one"] = lambda h: h.reply(200)
    server.answers["/html"] = lambda h: h.reply(200)
    arguments = ["--online", "--private", "--interval", "0", "--config-file", str(site / "mkdocs.yml")]
    arguments += ["--cache", str(site / "links.json")]
    assert main(arguments) == 1
    out = capsys.readouterr().out
    assert "3 addresses, 1 to look at" in out
    assert "## Broken (1)" in out
    assert f"<{server.url}/gone>" in out
    assert "index.md:3:" in out
    assert json.loads((site / "links.json").read_text("utf-8"))["links"][f"{server.url}/gone"]["state"] == "broken"
    server.answers["/gone"] = lambda h: h.reply(200)
    assert main([*arguments, "--report", str(site / "report.md")]) == 0
    assert "0 to look at" in (site / "report.md").read_text("utf-8")


def test_the_command_asks_nothing_unless_told_to(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--config-file", str(site / "mkdocs.yml")])
    assert main(["--online", "--config-file", str(site / "none.yml")]) == 2


def test_texts_from_the_net_stay_texts_in_the_report() -> None:
    result = Result("https://a.org/", State.WRONG_TITLE, "its title is “@somebody [x](http://evil) `#1`”\n# H")
    link = Link("https://a.org/", tuple(Place("docs/a.md", line, 1) for line in range(1, 9)))
    text = markdown([result], {link.url: link}, TODAY)
    assert r"\@somebody \[x\](http://evil) \`\#1\`" in text
    assert "\n# H" not in text
    assert "and 3 more" in text


def test_a_report_without_faults_is_short() -> None:
    results = [Result("https://a.org/", State.OK), Result("https://b.org/", State.BUSY)]
    text = markdown(results, {}, TODAY)
    assert text.count("\n## ") == 0
    assert "2026-11-24: 2 addresses, 0 to look at." in text
    assert "1 could not be judged" in text


def test_the_program_says_who_it_is() -> None:
    assert "docscheck" in ask_module.AGENT
