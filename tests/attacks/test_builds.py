"""Whole builds over what an attacker sends: nothing gets out, nothing gets in, and the message says what is wrong."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import markdown
import pytest
from archmarkdown.taken_in import TakenInError
from markdown.preprocessors import Preprocessor

from tests.attacks.conftest import SECRET, Site, small_site

PAGE = "---\ntitle: Attack\ndescription: A page.\n---\n\n"


def _refused(site: Site, message: str, *options: str) -> None:
    done = site.build(*options)

    assert done.returncode != 0
    assert message in done.stderr + done.stdout
    assert "Traceback" not in done.stderr + done.stdout
    assert not (site.root / "site" / "index.html").exists()


def test_the_build_refuses_what_takes_another_pages_address(site: Site) -> None:
    site.page(PAGE + "The page that is there.\n")
    site.page(PAGE + "Another.\n", "attack/index.md")

    _refused(site, "attack/index.md: this page and `attack.md` would have one address")


def test_the_small_site_builds(site: Site) -> None:
    site.page(PAGE + "[= 2 + 2 =]\n")
    done = site.build()

    assert done.returncode == 0, done.stderr
    assert "<p>4</p>" in site.published()


@pytest.mark.parametrize(
    ("front", "message"),
    [
        ("title: x</title><script>alert(1)</script>", "`<` in `title`"),
        ('description: 0;url=https://evil.example" http-equiv="refresh', '`"` in `description`'),
        ("title: x &lt;script&gt;alert(1)&lt;/script&gt;", "`&gt;` in `title`"),
        ("title: Attack\ntags: ['<img src=x onerror=alert(1)>']", "`<` in `tags`"),
    ],
)
def test_markup_in_front_matter_is_refused(site: Site, front: str, message: str) -> None:
    site.page(f"---\n{front}\n---\n\nText.\n")

    _refused(site, message)


def test_a_linked_page_is_refused(site: Site) -> None:
    (site.root / "secret.txt").write_text(SECRET)
    (site.root / "docs/attack.md").symlink_to("../secret.txt")

    _refused(site, "this is a link in the file system")


def test_front_matter_that_ends_the_parser_is_refused(site: Site) -> None:
    site.page("---\ntitle: " + "[" * 200_000 + "\n---\n")

    _refused(site, "nested more than 100 levels deep")


def test_front_matter_that_multiplies_is_refused(site: Site) -> None:
    laughs = "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
    site.page(f"---\ntitle: x\na0: &a0 [x, x]\n{laughs}---\n")

    _refused(site, "aliases stand for more than 100000 values")


SNIPPETS = [
    "../mkdocs.yml",
    "../../secret.txt",
    "/etc/passwd",
    "_data/../../../secret.txt",
    "https://evil.example/x.md",
    "file:///etc/passwd",
]


@pytest.fixture(scope="module")
def taking_in(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, subprocess.CompletedProcess[str]]:
    """A site with a page for each of these files, and what a strict build says of it."""
    site = small_site(tmp_path_factory.mktemp("taking-in"))
    (site.root.parent / "secret.txt").write_text(SECRET)
    for number, path in enumerate(SNIPPETS):
        site.page(f'{PAGE}--8<-- "{path}"\n', f"attack-{number}.md")
    return site, site.build("--strict")


@pytest.mark.parametrize("number", range(len(SNIPPETS)), ids=SNIPPETS)
def test_a_snippet_from_elsewhere_is_refused(
    taking_in: tuple[Site, subprocess.CompletedProcess[str]], number: int
) -> None:
    """Each is an error on its line, and a strict build ends with the first."""
    site, done = taking_in

    assert done.returncode != 0
    assert re.search(rf"attack-{number}\.md:6:\d+: error", done.stderr)
    assert "Traceback" not in done.stderr
    assert not (site.root / "site").exists()


def test_a_snippet_from_elsewhere_ends_any_build_with_a_sentence(site: Site) -> None:
    site.page(PAGE + '--8<-- "/etc/passwd"\n')

    _refused(site, "Error reading page 'attack.md': Snippet at path '/etc/passwd' could not be found")


def test_a_snippet_that_multiplies_ends_any_build_with_a_sentence(site: Site) -> None:
    for number in range(40):
        site.page(f'--8<-- "a/{number + 1}.txt"\n\nx\n\n--8<-- "a/{number + 1}.txt"\n', f"a/{number}.txt")
    site.page("x\n", "a/40.txt")
    site.page(PAGE + '--8<-- "a/0.txt"\n')

    _refused(site, "attack.md:6: more than 200 files are taken in, one through another; write the text itself")


def _taking_in(folder: Path, text: str) -> str:
    extensions = ["pymdownx.snippets", "archmarkdown.safe_html"]
    return markdown.markdown(
        text, extensions=extensions, extension_configs={"pymdownx.snippets": {"base_path": folder}}
    )


LINES = "".join(f"Line {number} of a file of some length.\n" for number in range(10_000))
TAKEN_IN = {
    "ranges": (
        f'--8<-- "long.txt:{",".join(["1:9000"] * 4000)}"',
        "page:3: 4000 ranges of lines are taken from one file",
    ),
    "few ranges": ('--8<-- "long.txt:1:9000,1:9000,1:9000,1:9000"', "more than 1 million characters are taken in"),
    "ranges of nothing": ('--8<-- "long.txt:1:1"\n\nx\n\n' * 199, "more than 20 million characters are read"),
    "two files": ('--8<-- "double.txt"\n--8<-- "double.txt"\n', "more than 1 million characters are taken in"),
    "a block of files": ("--8<--\n" + "tiny.txt\n" * 201 + "--8<--\n", "more than 200 files are taken in"),
    "indentation": (" " * 40_000 + '--8<-- "long.txt"', "page:3: a line is indented by more than 100"),
    "indentation in a file": ('--8<-- "indented.txt"', "page:3: line 1 of `indented.txt` is indented by more than 100"),
}


@pytest.mark.parametrize(("text", "message"), TAKEN_IN.values(), ids=TAKEN_IN.keys())
def test_a_page_takes_in_no_more_than_a_page_may_have(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "long.txt").write_text(LINES)
    (tmp_path / "double.txt").write_text('--8<-- "long.txt"\n--8<-- "long.txt"\n')
    (tmp_path / "tiny.txt").write_text("x\n")
    (tmp_path / "indented.txt").write_text(" " * 5000 + '--8<-- "tiny.txt"\n')

    with pytest.raises(TakenInError, match=message):
        _taking_in(tmp_path, "# Title\n\n" + text)


def test_what_pages_take_in_is_taken_in(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text("# --8<-- [start:a]\nx = 1\n# --8<-- [end:a]\n    y = 2\n")
    (tmp_path / "other.txt").write_text('One.\n\n    --8<-- "code.py:4:4"\n')

    shown = _taking_in(tmp_path, '--8<-- "code.py:a"\n\n--8<-- "other.txt"\n' * 20)
    assert shown.count("x = 1") == shown.count("y = 2") == 20


def test_data_that_are_no_yaml_end_any_build_with_a_sentence(site: Site) -> None:
    (site.root / "docs/_data/models/attack.yml").write_text("a: [1\n", "utf-8")
    site.page(PAGE + "[= models_table() =]\n")

    _refused(site, "attack.yml:2:1: not YAML")


@pytest.mark.parametrize(
    "text",
    [
        "[= value('nobody', 'x') =]",
        "[= environment =]",
        "[= config =]",
        "[% include 'index.md' %]",
        "[= ''.__class__ =]",
        "[= glance.__globals__ =]",
    ],
)
def test_what_is_no_macro_stops_the_build(site: Site, text: str) -> None:
    site.page(PAGE + text + "\n")

    done = site.build()

    assert done.returncode != 0
    assert "attack" in done.stderr
    assert "Traceback" not in done.stderr
    assert SECRET not in done.stderr + done.stdout


def test_nothing_of_the_environment_gets_out(site: Site) -> None:
    site.page(
        "---\ntitle: Attack\ndescription: A page.\nsecret: !ENV SECRET\nother: $SECRET ${SECRET} %SECRET%\n---\n\n"
        "$SECRET ${SECRET} {{ SECRET }} {{ environment }} <!--#echo var='SECRET' --> <?php getenv('SECRET') ?>\n"
    )

    site.build()

    assert (site.root / "site/attack/index.html").exists()
    assert SECRET not in site.published()


HTML = [
    "<script>alert(1)</script>",
    "# </title><script>alert(1)</script>",
    '## x {data-toc-label="<script>alert(1)</script>"}',
    "## `<script>` <script>alert(1)</script>",
    '<div id="__config">{}</div>',
    "Text[^1].\n\n[^1]: <script>alert(1)</script>",
    "*[x]: <script>alert(1)</script>\n\nx",
    '!!! note "<script>alert(1)</script>"\n    x',
    '=== "<script>alert(1)</script>"\n    x',
    '``` { .html title="<script>alert(1)</script>" }\nx\n```',
    "$\\href{javascript:alert(1)}{x}$ $\\htmlData{a=b}{x}$ $\\includegraphics{https://evil.example/x.png}$",
    "[@<script>alert(1)</script>]",
    "/// figure | <script>alert(1)</script>\nx\n///",
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with a page for each of these texts."""
    site = small_site(tmp_path_factory.mktemp("hostile"))
    for number, text in enumerate(HTML):
        site.page(f"---\ndescription: A page.\n---\n\n{text}\n", f"attack-{number}.md")
    site.build()
    return site


