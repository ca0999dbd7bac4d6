"""Addresses that were published stay; the same commit gives the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from archpublish import addresses, moment
from archpublish.__main__ import main as archpublish

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for path in ("index.html", "a/index.html", "a/old.html", "data/x.json", "a/x.json", "404.html", "assets/y.json"):
        (tmp_path / "site" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "site" / path).write_text("x")
    (tmp_path / "docs/_data").mkdir(parents=True)
    (tmp_path / "before/docs/_data").mkdir(parents=True)
    return tmp_path


def test_pages_and_data_are_recorded(site: Path) -> None:
    addresses.record(site / "docs", addresses.new(site / "site", site / "docs"))

    assert addresses.recorded(site / "docs") == ["", "a/", "a/old.html", "data/x.json"]
    assert addresses.new(site / "site", site / "docs") == []
    assert addresses.vanished(site / "site", site / "docs") == []


def test_a_promise_cannot_be_taken_back(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stranger removes a page together with the line that promised it."""
    (site / "mkdocs.yml").write_text("site_name: x\n")
    addresses.record(site / "before/docs", addresses.of(site / "site"))
    monkeypatch.chdir(site)
    asked = ["addresses", "site", "--promised-by", "before/docs"]

    assert archpublish(asked) == 0
    (site / "site/a/index.html").unlink()
    with pytest.raises(SystemExit, match="breaks links"):
        archpublish(asked)
    assert "gone: /a/\n1 promised addresses gone\n" in capsys.readouterr().out


def test_what_vanishes_is_told(site: Path) -> None:
    addresses.record(site / "docs", addresses.of(site / "site"))
    (site / "site/a/index.html").unlink()
    (site / "site/data/x.json").unlink()

    assert addresses.vanished(site / "site", site / "docs") == ["a/", "data/x.json"]


def test_a_record_is_only_added_to(site: Path) -> None:
    addresses.record(site / "docs", ["gone/", "a/"])
    addresses.record(site / "docs", ["b/"])

    assert addresses.recorded(site / "docs") == ["a/", "b/", "gone/"]


def test_this_site_has_its_record() -> None:
    recorded = addresses.recorded(ROOT / "docs")

    assert len(recorded) > 200
    assert {"", "architectures/recurrent/retnet/", "architectures/classes/transformers/", "feed.xml"} <= {*recorded}


def test_a_commit_has_its_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(moment.VARIABLE, raising=False)
    moment.set_to_commit(tmp_path)
    assert moment.VARIABLE not in os.environ

    monkeypatch.setenv("GIT_AUTHOR_NAME", "x")
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    environment = {**os.environ, "GIT_COMMITTER_DATE": "2026-11-01T12:00:00Z"}
    command = ["git", *identity, "commit", "-q", "--allow-empty", "-m", "x"]
    subprocess.run(command, cwd=tmp_path, check=True, env=environment)
    monkeypatch.setenv(moment.VARIABLE, "")
    monkeypatch.delenv(moment.VARIABLE)
    moment.set_to_commit(tmp_path)
    assert os.environ.pop(moment.VARIABLE) == "1793534400"


def test_a_moment_that_is_given_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(moment.VARIABLE, "1")
    moment.set_to_commit(ROOT)

    assert os.environ[moment.VARIABLE] == "1"


def _bytes(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.slow
def test_the_same_commit_gives_the_same_bytes(built_site: Path, tmp_path: Path) -> None:
    """Elsewhere, with another order of sets, in another time zone and language, and without anything kept."""
    more = {
        "PYTHONHASHSEED": "7",
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "MKDOCS_NO_CACHE": "1",
        "HOME": "/nowhere",
    }
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "SITE_URL": "http://127.0.0.1:8000/", **more}
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "--site-dir", str(tmp_path / "elsewhere/site")]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    one, other = _bytes(built_site), _bytes(tmp_path / "elsewhere/site")

    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