@pytest.mark.parametrize("number", range(len(HTML)), ids=HTML)
def test_no_script_is_published(hostile: Site, number: int) -> None:
    """The theme's own scripts are those of the page beside it."""
    names = ("index.html", f"attack-{number}/index.html")
    pages = [(hostile.root / "site" / name).read_text("utf-8") for name in names]

    assert pages[1].count("<script") == pages[0].count("<script")
    assert "<script>alert" not in pages[1]
    assert pages[1].count("<img") == pages[0].count("<img")
    assert "javascript:alert" not in pages[1].replace("\\href{javascript:alert", "")


class _Failing(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        raise ZeroDivisionError


def test_a_page_that_would_take_for_ever_is_ended() -> None:
    _convert_for_ever()


def _convert_for_ever() -> None:
    from archmarkdown.safe_html import TooSlowError

    with pytest.raises(TooSlowError, match="page: the page takes more than 1 s to convert"):
        markdown.markdown(
            "".join("[" + "ab"[number % 7 % 2] for number in range(40_000)),
            extensions=["archmarkdown.safe_html"],
            extension_configs={"archmarkdown.safe_html": {"seconds": 1}},
        )


def test_a_page_that_ended_early_is_not_ended_later() -> None:
    """An error leaves the watch of a page running: what runs when it rings, such as a server, is not its page."""
    import time

    converter = markdown.Markdown(
        extensions=["archmarkdown.safe_html"], extension_configs={"archmarkdown.safe_html": {"seconds": 1}}
    )
    converter.preprocessors.register(_Failing(converter), "failing", 1)
    with pytest.raises(ZeroDivisionError):
        converter.convert("x")

    ends = time.monotonic() + 1.2
    while time.monotonic() < ends:
        time.sleep(0.05)


def test_a_page_is_watched_after_one_that_ended_early() -> None:
    failing = markdown.Markdown(
        extensions=["archmarkdown.safe_html"], extension_configs={"archmarkdown.safe_html": {"seconds": 30}}
    )
    failing.preprocessors.register(_Failing(failing), "failing", 1)
    with pytest.raises(ZeroDivisionError):
        failing.convert("x")

    _convert_for_ever()


def test_templates_are_the_themes_own(site: Site) -> None:
    (site.root / "secret.txt").write_text(SECRET)
    site.page(PAGE.replace("title", "template: ../../secret.txt\ntitle", 1) + "x\n")

    done = site.build()

    assert done.returncode != 0
    assert "secret.txt" in done.stderr
    assert SECRET not in done.stderr + done.stdout


def test_a_build_starts_no_connection(site: Site, tmp_path: Path) -> None:
    """A hook of Python's own that fails at the first connection, in the process that builds."""
    guard = tmp_path / "guard"
    guard.mkdir()
    (guard / "sitecustomize.py").write_text(
        "import sys\n"
        "def look(event, arguments):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo', 'subprocess.Popen', 'os.system', 'os.exec'):\n"
        "        if event != 'subprocess.Popen' or 'git' not in str(arguments[0]):\n"
        "            sys.stderr.write(f'NOT ALLOWED {event} {arguments}')\n"
        "            raise SystemExit(99)\n"
        "sys.addaudithook(look)\n"
    )
    site.page(PAGE + "![x](https://evil.example/x.png)\n\n<https://evil.example>\n\n[x](http://127.0.0.1:1/)\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(guard))
        done = site.build()

    assert "NOT ALLOWED" not in done.stderr
    assert done.returncode == 0, done.stderr
